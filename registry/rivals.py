"""Rivals: open changes that edit the same document.

What goes live first makes the others stale (`registry.staleness`): it is known to
whoever begins to write, and to whoever promotes, and not only to who comes second.
What is stale already, or has expired, goes live no more and is nobody's rival.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.names import Ref
from registry.staleness import stale_because
from registry.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """An open change that could go live.

    Attributes:
        documents: Those that both edit.
    """

    change: int
    title: str
    author: str
    documents: tuple[Ref, ...]


def rivals(
    state: State,
    environment: str,
    documents: Container[Ref],
    now: datetime,
    *,
    revises: int | None = None,
) -> tuple[Rival, ...]:
    """Which open changes edit some of *documents* of an environment, by number.

    Args:
        revises: The change that is written anew, which is not its own rival.
    """
    found = _rivals(state, environment, documents, now)
    return tuple(one for one in found if one.change != revises)


def _rivals(
    state: State, environment: str, documents: Container[Ref], now: datetime
) -> Iterator[Rival]:
    for number in sorted(state.open_changes):
        change = state.changes[number]
        edits = (edit.document for edit in change.revision.edits)
        both = tuple(one for one in edits if one in documents)
        if change.environment != environment or not both:
            continue
        if now < change.revision.expires and stale_because(state, change) is None:
            yield Rival(
                change=number,
                title=change.revision.title,
                author=change.author,
                documents=both,
            )
