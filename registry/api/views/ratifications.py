"""A ratification as people see it: of what, until when, and who has agreed."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from registry.agreeing import takes_reason, tiers_judged, why_sign_in_again
from registry.changes import Change
from registry.judgements import may_judge, standings
from registry.names import Digest
from registry.people import SESSION, Identity
from registry.quorums import Standing
from registry.ratification import (
    Ratification,
    RatificationStatus,
    RatificationVote,
    status_of,
)
from registry.state import Environment, State


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationSummary:
    """What people have to agree to afterwards, in a list.

    Attributes:
        id: The number of the activation's event.
        change: `None` for a rollback.
        incident: `None` but for an emergency.
        why: Why it has to be ratified, in sentences.
        due: From then on it is overdue.
        waiting_for: The seats that have not agreed yet.
    """

    id: int
    environment: str
    seq: int
    change: int | None
    title: str
    by: str
    at: datetime
    status: RatificationStatus
    incident: str | None
    why: tuple[str, ...]
    due: datetime
    waiting_for: tuple[str, ...]
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What whoever asks could do.

    Attributes:
        seats: In which they could judge it.
        why_not: Why there is none; `None` if there is one.
        sign_in_again: Why ratifying takes a new sign-in, in a sentence; `None` if
            it takes none.
        reason_needed: Whether ratifying takes a reason.
    """

    seats: tuple[str, ...]
    why_not: str | None
    sign_in_again: str | None
    reason_needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationView(RatificationSummary):
    """A ratification, whole.

    Attributes:
        activated: The digest of the activation's event, which a vote has to name.
        excluded: Who may not judge it: who activated, and who contributed.
        requirements: Each one, met or not, and why.
        votes: Every vote, oldest first; of each person the last one counts.
    """

    activated: Digest
    excluded: tuple[str, ...]
    requirements: tuple[Standing, ...]
    votes: tuple[RatificationVote, ...]
    you: Judging


def summary(state: State, one: Ratification, now: datetime) -> RatificationSummary:
    open_ones = standings(state, one, now) if one.outcome is None else ()
    missing = (asked.seat for asked in open_ones if not asked.met)
    return RatificationSummary(
        id=one.id,
        environment=one.environment,
        seq=one.seq,
        change=one.change,
        title=state.environment(one.environment).moment(one.seq).title,
        by=one.by,
        at=one.at,
        status=status_of(one, now),
        incident=one.opened.incident,
        why=one.opened.why,
        due=one.opened.due,
        waiting_for=tuple(dict.fromkeys(seat for seat in missing if seat)),
        closed_at=one.closed_at,
    )


def view(
    state: State, one: Ratification, now: datetime, asking: Identity
) -> RatificationView:
    """Args:
    asking: For whom `you` is.
    """
    short = summary(state, one, now)
    return RatificationView(
        **{field.name: getattr(short, field.name) for field in fields(short)},
        activated=one.activated,
        excluded=one.opened.excluded,
        requirements=standings(state, one, now),
        votes=one.votes,
        you=_judging(state, one, now, asking),
    )


def of_moment(
    state: State, environment: Environment, seq: int, now: datetime
) -> RatificationSummary | None:
    """What the seq of *environment* has opened, if it has."""
    found = state.ratifications.get(environment.moment(seq).number)
    return None if found is None else summary(state, found, now)


def of_change(
    state: State, change: Change, now: datetime
) -> RatificationSummary | None:
    """What going live has opened, if it has."""
    if change.seq is None:
        return None
    return of_moment(state, state.environment(change.environment), change.seq, now)


def newest_first(
    state: State,
    now: datetime,
    *,
    environment: str | None,
    status: RatificationStatus | None,
    before: int | None,
) -> Iterator[RatificationSummary]:
    """Those that fit everything that is given, with ids below *before*."""
    undecided = {RatificationStatus.OPEN, RatificationStatus.OVERDUE}
    among = state.open_ratifications if status in undecided else state.ratifications
    for number in sorted(among, reverse=True):
        one = state.ratifications[number]
        if before is not None and number >= before:
            continue
        if environment not in {None, one.environment}:
            continue
        if status in {None, status_of(one, now)} or (
            status is RatificationStatus.OPEN and one.outcome is None
        ):
            yield summary(state, one, now)


def _judging(
    state: State, one: Ratification, now: datetime, asking: Identity
) -> Judging:
    why_not = None
    if one.outcome is not None:
        why_not = f"It was {one.outcome} already."
    elif asking.via != SESSION:
        why_not = "A token cannot judge it."
    elif asking.handle == one.by:
        why_not = "You activated it."
    elif asking.handle in one.opened.excluded:
        why_not = "You have contributed to it."
    seats = () if why_not else may_judge(state, one, asking.handle, now)
    if not seats and why_not is None:
        why_not = "You hold no seat that is asked."
    policy, tiers = state.environment(one.environment).policy, tiers_judged(state, one)
    again = why_sign_in_again(policy, tiers, asking.signed_in_at, now)
    return Judging(
        seats=seats,
        why_not=why_not,
        sign_in_again=again if seats else None,
        reason_needed=bool(seats) and takes_reason(policy, tiers),
    )
