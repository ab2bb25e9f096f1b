"""The ledger: the events themselves, and whether they hold together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.remote.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found to be as it should.

    Attributes:
        environments: The seq that each is at.
        head: SHA-256 of the last event; it stands for everything before it.
    """

    events: int
    rows: int
    environments: Mapping[str, int]
    head: str


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

    def export(self) -> bytes:
        """Every event, one a line."""
        return self._connection.read("/v1/ledger/export")
