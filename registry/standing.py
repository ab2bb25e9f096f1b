"""How an open change stands: stale or not, and which requirements are met.

All of it follows from the change's stored rows, from what is live and from who
holds which seat now; nothing is composed, so that long lists stay cheap.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from registry.changes import (
    Change,
    ChangeType,
    Outcome,
    Read,
    Revision,
    Status,
    Verdict,
    Vote,
    blocks,
    counting_votes,
)
from registry.effects import moved
from registry.errors import NotAgreed, Stale
from registry.policies import Matched
from registry.state import Environment, State

_ENDED = {
    Outcome.ACTIVATED: Status.ACTIVATED,
    Outcome.REJECTED: Status.REJECTED,
    Outcome.WITHDRAWN: Status.WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One requirement of a change, and where it stands.

    Attributes:
        why: One sentence for people.
        by: Who has met it so far.
        could: Who could still meet it.
        because: The documents that it is asked for.
    """

    name: str
    seat: str | None
    count: int
    met: bool
    why: str
    by: tuple[str, ...]
    could: tuple[str, ...]
    because: tuple[str, ...]


def status(state: State, change: Change, now: datetime) -> Status:
    if change.outcome is not None:
        return _ENDED[change.outcome]
    if now >= change.revision.expires:
        return Status.EXPIRED
    if stale_because(state, change) is not None:
        return Status.STALE
    if is_agreed(change, requirements(state, change)):
        return Status.APPROVED
    return Status.WAITING


def is_agreed(change: Change, asked: tuple[Standing, ...]) -> bool:
    """Whether everybody who is asked agrees; asking nobody is no agreement."""
    return bool(asked) and all(one.met for one in asked) and not blocks(change)


def requirements(state: State, change: Change) -> tuple[Standing, ...]:
    """Every requirement of the current revision, met or not, in their order."""
    asked = change.revision.requirements
    seats = {matched.seat for matched in asked}
    votes = [
        vote
        for vote in counting_votes(change)
        if vote.verdict is Verdict.APPROVE
        and vote.seat in seats
        and _holds(state, vote.by, vote.seat)
    ]
    return tuple(_standing(state, change, matched, votes) for matched in asked)


def _standing(
    state: State, change: Change, matched: Matched, votes: list[Vote]
) -> Standing:
    by = tuple(sorted(vote.by for vote in votes if vote.seat == matched.seat))
    voted = {vote.by for vote in votes}
    could = tuple(
        sorted(
            handle
            for handle in state.people
            if matched.seat is not None
            and handle not in voted
            and handle not in change.contributors
            and _holds(state, handle, matched.seat)
        )
    )
    met = matched.covered and len(by) >= matched.count
    return Standing(
        name=matched.name,
        seat=matched.seat,
        count=matched.count,
        met=met,
        why=_why(matched, met, by, could),
        by=by,
        could=() if met else could,
        because=matched.because,
    )


def _holds(state: State, handle: str, seat: str) -> bool:
    person = state.people[handle]
    return person.active and seat in person.seats


def _why(
    matched: Matched, met: bool, by: tuple[str, ...], could: tuple[str, ...]
) -> str:
    if not matched.covered:
        return "No requirement of the policy covers it, so nobody can agree to it."
    if matched.seat is None:
        return "Open: the policy asks nobody."
    if met:
        return "Agreed by " + ", ".join(by) + "."
    missing = matched.count - len(by)
    needs = f"Needs {missing} more from the seat {matched.seat}"
    if len(could) >= missing:
        return f"{needs}; {', '.join(could)} could."
    if could:
        return f"{needs}; only {', '.join(could)} could, which is not enough."
    return f"{needs}; nobody who holds it is free to vote."


def stale_because(state: State, change: Change) -> str | None:
    """What moved since the current revision was made; `None` if nothing did."""
    revision = change.revision
    environment = state.environments[change.environment]
    pin = revision.policy
    if (environment.policy_digest, environment.policy_since) != (
        pin.digest,
        pin.since,
    ):
        return f"the policy of {environment.name} has changed"
    if change.type is ChangeType.RESUME:
        return _moved_stop(environment, revision) or _moved_reading(
            environment, revision
        )
    return (
        change.moved
        or moved(environment, revision)
        or _moved_read(environment, revision.compared, "which it was compared with")
        or (_moved_reading(environment, revision) if revision.strict else None)
    )


def _moved_reading(environment: Environment, revision: Revision) -> str | None:
    for affected in revision.effect:
        live = environment.live.get(affected.document)
        if (live.reading if live else None) != affected.before:
            return f"{affected.document} reads differently now"
    return _moved_read(environment, revision.reads, "which the texts include")


def _moved_read(
    environment: Environment, reads: Iterable[Read], what: str
) -> str | None:
    for read in reads:
        live = environment.live.get(read.document)
        if live is None or live.base != read.base:
            return f"{read.document}, {what}, has changed"
    return None


def _moved_stop(environment: Environment, revision: Revision) -> str | None:
    resumption = revision.resumption
    held = environment.bots.get(resumption.bot) if resumption else None
    if held is None or resumption is None or held.told.stopped is None:
        return "the bot is not stopped any more"
    if held.told.stopped_at != resumption.stopped:
        return "the bot was stopped again"
    return None


def refuse_not_current(state: State, change: Change) -> None:
    """Raises:
    Stale: Something that the change is bound to has moved.
    """
    why = stale_because(state, change)
    if why is not None:
        raise Stale(f"change {change.id} is stale: {why}")


def refuse_not_agreed(state: State, change: Change) -> None:
    """Raises:
    NotAgreed: It names each requirement that is not met, and each block.
    """
    asked = requirements(state, change)
    if is_agreed(change, asked):
        return
    open_ones = [f"{one.name}: {one.why}" for one in asked if not one.met]
    held = [f"{vote.by} ({vote.verdict}): {vote.reason}" for vote in blocks(change)]
    raise NotAgreed(
        f"change {change.id} is not agreed to. " + " ".join([*open_ones, *held])
    )
