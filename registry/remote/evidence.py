"""Evidence for somebody outside: packs as archives, and receipts of votes."""

from dataclasses import dataclass
from datetime import datetime

from registry.remote.changes import moment
from registry.remote.conditions import Condition
from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was voted, or judged, where that is recorded, and what shows that it is.

    Attributes:
        change: `None` of a rollback that was judged.
        ratification: What was judged, and by `activated` what of it.
        event_body: The event's canonical bytes, as text.
        checkpoint: A signed note, of `signed` events with this `root`.
        proof: Hashes in hexadecimal, from the event to the root.
        how_to_verify: Paragraphs.
    """

    change: int | None
    ratification: int | None
    environment: str
    title: str
    revision: int | None
    review_digest: str | None
    activated: str | None
    seat: str
    verdict: str
    reason: str
    condition: Condition | None
    by: str
    at: datetime
    event: int
    event_digest: str
    event_body: str
    checkpoint: str
    signed: int
    root: str
    proof: tuple[str, ...]
    keys: tuple[str, ...]
    how_to_verify: tuple[str, ...]


class Evidence:
    """Each pack is a ZIP archive of what `placet evidence` writes into a folder."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_change(self, change: int) -> bytes:
        return self._connection.read(place("v1", "changes", str(change), "evidence"))

    def of_moment(self, environment: str, at: datetime) -> bytes:
        """Everything that was live then."""
        return self._connection.read(
            "/v1/evidence", environment=environment, at=moment(at)
        )

    def of_period(
        self, begin: datetime, end: datetime, *, environment: str | None = None
    ) -> bytes:
        """Every act from *begin* until before *end*."""
        return self._connection.read(
            "/v1/evidence",
            environment=environment,
            **{"from": moment(begin), "to": moment(end)},
        )
