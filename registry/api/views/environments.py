"""An environment as people see it: what is live in it, and how that came to be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.db.history import ToldBot
from registry.documents import Tier
from registry.errors import Deleted, NotFound
from registry.names import Digest, Ref
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What happened.

    Attributes:
        event: Its number in the ledger.
        seq: The one that the environment is at since.
        change: The change that it carried out, if there was one.
        ratification: What it has opened for people to agree to, if it has.
    """

    event: int
    environment: str
    seq: int
    change: int | None
    ratification: int | None


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


def composed_digest(
    state: State, environment: Environment, document: Ref, seq: int
) -> Digest:
    """What is served for *document* at *seq*, by its digest.

    Raises:
        Deleted: It was live before.
        NotFound: It was not.
    """
    for at in range(seq, 0, -1):
        live = environment.moments[at].live.get(document)
        if live is not None and at == seq:
            return live.document.composed
        if live is not None:
            raise Deleted(
                f"{document} was deleted in {environment.name}",
                epoch=state.epoch,
                seq=at + 1,
            )
    then = "is not live" if seq == environment.seq else "was not live yet"
    raise NotFound(
        f"{document} {then} in {environment.name}",
        hint="`placet search` finds what is live.",
    )


def done(written: Written) -> Done:
    payload = written.event.payload
    environment = str(getattr(payload, "environment", ""))
    now = written.state.environment(environment)
    opens = getattr(payload, "ratification", None) is not None
    return Done(
        event=written.event.number,
        environment=environment,
        seq=getattr(payload, "seq", now.seq),
        change=getattr(payload, "change", None),
        ratification=written.event.number if opens else None,
    )


def _at(environment: Environment, seq: int) -> datetime | None:
    return environment.moments[seq].at if seq else None
