"""How an open change stands: which of its requirements are met, and what that makes it.

All of it follows from the change's stored rows, from what is live, from who holds
which seat now and from the time; nothing is composed, so that long lists stay cheap.

 * Each requirement is met or not by itself (`registry.quorums`).
 * Who contributed is not asked, and an approval that has lapsed does not count.
 * Who agreed in one seat fills no second one.  So requirements that could be met one
   by one are stalled where those who could are too few for all of them together.
 * It is agreed to since the last needed approval was given, and the last objection was
   taken away.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from registry.changes import Change, Outcome, Status, Verdict, Vote
from registry.errors import NotAgreed
from registry.floors import floor
from registry.mistakes import Unmet
from registry.policies import Matched
from registry.quorums import Standing, Voices, standing_of, standing_of_anybody
from registry.schedules import is_late
from registry.seats import spoken_for
from registry.shortages import short
from registry.staleness import stale_because
from registry.state import State
from registry.vetoes import veto_clearers
from registry.votes import blocks, counting_votes, has_lapsed, unblocked, vote_days

_ENDED = {
    Outcome.ACTIVATED: Status.ACTIVATED,
    Outcome.REJECTED: Status.REJECTED,
    Outcome.WITHDRAWN: Status.WITHDRAWN,
}


def status(state: State, change: Change, now: datetime) -> Status:
    if change.outcome is not None:
        return _ENDED[change.outcome]
    if now >= change.revision.expires:
        return Status.EXPIRED
    if stale_because(state, change) is not None:
        return Status.STALE
    if is_late(state.environments[change.environment].policy, change.revision, now):
        return Status.SUSPENDED
    if not is_agreed(change, requirements(state, change, now)):
        return Status.WAITING
    return Status.APPROVED if change.revision.earliest is None else Status.SCHEDULED


def is_agreed(change: Change, asked: tuple[Standing, ...]) -> bool:
    """Whether everybody who is asked agrees; asking nobody is no agreement."""
    return bool(asked) and all(one.met for one in asked) and not blocks(change)


def requirements(state: State, change: Change, now: datetime) -> tuple[Standing, ...]:
    """Every requirement of the current revision, met or not, in their order."""
    asked = change.revision.requirements
    least = floor(change.environment, asked)
    counting, lapsed = _approvals(state, change, now)
    counting = _asked_for(state, change, least, counting, now)
    spoken = {vote.by for vote in counting}
    free = [
        handle
        for handle in state.people
        if handle not in spoken and handle not in change.contributors
    ]
    stand = [
        standing_of(
            state,
            one,
            environment=change.environment,
            voices=Voices(
                agreeing={v.by: v.at for v in counting if v.seat == one.seat},
                free=free,
                lapsed=tuple(v.by for v in lapsed if v.seat == one.seat),
            ),
            now=now,
        )
        for one in asked
    ]
    if least is not None:
        stand.append(
            standing_of_anybody(
                state,
                least,
                environment=change.environment,
                votes=counting,
                free=free,
                now=now,
            )
        )
    return _together(stand)


def _together(asked: Collection[Standing]) -> tuple[Standing, ...]:
    """*asked*, with what cannot be met beside the others as stalled."""
    needs: dict[str, int] = {}
    could: dict[str, set[str]] = {}
    for one in asked:
        if one.seat is None or one.met:
            continue
        least = max(1, one.count - len(one.by))
        needs[one.seat] = max(needs.get(one.seat, 0), least)
        later = (person.handle for person in one.later)
        could.setdefault(one.seat, set()).update(one.could, later)
    lacking = short(needs, could)
    return tuple(
        _beside(one, lacking, could)
        if one.seat in lacking and not (one.met or one.stalled)
        else one
        for one in asked
    )


def _beside(
    one: Standing, lacking: Collection[str], could: Mapping[str, Collection[str]]
) -> Standing:
    people = ", ".join(sorted({who for seat in lacking for who in could[seat]}))
    seats = " and ".join(sorted(lacking))
    why = f"Nobody fills two seats, and {seats} have only {people} between them."
    return replace(one, stalled=True, why=f"{one.why} {why}")


def agreed_since(state: State, change: Change, now: datetime) -> datetime | None:
    """Since when everybody who is asked agrees and nobody objects; `None` if not so."""
    asked = requirements(state, change, now)
    if not is_agreed(change, asked):
        return None
    given = (one.since for one in asked if one.since is not None)
    return max([change.revision.at, *given, *unblocked(change)])


def _asked_for(
    state: State,
    change: Change,
    least: Matched | None,
    votes: list[Vote],
    now: datetime,
) -> list[Vote]:
    """Those of *votes* that are in a seat that is asked, or meet the floor."""
    seats = {one.seat for one in change.revision.requirements}
    because = least.because if least is not None else ()
    return [
        vote
        for vote in votes
        if vote.seat in seats
        or spoken_for(
            state,
            vote.by,
            vote.seat,
            environment=change.environment,
            because=because,
            now=now,
        )
    ]


def _approvals(
    state: State, change: Change, now: datetime
) -> tuple[list[Vote], list[Vote]]:
    """The approvals that count, and those that have lapsed."""
    environment = change.environment
    days = vote_days(change, state.environments[environment].policy)
    every = tuple(sorted({w for m in change.revision.requirements for w in m.because}))
    given = [v for v in counting_votes(change) if v.verdict is Verdict.APPROVE]
    counting = [
        vote
        for vote in given
        if not has_lapsed(vote, days, now)
        and spoken_for(
            state, vote.by, vote.seat, environment=environment, because=every, now=now
        )
    ]
    return counting, [vote for vote in given if has_lapsed(vote, days, now)]


def refuse_not_agreed(state: State, change: Change, now: datetime) -> None:
    """Raises:
    NotAgreed: It names each requirement that is not met, and each block.
    """
    left = unmet(state, change, now)
    if left or not change.revision.requirements:
        told = " ".join(f"{one.requirement}: {one.why}" for one in left)
        raise NotAgreed(f"change {change.id} is not agreed to. {told}", unmet=left)


def unmet(state: State, change: Change, now: datetime) -> tuple[Unmet, ...]:
    """Everything that keeps *change* from being agreed to, and who could meet it."""
    asked = tuple(
        Unmet(requirement=one.name, seat=one.seat, why=one.why, could=one.could)
        for one in requirements(state, change, now)
        if not one.met
    )
    clearers = veto_clearers(state, change, now)
    held = tuple(
        Unmet(
            requirement=f"{vote.by} ({vote.verdict})",
            seat=vote.seat,
            why=vote.reason,
            could=tuple(
                sorted({vote.by} | (clearers if vote in change.vetoes else set()))
            ),
        )
        for vote in blocks(change)
    )
    return (*asked, *held)
