"""Fencing: PostgreSQL's lock for one writer at a time, on whichever machine it is."""

from datetime import datetime

from sqlalchemy import Connection, func, select, text

from registry.db.projection import EVENT

WRITING = 0x506C61636574
"""Held for as long as a writing transaction lasts."""

LEADING = 0x506C6163654C
"""Held by the process that does what happens by itself."""

_HELD = text(
    "SELECT pg_is_in_recovery() OR EXISTS (SELECT FROM pg_locks "
    "JOIN pg_database ON pg_database.oid = database "
    "WHERE locktype = 'advisory' AND datname = current_database() AND objsubid = 1 "
    "AND classid = :high AND objid = :low AND granted)"
)
"""Looked at and not taken: no writer ever waits for somebody who only asks."""


def hold(connection: Connection) -> None:
    """Wait for the fence, and hold it until this transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(WRITING)))


def take(connection: Connection, lock: int) -> bool:
    """Hold *lock* for as long as the connection is there, if nobody else does."""
    return bool(connection.execute(select(func.pg_try_advisory_lock(lock))).scalar())


def is_held(connection: Connection, lock: int = WRITING) -> bool:
    """Whether somebody may hold *lock* at this moment.

    A replica does not know, and has not seen everything.
    """
    key = {"high": lock >> 32, "low": lock & 0xFFFFFFFF}
    return bool(connection.execute(_HELD, key).scalar_one())


def newest_at(connection: Connection) -> datetime | None:
    """The time of the newest event; `None` before the first."""
    newest = select(EVENT.c.at).order_by(EVENT.c.number.desc()).limit(1)
    at: datetime | None = connection.execute(newest).scalar_one_or_none()
    return at
