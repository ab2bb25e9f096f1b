"""Reminders of changes: votes, decisions, expiry, waivers, schedules, conditions."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from registry.answerable import SaidBy
from registry.changes import Change, Verdict, made_current
from registry.conditional_votes import ConditionStatus, conditions_of
from registry.names import Kind, Ref, kind_of
from registry.reminders.stages import Matter, board, operators, stage
from registry.schedules import is_late, late_from
from registry.staleness import stale_because
from registry.standing import is_agreed, requirements
from registry.state import Environment, State
from registry.times import said_end
from registry.timing import late_since
from registry.votes import counting_votes, lapses, vote_days

VOTE_LAPSES = timedelta(days=2)
CHANGE_EXPIRES = timedelta(days=3)
WAIVER_EXPIRES = timedelta(days=3)
CONDITION_DUE = timedelta(days=3)
TO_VOTER = timedelta(days=3)
TO_BOARD = timedelta(days=7)
"""After the day of a condition."""


def of_open_change(
    state: State, change: Change, said_by: SaidBy, now: datetime
) -> Iterator[Matter]:
    """What there is to remind of while people decide on *change*.

    Nothing of one that has expired or is stale: only its author can do something.
    """
    if now >= change.revision.expires or stale_because(state, change) is not None:
        return
    policy = state.environments[change.environment].policy
    yield from _lapsing_votes(state, change, now)
    yield from _ending_waivers(change, now)
    if is_late(policy, change.revision, now):
        yield _suspended(state, change)
    late = late_since(state, change, now)
    is_ending = now >= _expires_soon(change)
    if is_ending or late is not None:
        asked = requirements(state, change, now)
        could = {handle for one in asked if not one.met for handle in one.could}
        if is_ending:
            is_decided = is_agreed(change, asked)
            yield _expiring(state, change, could, is_decided=is_decided)
        if late is not None:
            yield _late(state, change, could, late, said_by)


def of_conditions(state: State, change: Change, now: datetime) -> Iterator[Matter]:
    """The owner before and on the day, then who asked for it, then the board."""
    policy = state.environments[change.environment].policy
    for one in conditions_of(change, now):
        if one.status is ConditionStatus.MET:
            continue
        yield _matter(
            change,
            "reminder-condition",
            (one.voter, one.since.isoformat()),
            f"A condition of change {change.id} in {change.environment} is due "
            f"{said_end(one.due)} ({one.title})",
            (f"{one.owner} answers for it, {one.voter} asked for it: {one.text}",),
            due=one.due,
            stages=(
                stage("soon", _near(one.since, one.due, CONDITION_DUE), one.owner),
                stage("owner", one.due, one.owner),
                stage("voter", one.due + TO_VOTER, one.voter),
                stage("board", one.due + TO_BOARD, seats=board(policy)),
            ),
        )


def deputies(
    environment: Environment, documents: Iterator[Ref], said_by: SaidBy
) -> tuple[str, ...]:
    """Of the bots among *documents* that are live."""
    found = (
        said_by(environment.live[name].document.digest).deputy
        for name in documents
        if kind_of(name) is Kind.BOT and name in environment.live
    )
    return tuple(sorted({deputy for deputy in found if deputy}))


def _lapsing_votes(state: State, change: Change, now: datetime) -> Iterator[Matter]:
    days = vote_days(change, state.environments[change.environment].policy)
    for vote in counting_votes(change):
        end = lapses(vote, days)
        if end is None or vote.verdict is not Verdict.APPROVE or now >= end:
            continue
        at = _near(vote.at, end, VOTE_LAPSES)
        yield _matter(
            change,
            "reminder-vote",
            (vote.by, vote.at.isoformat()),
            f"The approval of {vote.by} lapses: {_called(change)}",
            ("Vote again, if it still holds and the change is to go live.",),
            due=end,
            stages=(stage("voter", at, vote.by),),
        )


def _ending_waivers(change: Change, now: datetime) -> Iterator[Matter]:
    for waiver in change.waivers:
        is_bound = waiver.review_digest == change.revision.review_digest
        if not is_bound or now >= waiver.expires:
            continue
        at = _near(waiver.at, waiver.expires, WAIVER_EXPIRES)
        yield _matter(
            change,
            "reminder-waiver",
            (waiver.check, waiver.by, waiver.at.isoformat()),
            f"A waiver ends: {_called(change)} does without {waiver.check}",
            ("Without it, and without a result that passes, it cannot go live.",),
            due=waiver.expires,
            stages=(stage("people", at, waiver.by, change.author),),
        )


def _suspended(state: State, change: Change) -> Matter:
    policy = state.environments[change.environment].policy
    late = late_from(policy, change.revision) or change.revision.expires
    return _matter(
        change,
        "reminder-schedule",
        ("suspended",),
        f"{_called(change, 'Change')} did not go live when it was to",
        (
            "It is suspended: an operator can activate it, or its author "
            f"{made_current(change.type)}.",
        ),
        due=late,
        stages=(stage("people", late, *change.contributors, *operators(state)),),
    )


def _expiring(
    state: State, change: Change, could: set[str], *, is_decided: bool
) -> Matter:
    waiting = operators(state) if is_decided else tuple(could)
    what = "It is agreed to, and not live." if is_decided else "It waits for votes."
    return _matter(
        change,
        "reminder-change",
        ("expires",),
        f"{_called(change, 'Change')} expires",
        (what, "After that it has to be proposed again."),
        due=change.revision.expires,
        stages=(stage("people", _expires_soon(change), change.author, *waiting),),
    )


def _late(
    state: State, change: Change, could: set[str], late: datetime, said_by: SaidBy
) -> Matter:
    """Each stage takes as long as the decision was to take."""
    environment = state.environments[change.environment]
    span = late - change.revision.at
    touched = (affected.document for affected in change.revision.effect)
    return _matter(
        change,
        "reminder-decision",
        (),
        f"A decision is late: {_called(change)}",
        ("The policy says by when; it has not been agreed to.",),
        due=late,
        stages=(
            stage("voters", late, *could),
            stage("deputy", late + span, *deputies(environment, touched, said_by)),
            stage("board", late + 2 * span, seats=board(environment.policy)),
        ),
    )


def _expires_soon(change: Change) -> datetime:
    revision = change.revision
    return _near(revision.at, revision.expires, CHANGE_EXPIRES)


def _near(begin: datetime, end: datetime, time: timedelta) -> datetime:
    """So long before *end*, and not in the first half of the time until then."""
    return max(end - time, begin + (end - begin) / 2)


def _matter(
    change: Change,
    kind: str,
    cause: tuple[str, ...],
    subject: str,
    body: tuple[str, ...],
    **more: object,
) -> Matter:
    return Matter(
        kind=kind,
        cause=(str(change.id), change.revision.review_digest, *cause),
        environment=change.environment,
        subject=subject,
        body=body,
        path=f"/v1/changes/{change.id}",
        change=change.id,
        **more,  # type: ignore[arg-type]
    )


def _called(change: Change, word: str = "change") -> str:
    return f"{word} {change.id} in {change.environment} ({change.revision.title})"
