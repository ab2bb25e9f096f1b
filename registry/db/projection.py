"""The projection: the rows that an event adds, and how they are written.

`add_event` is the only description of the tables' content; writing one event,
catching up with the ledger and rebuilding all use it.  It composes what is
served again and compares it with the digests in the event, so that a fault in
here stops the act, and never reaches the ledger or a reader.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from registry import payloads
from registry.composition import Composed, compose, compose_bundle
from registry.db import tables
from registry.documents import Document
from registry.effects import Documents, overlay
from registry.errors import LedgerBroken
from registry.events import Event
from registry.names import Digest, Kind, Ref, ref
from registry.state import Environment, Live, State

Row = dict[str, Any]

_HEAD_ID = 1


def _table(row: type[tables.Projected]) -> Table:
    return tables.Projected.metadata.tables[str(row.__tablename__)]


HEAD = _table(tables.HeadRow)
EVENT = _table(tables.EventRow)
TEXT = _table(tables.TextRow)
SERVED = _table(tables.ServedRow)
LIVE = _table(tables.LiveRow)
BOT = _table(tables.BotRow)
MOMENT = _table(tables.MomentRow)

TABLES = (EVENT, TEXT, SERVED, LIVE, BOT, MOMENT)
"""Every table that events fill."""

_NAME = {LIVE: "document", BOT: "bot"}
"""The tables of intervals, and what the column is called that names the thing."""


class Rows:
    """Rows to add, and intervals to end, of one event or of many.

    An interval that begins and ends among them is added as ended already, so
    that what was written before can be ended first and at no time two rows
    say that they hold now.
    """

    def __init__(self) -> None:
        self.added: dict[Table, list[Row]] = {table: [] for table in TABLES}
        self.ended: dict[Table, list[Row]] = {table: [] for table in _NAME}
        self._open: dict[tuple[Table, str, str], Row] = {}

    def begin(self, table: Table, row: Row) -> None:
        row = {**row, "until": None}
        self.added[table].append(row)
        self._open[table, row["environment"], row[_NAME[table]]] = row

    def end(
        self, table: Table, environment: str, name: str, *, since: int, until: int
    ) -> None:
        row = self._open.pop((table, environment, name), None)
        if row is not None:
            row["until"] = until
            return
        self.ended[table].append(
            {
                "_environment": environment,
                "_name": name,
                "_since": since,
                "_until": until,
            }
        )


def add_text(rows: Rows, texts: Mapping[Digest, bytes]) -> None:
    rows.added[TEXT].extend(
        {"digest": digest, "body": body} for digest, body in texts.items()
    )


def add_event(
    rows: Rows,
    event: Event,
    body: bytes,
    *,
    before: State,
    after: State,
    documents: Documents,
) -> None:
    """Put everything that *event* adds to the tables into *rows*.

    Args:
        body: The event's canonical bytes.
        documents: Everything that is live before or after the event.

    Raises:
        LedgerBroken: What is composed differs from what the event says.
    """
    payload = event.payload
    rows.added[EVENT].append(
        {
            "number": event.number,
            "type": payloads.NAMES[type(payload)],
            "at": event.at,
            "actor": event.actor.handle,
            "environment": getattr(payload, "environment", None),
            "seq": getattr(payload, "seq", None),
            "change": getattr(payload, "change", None),
            "body": body,
        }
    )
    if not isinstance(payload, payloads.MOVES):
        return
    old = before.environments[payload.environment]
    new = after.environments[payload.environment]
    rows.added[MOMENT].append(
        {
            "environment": new.name,
            "seq": new.seq,
            "number": event.number,
            "at": event.at,
        }
    )
    get = overlay(new, {}, documents)
    if isinstance(payload, payloads.Activated):
        _add_documents(rows, payload, old, new, lambda name: compose(name, get))
        bundles = payload.bundles
    else:
        bundles = (payload.bundle,)
    for told in bundles:
        _add_bot(rows, told, old, new, get)


def _add_documents(
    rows: Rows,
    payload: payloads.Activated,
    old: Environment,
    new: Environment,
    composed: Callable[[Ref], Composed],
) -> None:
    for document in payload.documents:
        name = document.document
        _end(rows, old.live.get(name), new)
        served = composed(name)
        _check(served, document.composed, name)
        _add_served(rows, served)
        rows.begin(
            LIVE,
            {
                "environment": new.name,
                "document": name,
                "since": new.seq,
                "version": document.version,
                "digest": document.digest,
                "composed": document.composed,
            },
        )
    for name in payload.deleted:
        _end(rows, old.live.get(name), new)


def _add_bot(
    rows: Rows,
    told: payloads.BundleSet,
    old: Environment,
    new: Environment,
    get: Callable[[Ref], Document],
) -> None:
    held = old.bots.get(told.bot)
    if held is not None:
        rows.end(BOT, new.name, told.bot, since=held.since, until=new.seq)
    if told.bundle is not None:
        served = compose_bundle(
            get(ref(Kind.BOT, told.bot)),
            lambda name: compose(name, get),
            stopped=told.stopped,
        )
        _check(served, told.bundle, told.bot)
        _add_served(rows, served)
    rows.begin(
        BOT,
        {
            "environment": new.name,
            "bot": told.bot,
            "since": new.seq,
            "bundle": told.bundle,
            "floor": told.floor,
            "stopped": told.stopped is not None,
        },
    )


def _end(rows: Rows, live: Live | None, new: Environment) -> None:
    if live is not None:
        rows.end(
            LIVE,
            new.name,
            live.document.document,
            since=live.composed_since,
            until=new.seq,
        )


def _add_served(rows: Rows, served: Composed) -> None:
    rows.added[SERVED].append({"digest": served.digest, "body": served.body})


def _check(served: Composed, expected: Digest, what: str) -> None:
    if served.digest != expected:
        raise LedgerBroken(
            f"{what} is composed to {served.digest}, but its event says {expected}"
        )


def write_rows(connection: Connection, rows: Rows) -> None:
    """Write *rows*, many at a time.  Texts and served bytes may be there."""
    for table, ended in rows.ended.items():
        if ended:
            connection.execute(_END[table], ended)
    for table, added in rows.added.items():
        if added:
            connection.execute(_insert(connection, table), added)


def write_head(
    connection: Connection, *, number: int, digest: Digest, position: str
) -> None:
    values = {"number": number, "digest": digest, "position": position}
    moved = connection.execute(update(HEAD).where(HEAD.c.id == _HEAD_ID), values)
    if moved.rowcount == 0:
        connection.execute(insert(HEAD), {"id": _HEAD_ID, **values})


def read_head(connection: Connection) -> tuple[int, str | None]:
    """The number of the last event, and the ledger's name for where it stands."""
    row = connection.execute(select(HEAD.c.number, HEAD.c.position)).one_or_none()
    return (0, None) if row is None else (row.number, row.position)


def clear(connection: Connection) -> None:
    """Empty the projection."""
    for table in (HEAD, *TABLES):
        connection.execute(delete(table))


def _end_interval(table: Table, name: str) -> Update:
    return (
        update(table)
        .where(
            table.c.environment == bindparam("_environment"),
            table.c[name] == bindparam("_name"),
            table.c.since == bindparam("_since"),
        )
        .values(until=bindparam("_until"))
    )


_END = {LIVE: _end_interval(LIVE, "document"), BOT: _end_interval(BOT, "bot")}
_WRITTEN_AGAIN = {TEXT, SERVED}


def _insert(connection: Connection, table: Table) -> Insert:
    if table not in _WRITTEN_AGAIN:
        return insert(table)
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=["digest"])
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=["digest"])
