"""Lists of changes: those that fit what is asked for, newest first."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from registry.api.views.changes import ChangeSummary, summary
from registry.changes import Change, Status
from registry.open_changes import HeldBy
from registry.state import State

StatusAsked = Status | Literal["open"]
"""A status, or `open` for whatever can still be activated."""

_OPEN = {
    Status.WAITING,
    Status.SCHEDULED,
    Status.APPROVED,
    Status.STALE,
    Status.SUSPENDED,
}


def newest_first(
    state: State,
    now: datetime,
    *,
    environment: str | None,
    status: StatusAsked | None,
    author: str | None,
    text: str | None,
    before: int | None,
    held_by: HeldBy,
) -> Iterator[ChangeSummary]:
    """The changes that fit everything that is given, with ids below *before*."""
    for number in _candidates(state, status, before):
        change = state.changes[number]
        if environment not in {None, change.environment}:
            continue
        if author not in {None, change.author} or not _says(change, text):
            continue
        found = summary(state, change, held_by, now)
        if status is None or _fits(found.status, status):
            yield found


def _candidates(
    state: State, status: StatusAsked | None, before: int | None
) -> Iterator[int]:
    """Only open changes where only those can fit: they are few."""
    below = len(state.changes) + 1 if before is None else before
    ended = {Status.ACTIVATED, Status.REJECTED, Status.WITHDRAWN}
    if status is None or status in ended:
        yield from range(min(below - 1, len(state.changes)), 0, -1)
    else:
        yield from sorted((n for n in state.open_changes if n < below), reverse=True)


def _says(change: Change, text: str | None) -> bool:
    """Whether the title or a document's name has each of the words."""
    if text is None:
        return True
    revision = change.revision
    names = " ".join(edit.document for edit in revision.edits)
    told = f"{revision.title} {names}".casefold()
    return all(word in told for word in text.casefold().split())


def _fits(found: Status, asked: StatusAsked) -> bool:
    return found in _OPEN if asked == "open" else found is asked
