"""Timing: what only time keeps back, and when a decision is late.

* A policy comes into force after its cool-down: so many hours after it was agreed to,
  which is when the last approval that it needed was given, and the last objection
  taken away.  The policy in force says how many: one that lowers them waits the old
  ones.
* What a freeze window is about does not go live while it is open
  (`registry.freezes`).
* A decision is late so many hours after the revision was made, as the policy says
  for the strictest tier of the effect.  Nothing comes of it but a reminder.
"""

from datetime import datetime, timedelta

from registry.changes import Change, ChangeType
from registry.documents import Tier
from registry.errors import Frozen, TooEarly
from registry.freezes import OpenWindow, open_windows, thaws_at
from registry.names import name_of
from registry.policies import policy_subject
from registry.standing import agreed_since, is_agreed, requirements
from registry.state import State
from registry.times import said

_STRICTNESS = (Tier.LOW, Tier.MEDIUM, Tier.HIGH)


def in_force_from(state: State, change: Change, now: datetime) -> datetime | None:
    """When a policy can come into force.

    `None` for other changes, and for one that is not agreed to.
    """
    if change.type is not ChangeType.POLICY:
        return None
    since = agreed_since(state, change, now)
    policy = state.environments[change.environment].policy
    return since and since + timedelta(hours=policy.policy_hours)


def refuse_cooling_down(state: State, change: Change, now: datetime) -> None:
    """Raises:
    TooEarly: It is a policy, and was agreed to a short time ago.
    """
    start = in_force_from(state, change, now)
    if start is not None and now < start:
        raise TooEarly(
            f"change {change.id} is agreed to, and can come into force at "
            f"{said(start)}",
            hint="Until then people can still object; the policy in force says how "
            "long that takes.",
        )


def frozen_by(state: State, change: Change, now: datetime) -> tuple[OpenWindow, ...]:
    """The freeze windows that are open over *change*."""
    if change.type in {ChangeType.POLICY, ChangeType.ROLLBACK}:
        return ()
    policy = state.environments[change.environment].policy
    return open_windows(policy.freezes, _names(change), now)


def refuse_frozen(state: State, change: Change, now: datetime) -> None:
    """Raises:
    Frozen: A freeze window is open over something that it touches.
    """
    found = frozen_by(state, change, now)
    if found:
        told = "; ".join(_told(window) for window in found)
        freezes = state.environments[change.environment].policy.freezes
        thaws = thaws_at(freezes, _names(change), now)
        until = f"at {said(thaws)}" if thaws else "under another policy"
        raise Frozen(
            f"change {change.id} is frozen: {told}",
            hint=f"It can go live {until}; a stop, a rollback and an emergency go "
            "through.",
        )


def decide_by(state: State, change: Change) -> datetime | None:
    """From when on a decision on the current revision is late; `None` for never."""
    hours = {
        one.tier: one.hours
        for one in state.environments[change.environment].policy.decisions
    }
    strictest = strictest_tier(change)
    if strictest not in hours:
        return None
    return change.revision.at + timedelta(hours=hours[strictest])


def strictest_tier(change: Change) -> Tier:
    """Of everything that it affects; what affects nothing counts as high."""
    return max(tiers_of(change), key=_STRICTNESS.index, default=Tier.HIGH)


def late_since(state: State, change: Change, now: datetime) -> datetime | None:
    """Since when people are late with their decision; `None` if they are not."""
    late = decide_by(state, change)
    if late is None or now < late or change.outcome is not None:
        return None
    if now >= change.revision.expires:
        return None
    return None if is_agreed(change, requirements(state, change, now)) else late


def _told(window: OpenWindow) -> str:
    names = window.names
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return (
        f"{window.freeze.name}, until {said(window.until)}, for "
        f"{', '.join(names[:3])}{more}"
    )


def _names(change: Change) -> tuple[str, ...]:
    return tuple(name_of(affected.document) for affected in change.revision.effect)


def tiers_of(change: Change) -> set[Tier]:
    if change.type is ChangeType.POLICY:
        return {policy_subject(change.environment).tier}
    return {affected.tier for affected in change.revision.effect}
