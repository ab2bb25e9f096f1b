"""Announcements: which notices an event gives rise to, and for whom.

    submitted, revised      whoever could meet a requirement of the change
    commented               its contributors, and whoever has voted on it
    agreed to               operators; its contributors
    agreed to on a condition
                            whoever answers for the condition
    a condition is met      whoever asked for it, contributors
    asked for changes, vetoed, a veto cleared, rejected
                            its contributors, and owners of what it touches
    withdrawn               whoever has voted on it
    activated, rolled back, in an emergency
                            contributors, and owners of what reads differently
    policy-activated        contributors, and every seat
    made stale by what went live
                            its author, whoever revised it last, whoever has voted on it
    stopped, resumed        the bot's owner, operators, contributors
    recalled                operators, and owners of what is live with it
    ratified, repudiated    whoever made it live, its contributors, operators
    person-proposed         administrators
    person-set              that person
    epoch-raised            everybody

An owner is told if the owner's name is somebody's handle.  A stop, a rollback, an
emergency, a recall, a veto and a restored backup are urgent.

Nothing here reads a clock, a file or a database.
"""

from collections.abc import Callable, Iterable
from typing import Any

from registry.announcements import agreement, effects
from registry.announcements.happenings import Happened
from registry.announcements.staleness import went_stale
from registry.events import Event
from registry.notices import Notice
from registry.payloads import (
    Activated,
    EpochRaised,
    Judged,
    Payload,
    PersonProposed,
    PersonSet,
    PolicyActivated,
    Recalled,
    Resumed,
    Stopped,
)
from registry.review_payloads import (
    CheckAttached,
    CheckWaived,
    Closed,
    Commented,
    ConditionMet,
    Revised,
    Submitted,
    VetoCleared,
    Voted,
)
from registry.state import State

_TELL: dict[type[Payload], Callable[[Happened, Any], Iterable[Notice]]] = {
    Submitted: agreement.submitted,
    Revised: agreement.submitted,
    Commented: agreement.commented,
    Voted: agreement.voted,
    VetoCleared: agreement.veto_cleared,
    Closed: agreement.closed,
    Activated: effects.activated,
    PolicyActivated: effects.policy_activated,
    Stopped: effects.stopped,
    Resumed: effects.resumed,
    Recalled: effects.recalled,
    PersonSet: effects.person_set,
    PersonProposed: effects.person_proposed,
    Judged: effects.judged,
    ConditionMet: agreement.condition_met,
    CheckAttached: agreement.completed,
    CheckWaived: agreement.completed,
    EpochRaised: effects.epoch_raised,
}


def announce(before: State, after: State, event: Event) -> tuple[Notice, ...]:
    """What to tell of *event*, which leads from *before* to *after*."""
    tell = _TELL.get(type(event.payload))
    happened = Happened(before=before, after=after, event=event)
    if tell is None:
        return ()
    told = tuple(tell(happened, event.payload))
    if isinstance(event.payload, Activated | PolicyActivated | Resumed):
        return (*told, *went_stale(happened))
    return told
