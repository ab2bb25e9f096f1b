"""Conditional votes: an approval that still asks something of somebody.

The rules:

 * Only an approval has a condition: what is to be done, who answers for it, and by
   when.  That person is known here and active; the day is to come, within a year.
 * A condition belongs to the vote.  Voting again, or retracting, replaces it or takes
   it away; and as a new revision starts the voting again, it starts this again, too.
 * It holds nothing back.  It stays when the change goes live; of a change that was
   rejected, withdrawn or has expired nothing is left to do.
 * Whoever answers for it, or who asked for it, says in person that it is met, and how.
 * When its day has passed and nobody has said so, it is overdue, by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from registry import commands, review_payloads
from registry.authorization import Action, authorize
from registry.changes import Change, Outcome, Verdict, Vote
from registry.conditions import Condition, ConditionMet
from registry.decisions import Decision, Situation, check_text
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, NotOpen
from registry.resources import of_change
from registry.state import State
from registry.times import last_day, said
from registry.votes import counting_votes

MAX_DAYS = 366


class ConditionStatus(StrEnum):
    """How a condition stands at one moment."""

    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionStanding:
    """A condition, and where it stands.

    Attributes:
        title: Of the change.
        voter: Whose approval it is; `seat` is what they voted as.
        since: When they voted.
        owner: Who answers for it.
        met: Who said that it is met, when and how; `None` if nobody has.
    """

    change: int
    environment: str
    title: str
    revision: int
    voter: str
    seat: str
    since: datetime
    text: str
    owner: str
    due: datetime
    status: ConditionStatus
    met: ConditionMet | None


def check_condition(
    situation: Situation, verdict: Verdict, condition: Condition | None
) -> Condition | None:
    """Return *condition* as the ledger takes it.

    Raises:
        Invalid: It is not of an approval, or says nothing, or its day is over.
        NotFound: Nobody active is called like its owner.
    """
    if condition is None:
        return None
    if verdict is not Verdict.APPROVE:
        raise Invalid(
            "only an approval has a condition",
            hint="Say what has to change in the reason instead.",
        )
    owner = situation.state.people.get(condition.owner)
    if owner is None or not owner.active:
        raise NotFound(
            f"nobody active is called {condition.owner[:64]!r}",
            hint="Name who answers for the condition; `placet people list` shows "
            "everybody.",
        )
    latest = situation.now + timedelta(days=MAX_DAYS)
    if condition.due.tzinfo is None or not situation.now < condition.due <= latest:
        raise Invalid(
            "a condition is due on a day to come, within a year",
            hint=f"Say by when, {last_day(latest)} at the latest.",
        )
    text = check_text(condition.text, "a condition")
    return replace(condition, text=text, due=condition.due.astimezone(UTC))


def meet(situation: Situation, command: commands.MeetCondition) -> Decision:
    change = situation.state.change(command.change)
    found = _get(change, command.voter, situation.now)
    authorize(situation.actor, Action.MEET_CONDITION, of_change(change))
    if situation.actor.handle not in {found.owner, found.voter}:
        raise NotAllowed(
            f"{situation.actor.handle} does not answer for this condition",
            hint=f"{found.owner} or {found.voter} can say that it is met.",
        )
    if found.met is not None:
        raise Conflict(
            f"the condition of {found.voter} on change {change.id} is met already",
            hint=f"{found.met.by} said so at {said(found.met.at)}.",
        )
    return Decision(
        payload=review_payloads.ConditionMet(
            change=change.id,
            environment=change.environment,
            voter=found.voter,
            note=check_text(command.note, "meeting a condition"),
        ),
        subject=f"Meet the condition of {found.voter} on change {change.id} in "
        f"{change.environment}",
        trailers=(("Change", str(change.id)),),
        files={},
    )


def conditions_of(change: Change, now: datetime) -> tuple[ConditionStanding, ...]:
    """The conditions of the votes that count, in the order of the votes."""
    if not any(vote.condition for vote in change.votes) or _is_over(change, now):
        return ()
    return tuple(
        _standing(change, vote, vote.condition, now)
        for vote in counting_votes(change)
        if vote.condition is not None
    )


def conditions(state: State, now: datetime) -> Iterator[ConditionStanding]:
    """Of every change, newest change first."""
    for number in sorted(state.changes, reverse=True):
        yield from conditions_of(state.changes[number], now)


def _get(change: Change, voter: str, now: datetime) -> ConditionStanding:
    if _is_over(change, now):
        how = change.outcome or "expired"
        raise NotOpen(
            f"change {change.id} is {how}, and nothing of it is left to do",
            hint="`placet conditions` lists what is.",
        )
    for one in conditions_of(change, now):
        if one.voter == voter:
            return one
    raise NotFound(
        f"no approval of {voter[:64]} on change {change.id} has a condition",
        hint=f"`placet show {change.id}` lists its conditions.",
    )


def _is_over(change: Change, now: datetime) -> bool:
    if change.outcome is None:
        return now >= change.revision.expires
    return change.outcome is not Outcome.ACTIVATED


def _standing(
    change: Change, vote: Vote, condition: Condition, now: datetime
) -> ConditionStanding:
    # What was met before the same person voted again was another condition.
    met = next(
        (one for one in change.met if one.voter == vote.by and one.at > vote.at), None
    )
    overdue = ConditionStatus.OVERDUE if now >= condition.due else ConditionStatus.OPEN
    return ConditionStanding(
        change=change.id,
        environment=change.environment,
        title=change.revision.title,
        revision=vote.revision,
        voter=vote.by,
        seat=vote.seat,
        since=vote.at,
        text=condition.text,
        owner=condition.owner,
        due=condition.due,
        status=ConditionStatus.MET if met else overdue,
        met=met,
    )
