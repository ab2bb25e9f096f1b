"""What waits for people: one list, of which everybody sees their part.

* Votes, revisions, vetoes, activations and missed schedules of open changes wait as
  `registry.open_changes` says.
* What nobody could agree to as things stand waits for administrators, who can give
  somebody the seat.  It is stalled, and so is what waits for nobody at all.
* A condition waits for whoever answers for it.
* A ratification waits for whoever could judge it.
* A review that is due or has lapsed waits for the owner, the deputies and the risk
  partners of the document; where none of them could act, for the seats that review.
* What a second administrator has to confirm waits for administrators.

What is late stands first, then what is due first.  It is all computed from the state
and the time: what is settled is gone at once, and nobody has to close anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from registry.administrators import could_confirm
from registry.answerable import SaidBy
from registry.appointments import open_until, still_asked
from registry.changes import Change
from registry.conditional_votes import ConditionStatus, conditions_of
from registry.effects import Documents
from registry.judgements import standings
from registry.open_changes import HeldBy, open_change
from registry.people import held_in_words
from registry.ratification import Ratification, is_overdue
from registry.seats import speaks
from registry.state import AskedFor, Environment, State
from registry.timing import strictest_tier
from registry.upkeep import Review, ReviewStatus, is_dated, review
from registry.waits import Found, Waiting, WaitingFor


def everything(
    state: State,
    documents: Documents,
    said_by: SaidBy,
    held_by: HeldBy,
    now: datetime,
) -> tuple[Found, ...]:
    """All that waits, whomever it waits for, in no order."""
    return tuple(_everything(state, documents, said_by, held_by, now))


def inbox(found: Iterable[Found], handle: str) -> tuple[Waiting, ...]:
    """What of it waits for *handle*, and why for them."""
    return _in_order(
        _with(one, one.reasons[handle]) for one in found if handle in one.reasons
    )


def attention(found: Iterable[Found]) -> tuple[Waiting, ...]:
    """What of it is late."""
    return _in_order(
        _with(one, _for(one.reasons)) for one in found if one.waiting.is_late
    )


def all_of(found: Iterable[Found]) -> tuple[Waiting, ...]:
    """All of it, each with whom it waits for."""
    return _in_order(_with(one, _of_all(one)) for one in found)


def _of_all(found: Found) -> str:
    """Whom it waits for; of what is stalled, what is missing."""
    if found.waiting.kind is WaitingFor.APPOINTMENT and found.reasons:
        return next(iter(found.reasons.values()))
    return _for(found.reasons)


def _everything(
    state: State,
    documents: Documents,
    said_by: SaidBy,
    held_by: HeldBy,
    now: datetime,
) -> Iterator[Found]:
    for number in state.open_changes:
        change = state.changes[number]
        yield from open_change(state, change, documents, held_by, now)
    for change in state.changes.values():
        yield from _conditions(change, now)
    for number in state.open_ratifications:
        yield _ratification(state, state.ratifications[number], now)
    for environment in state.environments.values():
        yield from _reviews(state, environment, said_by, now)
    for asked in still_asked(state, now):
        yield _confirmation(state, asked)


def _conditions(change: Change, now: datetime) -> Iterator[Found]:
    for one in conditions_of(change, now):
        if one.status is not ConditionStatus.MET:
            yield Found(
                waiting=Waiting(
                    kind=WaitingFor.CONDITION,
                    environment=one.environment,
                    subject=one.text,
                    tier=strictest_tier(change),
                    since=one.since,
                    due=one.due,
                    is_late=one.status is ConditionStatus.OVERDUE,
                    change=one.change,
                    voter=one.voter,
                ),
                reasons={one.owner: f"{one.voter} approved on this condition."},
            )


def _ratification(state: State, one: Ratification, now: datetime) -> Found:
    moment = state.environments[one.environment].moments[one.seq]
    return Found(
        waiting=Waiting(
            kind=WaitingFor.RATIFICATION,
            environment=one.environment,
            subject=f"Ratify {_what(one)} {one.seq}: {moment.title}",
            tier=None,
            since=one.at,
            due=one.opened.due,
            is_late=is_overdue(one, now),
            change=one.change,
            ratification=one.id,
        ),
        reasons={
            handle: f"{asked.name}: {asked.why}"
            for asked in standings(state, one, now)
            if not asked.met
            for handle in asked.could
        },
    )


def _what(one: Ratification) -> str:
    return "seq" if one.opened.incident is None else "the emergency at seq"


def _reviews(
    state: State, environment: Environment, said_by: SaidBy, now: datetime
) -> Iterator[Found]:
    for live in environment.live.values():
        if not is_dated(state, live, said_by):
            continue
        found = review(state, environment, live, said_by, now)
        if found.status in {ReviewStatus.DUE, ReviewStatus.LAPSED}:
            yield _review(state, found, now)


def _review(state: State, found: Review, now: datetime) -> Found:
    named = found.answering
    reasons = {
        handle: f"You are its {named.part_of(handle)}."
        for handle in named.everybody
        if handle in state.people and state.people[handle].active
    }
    if not reasons:
        reasons = {
            handle: "Nobody who answers for it is active, and your seat reviews."
            for handle in state.people
            if _reviews_in_a_seat(state, found, handle, now)
        }
    overdue = found.status is ReviewStatus.LAPSED
    return Found(
        waiting=Waiting(
            kind=WaitingFor.REVIEW,
            environment=found.environment,
            subject=f"{found.document} {found.version}",
            tier=found.tier,
            since=found.notice_from or datetime.min.replace(tzinfo=UTC),
            due=found.due,
            is_late=overdue,
            document=found.document,
        ),
        reasons=reasons,
    )


def _reviews_in_a_seat(state: State, found: Review, handle: str, now: datetime) -> bool:
    return any(
        speaks(
            state,
            handle,
            seat,
            environment=found.environment,
            because=(found.document,),
            now=now,
        )
        for seat in found.seats
    )


def _confirmation(state: State, asked: AskedFor) -> Found:
    wanted = asked.person
    held = held_in_words((*wanted.roles, *wanted.seats), wanted.limits)
    return Found(
        waiting=Waiting(
            kind=WaitingFor.CONFIRMATION,
            environment=None,
            subject=f"{wanted.handle} is to hold: {held or 'nothing'}"
            if wanted.active
            else f"{wanted.handle} is to be inactive",
            tier=None,
            since=asked.at,
            due=open_until(asked),
            is_late=False,
            person=wanted.handle,
        ),
        reasons=dict.fromkeys(
            could_confirm(state, asked),
            f"{asked.by} asked for it; another administrator has to confirm.",
        ),
    )


def _with(found: Found, why: str) -> Waiting:
    asked = tuple(sorted(found.reasons))
    stalled = not asked or found.waiting.kind is WaitingFor.APPOINTMENT
    return replace(found.waiting, why=why, asked=asked, is_stalled=stalled)


def _for(reasons: Mapping[str, str]) -> str:
    return f"It waits for {', '.join(sorted(reasons)) or 'nobody who could'}."


def _in_order(found: Iterable[Waiting]) -> tuple[Waiting, ...]:
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.due is None,
                one.due or one.since,
                one.since,
                one.change or 0,
            ),
        )
    )
