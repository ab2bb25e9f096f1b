"""Fetches: which client was told which seq of what, added up.

 * A client is a token, or a person with a session.
 * By the hour, for eight days: how often each client was told each seq.
 * For each client and document the last seq that it was told, for 90 days after that.
 * Several processes may add; what is there already only grows.

They are not governed, and nothing is decided by them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    case,
    delete,
    distinct,
    func,
    or_,
    select,
)

from registry.db import fetch_tables
from registry.db.engine import reading, upserting, writing
from registry.names import Ref

KEPT_BY_HOUR = timedelta(days=8)
KEPT_OF_CLIENTS = timedelta(days=90)

_TABLES = fetch_tables.Counted.metadata.tables
_COUNT, _CLIENT = _TABLES["fetch_count"], _TABLES["fetch_client"]
_COUNT_KEY = [column.name for column in _COUNT.primary_key.columns]
_CLIENT_KEY = [column.name for column in _CLIENT.primary_key.columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What a client was told, as often as it asked between two moments of one hour.

    Attributes:
        handle: The person with the session, or who answers for the token.
        via: `session` or `token:<id>`.
        seq: Since which the document reads as the client was told.
    """

    environment: str
    document: Ref
    seq: int
    handle: str
    via: str
    first_seen: datetime
    last_seen: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """How often one seq of a document was told, and how many clients."""

    document: Ref
    seq: int
    count: int
    clients: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LastFetch:
    """What a client was told last of a document.

    Attributes:
        first_seen: When it was told that seq first.
    """

    document: Ref
    handle: str
    via: str
    seq: int
    first_seen: datetime
    last_seen: datetime


class Fetches:
    """Args:
    engine: Where the tables of what was fetched are.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, fetches: Iterable[Fetch]) -> None:
        """Add what was fetched to what is there.

        In one order, so that two writers never wait for each other.
        """
        given = sorted(fetches, key=lambda one: (one.last_seen, one.seq))
        counts = [{**asdict(one), "hour": hour_of(one.first_seen)} for one in given]
        last = {
            (one.document, one.environment, one.handle, one.via): one for one in given
        }
        clients = [asdict(last[key]) for key in sorted(last)]
        counts.sort(key=lambda row: tuple(row[name] for name in _COUNT_KEY))
        if not counts:
            return
        with writing(self._engine) as connection:
            _save_counts(connection, counts)
            _save_clients(connection, clients)

    def prune(self, now: datetime) -> None:
        """Forget the hours and the clients that were seen too long ago."""
        with writing(self._engine) as connection:
            connection.execute(delete(_COUNT).where(_COUNT.c.hour < now - KEPT_BY_HOUR))
            seen = _CLIENT.c.last_seen
            connection.execute(delete(_CLIENT).where(seen < now - KEPT_OF_CLIENTS))

    def list_fetched(
        self, environment: str, document: Ref | None, *, since: datetime
    ) -> tuple[Fetched, ...]:
        """Of the hour of *since* and later; by document, the newest seq first."""
        counted = _COUNT.c
        query = (
            select(
                counted.document,
                counted.seq,
                func.sum(counted.count).label("count"),
                func.count(distinct(counted.handle + " " + counted.via)).label(
                    "clients"
                ),
                func.min(counted.first_seen).label("first_seen"),
                func.max(counted.last_seen).label("last_seen"),
            )
            .where(counted.environment == environment, counted.hour >= hour_of(since))
            .group_by(counted.document, counted.seq)
        )
        if document is not None:
            query = query.where(counted.document == document)
        with reading(self._engine) as connection:
            found = [
                Fetched(**{**row._mapping, "count": int(row._mapping["count"])})
                for row in connection.execute(query)
            ]
        return tuple(sorted(found, key=lambda one: (one.document, -one.seq)))

    def list_last(
        self, environment: str, document: Ref | None
    ) -> tuple[LastFetch, ...]:
        """What each client was told last, in no order."""
        columns = [c for c in _CLIENT.columns if c.name != "environment"]
        query = select(*columns).where(_CLIENT.c.environment == environment)
        if document is not None:
            query = query.where(_CLIENT.c.document == document)
        with reading(self._engine) as connection:
            return tuple(LastFetch(**r._mapping) for r in connection.execute(query))

    def last_seen(self) -> Mapping[str, datetime]:
        """When each client that is known asked last, by what it came in with."""
        query = select(
            _CLIENT.c.via, func.max(_CLIENT.c.last_seen).label("seen")
        ).group_by(_CLIENT.c.via)
        with reading(self._engine) as connection:
            return {row.via: row.seen for row in connection.execute(query)}


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _save_counts(connection: Connection, rows: list[dict[str, object]]) -> None:
    statement = upserting(connection, _COUNT)
    new, old = statement.excluded, _COUNT.c
    adding = statement.on_conflict_do_update(
        index_elements=_COUNT_KEY,
        set_={
            "first_seen": _lesser(new.first_seen, old.first_seen),
            "last_seen": _greater(new.last_seen, old.last_seen),
            "count": old.count + new.count,
        },
    )
    connection.execute(adding, rows)


def _save_clients(connection: Connection, rows: list[dict[str, object]]) -> None:
    statement = upserting(connection, _CLIENT)
    new, old = statement.excluded, _CLIENT.c
    at_once = and_(new.last_seen == old.last_seen, new.seq > old.seq)
    later = or_(new.last_seen > old.last_seen, at_once)
    same = new.seq == old.seq
    earlier = _lesser(new.first_seen, old.first_seen)
    replacing = statement.on_conflict_do_update(
        index_elements=_CLIENT_KEY,
        set_={
            "seq": case((later, new.seq), else_=old.seq),
            "first_seen": case(
                (same, earlier), (later, new.first_seen), else_=old.first_seen
            ),
            "last_seen": _greater(new.last_seen, old.last_seen),
        },
    )
    named = _CLIENT.columns.keys()
    connection.execute(replacing, [{name: row[name] for name in named} for row in rows])


def _lesser(
    one: ColumnElement[datetime], other: ColumnElement[datetime]
) -> ColumnElement[datetime]:
    return case((one < other, one), else_=other)


def _greater(
    one: ColumnElement[datetime], other: ColumnElement[datetime]
) -> ColumnElement[datetime]:
    return case((one > other, one), else_=other)
