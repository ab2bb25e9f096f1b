"""What keeps a change back that everybody agrees to, each in a few words.

What stands in a list, or waits for an operator, promises no more than an activation
would take.  It is looked at in the order of the steps of `registry.activations`:

 * a policy cools down;
 * a freeze window is open, at the moment at which the change can go live first;
 * a required check has not passed, and nobody does without it;
 * something that would go live, or that this begins to use, was recalled, or a
   version of it stands for another text by now: only a revision helps, or another
   change where there is none;
 * something in it is overdue for review, where the policy blocks that.

Lists are long, so that nothing is composed for it.  What only composing tells (step 7,
and what step 8 finds in texts that were not bound and read differently since) is told
by the activation itself.  Nothing here reads a clock.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from registry.changes import Change, ChangeType, Status, revisable
from registry.documents import Document
from registry.effects import Documents
from registry.freezes import thaws_at
from registry.names import name_of
from registry.recalled_content import contents_of, recalled
from registry.required_checks import CheckStanding
from registry.state import State
from registry.times import said
from registry.timing import frozen_by, in_force_from
from registry.upkeep import lapsed_reviews

AGREED = frozenset({Status.APPROVED, Status.SCHEDULED})

_CHECK = "the check "

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
        *(f"{_CHECK}{one.name}" for one in checked_by(change) if not one.met),
        *(f"{_other(change)}: {flaw}" for flaw in flaws(state, change, documents)),
        *_reviews(state, change, documents, now),
    )


def checks_among(held: Iterable[str]) -> tuple[str, ...]:
    """The names of the checks among what keeps a change back."""
    return tuple(one.removeprefix(_CHECK) for one in held if one.startswith(_CHECK))


def flaws(state: State, change: Change, documents: Documents) -> tuple[str, ...]:
    """What cannot go live any more as it was proposed, in a change that is current."""
    return (*_recalled(state, change, documents), *_claimed(state, change))


def _other(change: Change) -> str:
    return "a revision" if revisable(change.type) else "another change"


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


def _recalled(state: State, change: Change, documents: Documents) -> Iterator[str]:
    if not state.recalled:
        return
    environment = state.environments[change.environment]
    contents = contents_of(environment, change, documents)
    for sentence in recalled(state, contents):
        yield sentence.rstrip(".")


def _claimed(state: State, change: Change) -> Iterator[str]:
    for edit in change.revision.edits:
        claimed = state.claims.get((edit.document, edit.version or ""))
        if edit.digest is not None and claimed not in {None, edit.digest}:
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
    for told in lapsed_reviews(state, environment, edited, now, blocking=True):
        yield f"a review: {told}"
