"""Moments: how an environment came to each of its sequence numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from registry.api.views.ratifications import RatificationSummary, of_moment
from registry.db.history import Telling
from registry.events import Event
from registry.names import Digest, Kind, Ref, kind_of, name_of
from registry.payloads import Activated, Resumed, Stopped
from registry.state import Environment, Live, State


class MomentType(StrEnum):
    """How an environment came to a sequence number."""

    ACTIVATED = "activated"
    ROLLED_BACK = "rolled-back"
    STOPPED = "stopped"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One document of a moment; `None` where it was not there."""

    document: Ref
    before_version: str | None
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentView:
    """One sequence number of an environment.

    Attributes:
        number: That of the event.
        documents: What was replaced; not what reads differently because of it.
        ratification: What it has opened, if it has.
    """

    seq: int
    at: datetime
    number: int
    by: str
    change: int | None
    title: str
    type: MomentType
    documents: tuple[Step, ...]
    ratification: RatificationSummary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleMomentView(MomentView):
    """A moment from which a bot was told something else.

    Attributes:
        bundle: Its digest; `None` if the bot was deleted.
        stopped: Why it was stopped, if it was.
    """

    bundle: Digest | None
    stopped: str | None


def seqs_of(
    environment: Environment, document: Ref | None, before: int | None
) -> Iterator[int]:
    """Newest first, the seqs below *before* that could have touched *document*.

    A stop or a resumption leaves every text alone, and could have touched any bot.
    """
    top = environment.seq if before is None else min(before - 1, environment.seq)
    for seq in range(top, 0, -1):
        if document is None:
            yield seq
            continue
        now, then = environment.moments[seq].live, _live_before(environment, seq)
        bot_alone = now is then and kind_of(document) is Kind.BOT
        if bot_alone or _digest(now, document) != _digest(then, document):
            yield seq


def moment_view(
    state: State, environment: Environment, seq: int, event: Event, now: datetime
) -> MomentView:
    """Args:
    event: The one that brought the environment to *seq*.
    """
    moment = environment.moments[seq]
    return MomentView(
        seq=seq,
        at=moment.at,
        number=moment.number,
        by=moment.by,
        change=moment.change,
        title=moment.title,
        type=_type(event),
        documents=tuple(_steps(environment, seq, event)),
        ratification=of_moment(state, environment, seq, now),
    )


def bundle_moment_view(
    state: State,
    environment: Environment,
    telling: Telling,
    event: Event,
    now: datetime,
) -> BundleMomentView:
    """Args:
    event: The one that brought the environment to the seq of *telling*.
    """
    moment = moment_view(state, environment, telling.seq, event, now)
    return BundleMomentView(
        **{field.name: getattr(moment, field.name) for field in fields(moment)},
        bundle=telling.bundle,
        stopped=telling.stopped,
    )


def touches(event: Event, document: Ref | None) -> bool:
    """Whether a stop or a resumption was of *document*; true of everything else."""
    payload = event.payload
    if document is None or not isinstance(payload, Stopped | Resumed):
        return True
    return payload.bundle.bot == name_of(document)


def _live_before(environment: Environment, seq: int) -> Mapping[Ref, Live]:
    return environment.moments[seq - 1].live if seq > 1 else {}


def _digest(live: Mapping[Ref, Live], document: Ref) -> Digest | None:
    held = live.get(document)
    return held.document.digest if held else None


def _type(event: Event) -> MomentType:
    payload = event.payload
    if isinstance(payload, Stopped):
        return MomentType.STOPPED
    if isinstance(payload, Resumed):
        return MomentType.RESUMED
    if isinstance(payload, Activated) and payload.restored is not None:
        return MomentType.ROLLED_BACK
    return MomentType.ACTIVATED


def _steps(environment: Environment, seq: int, event: Event) -> Iterator[Step]:
    payload = event.payload
    if not isinstance(payload, Activated):
        return
    now, then = environment.moments[seq].live, _live_before(environment, seq)
    names = [document.document for document in payload.documents]
    for name in sorted([*names, *payload.deleted]):
        if _digest(now, name) != _digest(then, name):
            yield Step(
                document=name,
                before_version=_version(then, name),
                version=_version(now, name),
            )


def _version(live: Mapping[Ref, Live], document: Ref) -> str | None:
    held = live.get(document)
    return held.document.version if held else None
