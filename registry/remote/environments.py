"""Environments: what is live, what was, and moving between the two."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from registry.remote.changes import ChangeView, Done, Standing, moment
from registry.remote.connection import Connection, place
from registry.remote.ratifications import RatificationSummary
from registry.remote.rollbacks import Preview, Rollback


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """`seq` is 0 and `at` is `None` until something goes live."""

    name: str
    seq: int
    at: datetime | None
    policy_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDocument:
    document: str
    version: str
    digest: str
    composed: str
    owner: str
    tier: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBot:
    """Attributes:
    stopped: Why it is stopped, or whether it is.
    """

    bot: str
    bundle: str | None
    floor: int
    stopped: str | bool | None
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Everything live in one environment at one seq."""

    environment: str
    seq: int
    at: datetime | None
    documents: tuple[LiveDocument, ...]
    bots: tuple[LiveBot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One document of a moment; `None` where it was not there."""

    document: str
    before_version: str | None
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How an environment came to one of its sequence numbers."""

    seq: int
    at: datetime
    number: int
    by: str
    change: int | None
    title: str
    type: str
    documents: tuple[Step, ...]
    ratification: RatificationSummary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleMoment(Moment):
    """A moment from which a bot was told something else.

    Attributes:
        bundle: Its digest; `None` if the bot was deleted.
        stopped: Why it was stopped, if it was.
    """

    bundle: str | None
    stopped: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Attributes:
    rule: Of which rule, or empty.
    """

    rule: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A live document in the format of another product."""

    document: str
    version: str
    format: str
    media_type: str
    file_name: str
    text: str
    losses: tuple[Lost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumptionPreview:
    """Whom it would take to have a bot answer again.

    Attributes:
        is_stalled: Whether a requirement could not be met as things stand.
    """

    environment: str
    bot: str
    requirements: tuple[Standing, ...]
    is_stalled: bool
    why_not: str | None


class Environments:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Environment]:
        return self._connection.items("/v1/environments", Environment, limit=None)

    def live(
        self, environment: str, *, at: datetime | None = None, seq: int | None = None
    ) -> Live:
        """What is live, or was at a moment or a sequence number."""
        return self._connection.get(
            _at(environment, "live"), Live, at=at.isoformat() if at else None, seq=seq
        )

    def export(self, environment: str, document: str, format_: str) -> Export:
        return self._connection.get(_at(environment, document), Export, format=format_)

    def history(
        self,
        environment: str,
        *,
        document: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Moment]:
        """Newest first."""
        path = _at(environment, "history")
        return self._connection.items(path, Moment, limit=limit, document=document)

    def promote(
        self,
        source: str,
        target: str,
        documents: tuple[str, ...],
        title: str,
        *,
        earliest: datetime | None = None,
        expected: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> ChangeView:
        """Propose in *target* what *source* has; a bot comes with what it uses.

        Args:
            expected: `brings` of the preview that it was decided on: refused if it
                would bring anything else by now. `None`: whatever it brings.
            key: An idempotency key; one is made up without.
        """
        body = {
            "source": source,
            "documents": documents,
            "title": title,
            "earliest": moment(earliest),
            "expected": None if expected is None else dict(expected),
        }
        path = _at(target, "promotions")
        return self._connection.post(path, body, ChangeView, key=key)

    def bundles(self, environment: str, bot: str) -> Iterator[BundleMoment]:
        """When the bot was told something else, newest first."""
        path = _at(environment, "bundles")
        return self._connection.items(path, BundleMoment, limit=None, bot=bot)

    def bundle(self, environment: str, bot: str, *, seq: int) -> bytes:
        """What the bot was told at a seq, byte for byte."""
        return self._connection.read(_at(environment, "bots", bot), seq=seq)

    def served(
        self,
        environment: str,
        document: str,
        *,
        at: datetime | None = None,
        seq: int | None = None,
    ) -> bytes:
        """What is served of a document, or was; of a bot its bundle; byte for byte."""
        return self._connection.read(_at(environment, document), at=moment(at), seq=seq)

    def beneath(self, environment: str, bot: str) -> bytes:
        """The bundle that a stopped bot would be told if it answered again now.

        Raises:
            Conflict: It is not stopped.
        """
        return self._connection.read(_at(environment, "resumptions", "bots", bot))

    def preview(self, environment: str, rollback: Rollback) -> Preview:
        body = asdict(rollback) | {"propose": False}
        return self._connection.post(
            _at(environment, "rollbacks", "preview"), body, Preview
        )

    def roll_back(
        self, environment: str, rollback: Rollback, *, key: str | None = None
    ) -> Done:
        body = asdict(rollback) | {"propose": False}
        path = _at(environment, "rollbacks")
        return self._connection.post(path, body, Done, key=key)

    def propose_rollback(
        self, environment: str, rollback: Rollback, *, key: str | None = None
    ) -> ChangeView:
        body = asdict(rollback) | {"propose": True}
        path = _at(environment, "rollbacks")
        return self._connection.post(path, body, ChangeView, key=key)

    def stop(
        self, environment: str, bot: str, reason: str, *, key: str | None = None
    ) -> Done:
        body = {"bot": bot, "reason": reason}
        return self._connection.post(_at(environment, "stops"), body, Done, key=key)

    def resume(
        self,
        environment: str,
        bot: str,
        title: str,
        *,
        earliest: datetime | None = None,
        expected_seq: int | None = None,
        key: str | None = None,
    ) -> ChangeView:
        """Propose that a stopped bot answers again.

        Args:
            expected_seq: The environment's when somebody read what would come back;
                refused if it has moved since.
        """
        body = {
            "bot": bot,
            "title": title,
            "earliest": moment(earliest),
            "expected_seq": expected_seq,
        }
        path = _at(environment, "resumptions")
        return self._connection.post(path, body, ChangeView, key=key)

    def preview_resumption(self, environment: str, bot: str) -> ResumptionPreview:
        """Whom it would take, of a bot that is stopped or is about to be."""
        path = _at(environment, "resumptions", "preview")
        return self._connection.post(path, {"bot": bot}, ResumptionPreview)


def _at(environment: str, *parts: str) -> str:
    return place("v1", "environments", environment, *parts)
