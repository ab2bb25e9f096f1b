"""What keeps a change back that everybody agrees to, each in a few words.

What stands in a list, or waits for an operator, promises no more than an activation
would take.  It is looked at in the order of the steps of `registry.activations`, and
nothing is composed for it:

 * a policy cools down;
 * a freeze window is open, at the moment at which the change can go live first;
 * a required check has not passed, and nobody does without it;
 * something in it was recalled, or a version of it names other bytes by now: only
   a revision helps;
 * something in it is overdue for review, where the policy blocks that.

Nothing here reads a clock.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from registry.changes import Change, ChangeType, Status
from registry.documents import Document
from registry.effects import Documents
from registry.freezes import thaws_at
from registry.names import name_of
from registry.required_checks import CheckStanding
from registry.state import State
from registry.times import said
from registry.timing import frozen_by, in_force_from
from registry.upkeep import lapsed

AGREED = frozenset({Status.APPROVED, Status.SCHEDULED})

CheckedBy = Callable[[Change], Iterable[CheckStanding]]
"""Where each required check of a change stands."""


def held_back(
    state: State,
    change: Change,
    documents: Documents,
    checked_by: CheckedBy,
    now: datetime,
) -> tuple[str, ...]:
    """What *change* waits for, of which everybody agrees that it goes live."""
    first = max(now, change.revision.earliest or now)
    return (
        *_time(state, change, now, first),
        *(f"the check {one.name}" for one in checked_by(change) if not one.met),
        *(f"a revision: {flaw}" for flaw in flaws(state, change)),
        *_reviews(state, change, documents, now),
    )


def flaws(state: State, change: Change) -> tuple[str, ...]:
    """What cannot go live any more as it was proposed."""
    return tuple(_flaws(state, change))


def _time(
    state: State, change: Change, now: datetime, first: datetime
) -> Iterator[str]:
    start = in_force_from(state, change, now)
    if start is not None and now < start:
        yield f"its cool-down to end, {said(start)}"
    found = frozen_by(state, change, first)
    if found:
        freezes = state.environments[change.environment].policy.freezes
        names = (name_of(one.document) for one in change.revision.effect)
        thaws = thaws_at(freezes, tuple(names), first)
        end = f" to end, {said(thaws)}" if thaws else ", which does not end"
        yield f"the freeze {', '.join(one.freeze.name for one in found)}{end}"


def _flaws(state: State, change: Change) -> Iterator[str]:
    after = {one.document: one.after for one in change.revision.effect}
    for edit in change.revision.edits:
        if edit.digest is None:
            continue
        if not {edit.digest, after.get(edit.document)}.isdisjoint(state.recalled):
            yield f"{edit.document} was recalled"
        claimed = state.claims.get((edit.document, edit.version or ""))
        if claimed not in {None, edit.digest}:
            yield f"{edit.document} {edit.version} is another text by now"


def _reviews(
    state: State, change: Change, documents: Documents, now: datetime
) -> Iterator[str]:
    if change.type is ChangeType.ROLLBACK:
        return
    environment = state.environments[change.environment]
    edited: list[Document | None] = [
        documents[edit.digest] for edit in change.revision.edits if edit.digest
    ]
    for told in lapsed(state, environment, edited, now, blocking=True):
        yield f"a review: {told}"
