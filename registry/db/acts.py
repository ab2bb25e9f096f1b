"""Finding events: by where, what, who and when, a page at a time.

Numbers rise with time, so that a period is a range of numbers.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, select

from registry.db.projection import EVENT

_LAST = 2**31 - 1
"""Higher than any event's number, and a number to every database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events; `None` leaves a condition out.

    Attributes:
        after: Only events with a higher number.
        begin: Only events from then on.
        end: Only events before it.
    """

    after: int
    environment: str | None
    type: str | None
    actor: str | None
    change: int | None
    begin: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An event's number and its canonical bytes."""

    number: int
    body: bytes


def find_events(
    connection: Connection,
    wanted: Wanted,
    *,
    newest_first: bool,
    past: int | None,
    limit: int,
) -> list[Stored]:
    """Args:
    past: The number of the event after which to go on, in the order asked for.
    """
    number = EVENT.c.number
    low, high = wanted.after, _LAST
    if wanted.begin is not None:
        low = max(low, _first_from(connection, wanted.begin) - 1)
    if wanted.end is not None:
        high = _first_from(connection, wanted.end)
    if past is not None:
        low, high = (low, min(high, past)) if newest_first else (max(low, past), high)
    # One bound on either side: of two SQLite takes one, and reads up to the other.
    query = _same(wanted).where(number > low, number < high)
    order = number.desc() if newest_first else number
    rows = connection.execute(query.order_by(order).limit(limit))
    return [Stored(number=row.number, body=bytes(row.body)) for row in rows]


def _same(wanted: Wanted) -> Select[tuple[int, bytes]]:
    columns = EVENT.c
    query = select(columns.number, columns.body)
    same = (
        (columns.environment, wanted.environment),
        (columns.type, wanted.type),
        (columns.actor, wanted.actor),
        (columns.change, wanted.change),
    )
    for column, value in same:
        if value is not None:
            query = query.where(column == value)
    return query


def _first_from(connection: Connection, time: datetime) -> int:
    """The number of the first event from *time* on; beyond the last if none came."""
    number = connection.execute(
        select(EVENT.c.number).where(EVENT.c.at >= time).order_by(EVENT.c.at).limit(1)
    ).scalar_one_or_none()
    return _LAST if number is None else int(number)
