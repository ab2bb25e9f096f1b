"""Schedules: when a change is to go live by itself.

The rules:

 * The moment is part of the review digest, so that moving it asks everybody again.
 * It is neither over nor after the change has expired when it is proposed.
 * Before it nobody makes the change live, neither the registry nor a person.
 * From then on the registry tries, until the policy's `late_minutes` are over.  What
   could not go live until then is suspended: it never goes live by itself again.
   Somebody can still activate it by hand, or its author revises it or, where it cannot
   be revised, makes it again.

Nothing here reads a clock.
"""

from datetime import UTC, datetime, timedelta

from registry.changes import Change, Revision, made_current
from registry.errors import Invalid, NotAllowed, TooEarly
from registry.policies import Policy
from registry.times import said


def check_earliest(
    earliest: datetime | None, *, now: datetime, expires: datetime
) -> datetime | None:
    """Return *earliest*, in UTC.

    Raises:
        Invalid: It is over, or the change will have expired.
    """
    if earliest is None:
        return None
    if earliest.tzinfo is None:
        raise Invalid(
            "a schedule needs a time zone",
            hint="Write the moment as 2026-12-01T08:00:00+01:00, or with Z for UTC.",
        )
    if earliest <= now:
        raise Invalid(
            f"{said(earliest)} is over",
            hint="Name a moment that is still to come, or none to activate by hand.",
        )
    if earliest >= expires:
        raise Invalid(
            f"the change will have expired by {said(earliest)}",
            hint=f"Changes here are open until {said(expires)} at the latest.",
        )
    return earliest.astimezone(UTC)


def late_from(policy: Policy, revision: Revision) -> datetime | None:
    """From then on it does not go live by itself; `None` without a schedule."""
    if revision.earliest is None:
        return None
    return revision.earliest + timedelta(minutes=policy.late_minutes)


def is_late(policy: Policy, revision: Revision, now: datetime) -> bool:
    late = late_from(policy, revision)
    return late is not None and now >= late


def refuse_early(change: int, revision: Revision, now: datetime) -> None:
    """Raises:
    TooEarly: It was agreed that it goes live later.
    """
    if revision.earliest is not None and now < revision.earliest:
        raise TooEarly(
            f"change {change} goes live at {said(revision.earliest)}, and not before",
            hint="Wait until then; only a new revision, and new votes, make it "
            "earlier.",
        )


def refuse_unscheduled(change: Change, policy: Policy, now: datetime) -> None:
    """Raises:
    NotAllowed: It has no schedule, or could not be kept to it.
    """
    revision = change.revision
    if revision.earliest is None:
        raise NotAllowed(
            f"change {change.id} has no schedule", hint="An operator can activate it."
        )
    if is_late(policy, revision, now):
        raise NotAllowed(
            f"change {change.id} could not go live at {said(revision.earliest)} "
            f"nor in the {policy.late_minutes} minutes after it",
            hint="An operator can activate it, or its author can "
            f"{made_current(change.type)}.",
        )
