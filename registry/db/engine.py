"""Engines: how a database is opened, read and written.

SQLite's driver begins transactions late and for reading; two writers then meet
in the middle and one loses what it did (measured: 74 of 100 increments lost).
So the driver's own transactions are off, and a hook begins each one: at once
for writing if it was asked for with `writing`, otherwise for reading.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_S = 30
_WITHOUT_DRIVER = {"postgres", "postgresql"}

KEPT_ALIVE = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How libpq finds out within 20 s that nobody is at the other end any more.

Without it a connection through a network that was cut waits for hours.  What the
URL says about the same comes first.
"""

_WRITES = "placet_writes"


def open_engine(url: str | URL, *, flush: bool = False) -> Engine:
    """An engine for `sqlite:///path/to/file` or `postgresql://...`.

    Args:
        flush: Whether a commit has to survive a power cut on SQLite; elsewhere
            it always does.
    """
    url = make_url(url)
    if url.drivername in _WITHOUT_DRIVER:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        alive = {key: KEPT_ALIVE[key] for key in KEPT_ALIVE.keys() - url.query.keys()}
        return create_engine(url, pool_pre_ping=True, connect_args=alive)
    engine = create_engine(
        url, connect_args={"isolation_level": None, "timeout": BUSY_S}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    if flush:
        event.listen(engine, "connect", _flush_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def sqlite_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


@contextmanager
def disposing(engine: Engine) -> Iterator[Engine]:
    """The engine, and at the end no connection of it."""
    try:
        yield engine
    finally:
        engine.dispose()


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def upserting(
    connection: Connection, table: Table
) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what happens if the row is there already."""
    is_lite = connection.dialect.name == "sqlite"
    return sqlite.insert(table) if is_lite else postgresql.insert(table)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write; committed when the block ends well."""
    with (
        engine.connect().execution_options(**{_WRITES: True}) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees one moment of the database."""
    options = {} if is_sqlite(engine) else {"isolation_level": "REPEATABLE READ"}
    with (
        engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        yield connection


def _prepare_sqlite(connection: SQLiteConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # The ledger is flushed before this database commits, and what a power cut
    # takes from the end of the WAL is folded in from there again.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _flush_sqlite(connection: SQLiteConnection, _: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    mode = "IMMEDIATE" if options.get(_WRITES) else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")
