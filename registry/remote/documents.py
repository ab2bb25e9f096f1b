"""Documents: which there are, their versions and texts, and recalled ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document, and the version that each environment has live."""

    document: str
    live: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Attributes:
    change: By which it first went live, if by one.
    """

    version: str
    digest: str
    change: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVersion:
    version: str
    digest: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    document: str
    versions: tuple[Version, ...]
    live: Mapping[str, LiveVersion]
    used_by: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place in a live text that fits what was searched for."""

    document: str
    environment: str
    where: str
    snippet: str


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
    served_for: tuple[ServedFor, ...] = ()


class Documents:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, *, kind: str | None = None, q: str | None = None, limit: int | None = None
    ) -> Iterator[Listed]:
        return self._connection.items(
            "/v1/documents", Listed, limit=limit, kind=kind, q=q
        )

    def get(self, document: str) -> Document:
        return self._connection.get(place("v1", "documents", document), Document)

    def read(self, document: str, version: str) -> bytes:
        """The YAML of one version, byte for byte."""
        path = place("v1", "documents", document, "versions", version)
        return self._connection.read(path)

    def search(self, words: str, *, limit: int | None = None) -> Iterator[Found]:
        return self._connection.items("/v1/search", Found, limit=limit, q=words)


class Recalls:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Recalled]:
        return self._connection.items("/v1/recalls", Recalled, limit=None)

    def recall(self, digest: str, reason: str) -> Recalled:
        body = {"digest": digest, "reason": reason}
        return self._connection.post("/v1/recalls", body, Recalled)
