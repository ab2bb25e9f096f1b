"""Authorship: who has had a hand in what a change brings.

Whoever submitted bytes contributed to them, and so did everybody who
contributed to what they were made from, in any environment, back to what is
live in the target.  Otherwise an author could have somebody else promote their
text and then vote for it.
"""

from collections.abc import Iterable

from registry.changes import Edit
from registry.names import Digest, Ref
from registry.state import State


def contributors(state: State, edits: Iterable[Edit]) -> set[str]:
    """Everybody who contributed to the incoming texts of *edits*."""
    people: set[str] = set()
    for edit in edits:
        stop = edit.base.digest if edit.base else None
        if edit.digest is not None:
            people |= _lineage(state, edit.document, edit.digest, stop)
    return people


def _lineage(
    state: State, document: Ref, digest: Digest, stop: Digest | None
) -> set[str]:
    people: set[str] = set()
    seen = {stop}
    waiting: list[Digest | None] = [digest]
    while waiting:
        current = waiting.pop()
        if current is None or current in seen:
            continue
        seen.add(current)
        for origin in state.origins.get((document, current)) or ():
            people.add(origin.by)
            waiting.append(origin.base)
    return people
