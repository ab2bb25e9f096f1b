"""Documents: which there are, their versions and texts, and recalled ones."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from registry.remote.connection import Connection, place
from registry.remote.reviews import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document, and the version that each environment has live.

    Attributes:
        owners: Where it is live; several where environments differ.
        tier: The strictest of where it is live; `None` if it is nowhere.
        review: The most urgent of where it is live; `None` if it is nowhere.
        review_due: From then on it is overdue; `None` if nothing says when.
    """

    document: str
    live: Mapping[str, str]
    owners: tuple[str, ...]
    tier: str | None
    review: str | None
    review_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Attributes:
    change: By which it first went live, if by one.
    """

    version: str
    digest: str
    change: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCases:
    """Attributes:
    cases: Each with its members, as the document has them.
    """

    document: str
    version: str
    cases: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A call of a bot that is chained; `prompt` is a document."""

    name: str
    prompt: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVersion:
    """Attributes:
    uses: What it names or includes directly.
    steps: Of a bot.
    """

    version: str
    digest: str
    since: int
    owner: str
    tier: str
    description: str
    labels: Mapping[str, str]
    uses: tuple[str, ...]
    steps: tuple[Step, ...]
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    document: str
    versions: tuple[Version, ...]
    live: Mapping[str, LiveVersion]
    used_by: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedDocument:
    """Attributes:
    steps: How far away; below 0 for what uses it, 0 for itself.
    """

    document: str
    version: str
    owner: str
    tier: str
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    document: str
    uses: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """A live document among those that it is connected with, the nearest of them.

    Attributes:
        users_left_out: How many more use it than are told.
        used_left_out: How many more it uses than are told.
    """

    environment: str
    document: str
    documents: tuple[UsedDocument, ...]
    uses: tuple[Use, ...]
    users_left_out: int
    used_left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a list is looked for; `None` for whatever it is.

    Attributes:
        q: A part of the name.
        label: Its name, or `name=value`.
        due_before: When its review is due, or was: before then.
    """

    kind: str | None = None
    q: str | None = None
    environment: str | None = None
    owner: str | None = None
    tier: str | None = None
    review: str | None = None
    label: str | None = None
    due_before: datetime | None = None


ALL = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A live text in which all the words are.

    Attributes:
        where: `name`, or the first of the lines; *snippet* is what is written there.
        lines: Those with most of the words, best first.
        more_lines: How many others have one of them.
    """

    document: str
    environment: str
    where: str
    snippet: str
    lines: tuple[FoundLine, ...]
    more_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveUse:
    """Attributes:
    answering: Those of the bots that are not stopped.
    back_to: A seq to go back to; `None` if it takes an edit.
    """

    environment: str
    document: str
    bots: tuple[str, ...]
    answering: tuple[str, ...]
    back_to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFor:
    """A document for which a digest was served; `digest` is its own text's."""

    document: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A digest that never goes live again, and where it still is."""

    digest: str
    reason: str
    live: tuple[LiveUse, ...]
    served_for: tuple[ServedFor, ...]


class Documents:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, wanted: Wanted = ALL, *, limit: int | None = None
    ) -> Iterator[Listed]:
        """By name in order."""
        due = wanted.due_before
        query = asdict(wanted) | {"due_before": due.isoformat() if due else None}
        return self._connection.items("/v1/documents", Listed, limit=limit, **query)

    def get(self, document: str) -> Document:
        return self._connection.get(place("v1", "documents", document), Document)

    def cases(self, document: str, version: str) -> tuple[Mapping[str, Any], ...]:
        """The cases of a version: what its author has tried it with."""
        path = place("v1", "documents", document, "versions", version, "cases")
        return self._connection.get(path, VersionCases).cases

    def read(self, document: str, version: str) -> bytes:
        """The YAML of one version, byte for byte."""
        path = place("v1", "documents", document, "versions", version)
        return self._connection.read(path)

    def uses(self, environment: str, document: str) -> Uses:
        """What uses a live document and what it uses, the nearest first."""
        path = place("v1", "environments", environment, "uses")
        return self._connection.get(path, Uses, document=document)

    def search(
        self,
        words: str,
        *,
        kind: str | None = None,
        environment: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Found]:
        return self._connection.items(
            "/v1/search",
            Found,
            limit=limit,
            q=words,
            kind=kind,
            environment=environment,
        )


class Recalls:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Recalled]:
        return self._connection.items("/v1/recalls", Recalled, limit=None)

    def recall(self, digest: str, reason: str) -> Recalled:
        body = {"digest": digest, "reason": reason}
        return self._connection.post("/v1/recalls", body, Recalled)
