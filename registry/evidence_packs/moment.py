"""The evidence of one moment: everything that was live, and who had agreed to it.

What went live by a rollback, without a vote, was agreed to when it first went live
in this environment; that change is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.errors import NotFound
from registry.evidence_packs.acts import Act, Asked, Seen, WentLive, act_of, went_live
from registry.evidence_packs.history import History
from registry.evidence_packs.holders import Held, InForce, holders, policies
from registry.names import Digest
from registry.payloads import Activated, LiveDocument
from registry.ratification import status_of
from registry.state import Environment, Live


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveThen:
    """A document that was live.

    Attributes:
        since: The seq since which its bytes were.
        brought: What made it live at that seq.
        agreed_in: The change in which these bytes were agreed to for this
            environment; `None` where none was.
        agreed: Who agreed there, requirement by requirement.
    """

    document: LiveDocument
    since: int
    brought: WentLive
    agreed_in: int | None
    agreed: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A bot that answered with its fallback."""

    bot: str
    reason: str
    since: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a bot was told, and the seq since which it was.

    Attributes:
        act: What brought the environment to that seq.
    """

    bot: str
    bundle: Digest
    since: int
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRatification:
    """Something that was live and still to be ratified, or overdue."""

    act: Act
    status: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentEvidence:
    """Attributes:
    moved: The act that brought the environment to *seq*.
    last: The last event up to then, in the whole ledger.
    following: The first one after it, where one is signed; it is later.
    """

    environment: str
    at: datetime
    seq: int
    moved: Act
    last: Act
    following: Act | None
    policy: InForce
    documents: tuple[LiveThen, ...]
    bots: tuple[Told, ...]
    stops: tuple[Stop, ...]
    ratifications: tuple[OpenRatification, ...]
    holders: tuple[Held, ...]


def moment_evidence(
    history: History,
    environment: str,
    at: datetime,
    seen: Sequence[Seen],
    following: Act | None,
) -> MomentEvidence:
    """Args:
        history: Of the events up to *at* alone.

    Raises:
        NotFound: There is no such environment, or nothing was live there yet.
    """
    state = history.state
    found = state.environment(environment)
    if found.seq == 0:
        raise NotFound(
            f"nothing was live in {environment} at {at.isoformat()}",
            hint="`placet log` shows when something first went live.",
        )
    moved = history.record(found.moments[found.seq].number)
    told = [(name, bot) for name, bot in sorted(found.bots.items()) if bot.told.bundle]
    return MomentEvidence(
        environment=environment,
        at=at,
        seq=found.seq,
        moved=act_of(moved),
        last=act_of(history.records[-1]),
        following=following,
        policy=policies(history, environment, lambda _, until: until is None)[0],
        documents=tuple(
            _live(history, environment, found.live[name], seen)
            for name in sorted(found.live)
        ),
        bots=_bots(history, environment, found),
        stops=tuple(
            Stop(
                bot=name,
                reason=bot.told.stopped,
                since=_act_at(history, environment, bot.told.stopped_at or 0),
            )
            for name, bot in told
            if bot.told.stopped is not None
        ),
        ratifications=_open(history, environment, at),
        holders=holders(history, lambda _, until: until is None),
    )


def _bots(history: History, environment: str, found: Environment) -> tuple[Told, ...]:
    return tuple(
        Told(
            bot=name,
            bundle=bot.told.bundle,
            since=bot.since,
            act=_act_at(history, environment, bot.since),
        )
        for name, bot in sorted(found.bots.items())
        if bot.told.bundle is not None
    )


def _act_at(history: History, environment: str, seq: int) -> Act:
    moment = history.state.environments[environment].moments[seq]
    return act_of(history.record(moment.number))


def _live(
    history: History, environment: str, live: Live, seen: Sequence[Seen]
) -> LiveThen:
    moments = history.state.environments[environment].moments
    brought = history.record(moments[live.since].number)
    origin = brought
    if brought.event.payload.change is None:  # type: ignore[union-attr] # an activation
        origin = next(
            (
                record
                for record in history.records
                if isinstance(made := record.event.payload, Activated)
                and made.environment == environment
                and made.change is not None
                and any(
                    one.document == live.document.document
                    and one.digest == live.document.digest
                    for one in made.documents
                )
            ),
            brought,
        )
    first = went_live(history, origin, seen)
    return LiveThen(
        document=live.document,
        since=live.since,
        brought=went_live(history, brought, seen),
        agreed_in=first.act.change,
        agreed=first.asked,
    )


def _open(
    history: History, environment: str, at: datetime
) -> tuple[OpenRatification, ...]:
    state = history.state
    return tuple(
        OpenRatification(
            act=act_of(history.record(number)),
            status=status_of(state.ratifications[number], at),
            due=state.ratifications[number].opened.due,
        )
        for number in sorted(state.open_ratifications)
        if state.ratifications[number].environment == environment
    )
