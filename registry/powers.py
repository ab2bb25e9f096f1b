"""Powers: what somebody could do about a change, told before they try.

* It tells what belongs to them, in which seats, and whose veto, whose condition or
  which check it is about.  Voting is not among it: that is told with its reason.
* But of a change that is stale: nobody agrees to that, and one can still object to it.
* It tells nothing about whether the time has come: what a change waits for stands
  beside it.
* It lets nobody do anything: whoever tries is held to the rules of that act again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.activations import could_activate
from registry.authorization import Action, holds, may
from registry.changes import Change, Verdict, revisable
from registry.conditional_votes import ConditionStatus, conditions_of
from registry.decisions import Situation
from registry.emergencies import emergency_seats
from registry.names import Ref
from registry.people import SESSION
from registry.required_checks import check_standings, may_waive, required
from registry.resources import of_change, of_documents, of_effect
from registry.reviews import of_written, why_not_as
from registry.seats import has_cooled
from registry.staleness import stale_because
from registry.vetoes import clearing_seats
from registry.votes import counting_votes


class Act(StrEnum):
    ASK = "ask-for-changes"
    VETO = "veto"
    COMMENT = "comment"
    RETRACT = "retract"
    REJECT = "reject"
    CLEAR_VETO = "clear-veto"
    WAIVE = "waive"
    MEET_CONDITION = "meet-condition"
    ACTIVATE = "activate"
    EMERGENCY = "activate-in-emergency"
    REVISE = "revise"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One thing that somebody could do.

    Attributes:
        about: Whose veto or condition it is, or which check; else `None`.
        seats: In which of theirs; empty where it takes none.
    """

    act: Act
    about: str | None
    seats: tuple[str, ...]


def powers(situation: Situation, change: Change) -> tuple[Power, ...]:
    """What the actor could do about *change*, beside voting."""
    return tuple(_powers(situation, change))


def _powers(situation: Situation, change: Change) -> Iterator[Power]:
    actor, now = situation.actor, situation.now
    if may(actor, Action.COMMENT, of_change(change)):
        yield _power(Act.COMMENT)
    if may(actor, Action.MEET_CONDITION, of_change(change)):
        yield from _conditions(change, actor.handle, now)
    if change.outcome is not None or now >= change.revision.expires:
        return
    if actor.via == SESSION:
        yield from _in_seats(situation, change)
    if could_activate(situation.state, change, actor, now):
        yield _power(Act.ACTIVATE)
    if revisable(change.type) and may(actor, Action.REVISE, of_change(change)):
        yield _power(Act.REVISE)
    if may(actor, Action.WITHDRAW, of_written(actor, change)):
        yield _power(Act.WITHDRAW)


def _conditions(change: Change, handle: str, now: datetime) -> Iterator[Power]:
    for one in conditions_of(change, now):
        if one.status is not ConditionStatus.MET and handle in {one.owner, one.voter}:
            yield _power(Act.MEET_CONDITION, about=one.voter)


def _in_seats(situation: Situation, change: Change) -> Iterator[Power]:
    yield from _votes(situation, change)
    yield from _vetoes(situation, change)
    yield from _waivers(situation, change)
    emergency = emergency_seats(situation, change)
    if emergency:
        yield _power(Act.EMERGENCY, seats=emergency)


def _votes(situation: Situation, change: Change) -> Iterator[Power]:
    state, actor = situation.state, situation.actor
    given = [v for v in counting_votes(change) if v.by == actor.handle]
    if given and given[-1].verdict in {Verdict.APPROVE, Verdict.ASK}:
        yield _power(Act.RETRACT, seats=(given[-1].seat,))
    policy = state.environments[change.environment].policy
    if actor.handle in change.contributors:
        return
    if not may(actor, Action.VOTE, of_effect(change)):
        return
    if stale_because(state, change) is not None:
        yield from _objections(situation, change)
    rejecting = tuple(
        seat
        for seat in policy.rejecters
        if holds(actor, seat, of_change(change))
        and has_cooled(state, actor.handle, seat, change.environment, situation.now)
    )
    if rejecting:
        yield _power(Act.REJECT, seats=rejecting)


def _objections(situation: Situation, change: Change) -> Iterator[Power]:
    """Beside a veto of one's own, all but ending the change is refused."""
    handle = situation.actor.handle
    seats = tuple(
        seat
        for seat in situation.actor.seats
        if why_not_as(situation, change, seat) is None
    )
    if seats and all(veto.by != handle for veto in change.vetoes):
        yield _power(Act.ASK, seats=seats)
        yield _power(Act.VETO, seats=seats)


def _vetoes(situation: Situation, change: Change) -> Iterator[Power]:
    handle = situation.actor.handle
    if not may(situation.actor, Action.CLEAR_VETO, of_change(change)):
        return
    state, where, now = situation.state, change.environment, situation.now
    clearing = tuple(
        seat
        for seat in clearing_seats(state, change, handle)
        if has_cooled(state, handle, seat, where, now)
    )
    for veto in change.vetoes:
        if veto.by == handle or clearing:
            seats = () if veto.by == handle else clearing
            yield _power(Act.CLEAR_VETO, about=veto.by, seats=seats)


def _waivers(situation: Situation, change: Change) -> Iterator[Power]:
    state, now, actor = situation.state, situation.now, situation.actor
    asked = required(state, change, situation.documents)
    if not any(set(one.check.waived_by) & set(actor.seats) for one in asked):
        return
    standings = check_standings(state, change, situation.documents, now)
    for one, standing in zip(asked, standings, strict=True):
        seats = tuple(
            seat
            for seat in one.check.waived_by
            if may_waive(state, change, one, actor.handle, seat, now)
        )
        about = of_documents(change.environment, map(Ref, one.because))
        if seats and not standing.met and may(actor, Action.WAIVE, about):
            yield _power(Act.WAIVE, about=one.check.name, seats=seats)


def _power(act: Act, *, about: str | None = None, seats: tuple[str, ...] = ()) -> Power:
    return Power(act=act, about=about, seats=seats)
