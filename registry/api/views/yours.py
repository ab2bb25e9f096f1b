"""What whoever asks could do about a change, and why they cannot vote on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from registry.agreeing import takes_reason, why_sign_in_again
from registry.changes import Change, Verdict
from registry.decisions import Situation
from registry.effects import Documents
from registry.people import SESSION, Identity, recognise
from registry.powers import Power, powers
from registry.reviews import why_not_as
from registry.staleness import stale_because
from registry.state import State
from registry.timing import tiers_of
from registry.votes import blocks
from registry.ways_on import way_on


@dataclass(frozen=True, slots=True, kw_only=True)
class You:
    """What whoever asks could do.

    Attributes:
        may_vote: The seats in which they could agree; none while the change is stale.
        why_not: Why there is none; `None` if there is one.
        could: What else they could do, and in which seats.
        sign_in_again: Why approving takes a new sign-in, in a sentence; `None` if
            it takes none.
        reason_needed: Whether approving takes a reason.
    """

    may_vote: tuple[str, ...]
    why_not: str | None
    could: tuple[Power, ...]
    sign_in_again: str | None
    reason_needed: bool


def you(
    state: State, change: Change, now: datetime, asking: Identity, documents: Documents
) -> You:
    """Args:
    asking: Who asks, and how they have signed in.
    documents: Every text there has been.
    """
    actor = recognise(asking, state.people)
    situation = Situation(state=state, actor=actor, now=now, documents=documents)
    seats = _in_order(change, state.person(asking.handle).seats)
    kept = {seat: why_not_as(situation, change, seat) for seat in seats}
    voting = tuple(seat for seat, why in kept.items() if why is None)
    why_not = _why_not(situation, change, asking, seats)
    if why_not is None and not voting:
        why_not = _sentences(kept.values())
    policy, tiers = state.environments[change.environment].policy, tiers_of(change)
    again = why_sign_in_again(policy, tiers, asking.signed_in_at, now)
    return You(
        may_vote=() if why_not else voting,
        why_not=why_not,
        could=powers(situation, change),
        sign_in_again=None if why_not else again,
        reason_needed=not why_not and takes_reason(policy, tiers),
    )


def _in_order(change: Change, seats: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are asked first."""
    asked = [r.seat for r in change.revision.requirements if r.seat in seats]
    return tuple(seat for seat in dict.fromkeys([*asked, *seats]) if seat)


def _sentences(told: Iterable[str | None]) -> str:
    return " ".join(f"{why[:1].upper()}{why[1:]}" for why in told if why)


def _why_not(
    situation: Situation, change: Change, asking: Identity, seats: tuple[str, ...]
) -> str | None:
    """What keeps whoever asks from voting, in whatever seat of theirs."""
    if change.outcome is not None:
        return f"It was {change.outcome} already."
    if situation.now >= change.revision.expires:
        return "It has expired."
    stale = stale_because(situation.state, change)
    if stale is not None:
        return f"It is stale: {stale}. {way_on(change).said}"
    if asking.via != SESSION:
        return "A token cannot vote."
    if asking.handle in change.contributors:
        return _contributed(change, asking.handle)
    if not seats:
        return "You hold no seat."
    return None


def _contributed(change: Change, handle: str) -> str:
    told = "You have contributed to it."
    for vote in blocks(change):
        if (vote.by, vote.verdict) == (handle, Verdict.ASK):
            command = f"placet vote {change.id} --retract --seat {vote.seat}"
            return f"{told} You can take back what you asked for: `{command}`."
    return told
