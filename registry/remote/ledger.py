"""The ledger: the events themselves, and whether they hold together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found to be as it should.

    Attributes:
        environments: The seq that each is at.
        head: SHA-256 of the last event; it stands for everything before it.
        root: Of all events, as checkpoints write it.
        checkpoints: How many there are.
        signed: How many events the last of them is of.
    """

    events: int
    rows: int
    environments: Mapping[str, int]
    head: str
    root: str
    checkpoints: int
    signed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorState:
    """How a copy of the ledger stands.

    Attributes:
        event: The number of the last event that it is known to have.
        behind: How many events it lacks; None while nobody knows.
        diverged: The branch that has something else there.
    """

    address: str
    event: int | None
    behind: int | None
    diverged: str | None
    problem: str | None
    tries: int


class Ledger:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def events(
        self, *, after: int = 0, limit: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """Events as they stand in the ledger, oldest first."""
        return self._connection.items(
            "/v1/ledger/events", dict[str, Any], limit=limit, after=after
        )

    def verify(self) -> Verified:
        """Raises:
        LedgerBroken: It names the first thing that is wrong.
        """
        return self._connection.post("/v1/ledger/verify", {}, Verified)

    def checkpoint(self) -> bytes:
        """What was signed last, as a signed note.

        Raises:
            NotFound: Nothing is signed yet.
        """
        return self._connection.read("/v1/ledger/checkpoint")

    def keys(self) -> bytes:
        """What checkpoints are verified with, a key a line."""
        return self._connection.read("/v1/ledger/keys")

    def mirrors(self) -> list[MirrorState]:
        return self._connection.get("/v1/ledger/mirrors", list[MirrorState])

    def text(self, digest: str) -> bytes:
        """A text that an event names, byte for byte.

        Raises:
            NotFound: No event brought it.
        """
        return self._connection.read(place("v1", "ledger", "texts", digest))

    def export(self) -> bytes:
        """Every event, one a line."""
        return self._connection.read("/v1/ledger/export")
