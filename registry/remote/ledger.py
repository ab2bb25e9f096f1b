"""The ledger: the events themselves, and whether they hold together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.remote.changes import moment
from registry.remote.connection import Connection, Query, place
from registry.remote.people import Limit

VERIFYING_S = 900.0
"""About a minute for a hundred thousand events; somebody may have many."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events; `None` leaves a condition out.

    Attributes:
        type: As `docs/ledger.md` lists them: `voted`, say.
        begin: From then on.
        end: Before it.
    """

    environment: str | None = None
    type: str | None = None
    actor: str | None = None
    change: int | None = None
    begin: datetime | None = None
    end: datetime | None = None


ALL = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who did something, in which capacity, and where it is recorded.

    Attributes:
        event_digest: SHA-256 of the event's bytes.
        by: Who, with the roles and seats held at that moment.
        via: How they had signed in.
        what: One sentence.
        reason: In their words; empty where none was asked for.
    """

    event: int
    event_digest: str
    type: str
    at: datetime
    by: str
    via: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    limits: tuple[Limit, ...]
    password_reset_at: datetime | None
    environment: str | None
    change: int | None
    seq: int | None
    what: str
    answers: int | None
    reason: str


class Ledger:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def events(
        self,
        wanted: Wanted = ALL,
        *,
        after: int = 0,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """Events as they stand in the ledger."""
        return self._connection.items(
            "/v1/ledger/events",
            dict[str, Any],
            limit=limit,
            after=after,
            **_query(wanted, newest_first=newest_first),
        )

    def acts(
        self,
        wanted: Wanted = ALL,
        *,
        after: int = 0,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[Act]:
        """The same events, told in a sentence each."""
        return self._connection.items(
            "/v1/ledger/acts",
            Act,
            limit=limit,
            after=after,
            **_query(wanted, newest_first=newest_first),
        )

    def verify(self) -> Verified:
        """Do everything again and compare, which takes its time.

        Raises:
            LedgerBroken: It names the first thing that is wrong.
        """
        return self._connection.post_once(
            "/v1/ledger/verify", {}, Verified, timeout_s=VERIFYING_S
        )

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


def _query(wanted: Wanted, *, newest_first: bool) -> dict[str, Query]:
    return {
        "environment": wanted.environment,
        "type": wanted.type,
        "actor": wanted.actor,
        "change": wanted.change,
        "from": moment(wanted.begin),
        "to": moment(wanted.end),
        "order": "desc" if newest_first else None,
    }
