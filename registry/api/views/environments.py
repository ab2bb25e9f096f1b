"""An environment as people see it: what is live in it, and how that came to be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.db.history import ToldBot
from registry.documents import Tier
from registry.errors import Deleted, NotFound
from registry.events import Event
from registry.names import Digest, Kind, Ref, kind_of, name_of
from registry.payloads import Activated, Resumed, Stopped
from registry.state import Environment, Live, State
from registry.writer import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSummary:
    """Attributes:
    seq: 0 until something goes live, and `at` is `None` until then.
    """

    name: str
    seq: int
    at: datetime | None
    policy_digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDocumentView:
    """Attributes:
    composed: Digest of what is served for it, includes resolved.
    since: The seq at which its bytes went live.
    """

    document: Ref
    version: str
    digest: Digest
    composed: Digest
    owner: str
    tier: Tier
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveView:
    """Everything live in one environment at one seq."""

    environment: str
    seq: int
    at: datetime | None
    documents: tuple[LiveDocumentView, ...]
    bots: tuple[ToldBot, ...]


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
    """

    seq: int
    at: datetime
    number: int
    by: str
    change: int | None
    title: str
    type: MomentType
    documents: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What happened.

    Attributes:
        event: Its number in the ledger.
        seq: The one that the environment is at since.
        change: The change that it carried out, if there was one.
    """

    event: int
    environment: str
    seq: int
    change: int | None


def environment_summary(environment: Environment) -> EnvironmentSummary:
    return EnvironmentSummary(
        name=environment.name,
        seq=environment.seq,
        at=_at(environment, environment.seq),
        policy_digest=environment.policy_digest,
    )


def live_view(environment: Environment, seq: int, bots: Iterable[ToldBot]) -> LiveView:
    live: Mapping[Ref, Live] = environment.moment(seq).live if seq else {}
    return LiveView(
        environment=environment.name,
        seq=seq,
        at=_at(environment, seq),
        documents=tuple(
            LiveDocumentView(
                document=one.document.document,
                version=one.document.version,
                digest=one.document.digest,
                composed=one.document.composed,
                owner=one.document.owner,
                tier=one.document.tier,
                since=one.since,
            )
            for _, one in sorted(live.items())
        ),
        bots=tuple(sorted(bots, key=lambda bot: bot.bot)),
    )


def composed_digest(state: State, environment: Environment, document: Ref) -> Digest:
    """What is served for *document*, by its digest.

    Raises:
        Deleted: It was live once.
        NotFound: It never was.
    """
    live = environment.live.get(document)
    if live is not None:
        return live.document.composed
    for seq in range(environment.seq, 0, -1):
        if document in environment.moments[seq].live:
            raise Deleted(
                f"{document} was deleted in {environment.name}",
                epoch=state.epoch,
                seq=seq + 1,
            )
    raise NotFound(
        f"{document} is not live in {environment.name}",
        hint="`placet search` finds what is live.",
    )


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


def moment_view(environment: Environment, seq: int, event: Event) -> MomentView:
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
    )


def touches(event: Event, document: Ref | None) -> bool:
    """Whether a stop or a resumption was of *document*; true of everything else."""
    payload = event.payload
    if document is None or not isinstance(payload, Stopped | Resumed):
        return True
    return payload.bundle.bot == name_of(document)


def done(written: Written) -> Done:
    payload = written.event.payload
    environment = str(getattr(payload, "environment", ""))
    now = written.state.environment(environment)
    return Done(
        event=written.event.number,
        environment=environment,
        seq=getattr(payload, "seq", now.seq),
        change=getattr(payload, "change", None),
    )


def _at(environment: Environment, seq: int) -> datetime | None:
    return environment.moments[seq].at if seq else None


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
