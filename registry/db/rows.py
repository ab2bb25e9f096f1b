"""Rows, out of one database and into another, whatever make either is of.

A row is a list of values in the order of its columns.  In a file it is a line of
JSON; times and bytes, for which JSON has no form, are objects with one key.  A table
may be of an earlier form than this program's: it is its columns' names that count.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    collate,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from registry.db import outbox_tables, tables  # noqa: F401 (filled)
from registry.db.fetch_tables import Counted
from registry.errors import Conflict, Invalid

Row = Sequence[Any]

OPERATIONAL = tuple(tables.Operational.metadata.sorted_tables)
"""What is operational; a table comes after those that it refers to."""

COUNTED = tuple(Counted.metadata.sorted_tables)

_BATCH = 1000
_VERSIONS = "alembic_version_"


def read_rows(connection: Connection, table: Table) -> Iterator[Row]:
    """Every row, in the order of its key."""
    with connection.execute(
        select(table).order_by(*by_bytes(connection, table)),
        execution_options={"yield_per": _BATCH},
    ) as rows:
        yield from (tuple(row) for row in rows)


def by_bytes(connection: Connection, table: Table) -> Iterator[ColumnElement[Any]]:
    """What orders rows by their key alike everywhere.

    PostgreSQL's own order of text is that of a language.
    """
    linguistic = connection.dialect.name == "postgresql"
    for one in table.primary_key.columns:
        is_text = isinstance(one.type, AutoString)
        yield collate(one, "C") if linguistic and is_text else one


def add_rows(
    connection: Connection, name: str, columns: Sequence[str], rows: Iterable[Row]
) -> int:
    """Add *rows* to the table *name*, and have what is numbered go on after them.

    Returns:
        How many there were.
    """
    count, left = 0, iter(rows)
    while batch := list(islice(left, _BATCH)):
        typed = table(name, *(_column(one, batch, i) for i, one in enumerate(columns)))
        connection.execute(
            insert(typed), [dict(zip(columns, row, strict=True)) for row in batch]
        )
        count += len(batch)
    if count and connection.dialect.name == "postgresql":
        _go_on(connection, name)
    return count


def refuse_rows(engine: Engine) -> None:
    """Raises:
    Conflict: There is something in the database.
    """
    with engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            if name.startswith(_VERSIONS):
                continue
            found = select(text("1")).select_from(table(name)).limit(1)
            if connection.execute(found).first() is not None:
                raise Conflict(
                    f"the database is not empty: there are rows in {name[:60]}",
                    hint="Make a new database, and give its URL.",
                )


def take_rows_away(engine: Engine) -> None:
    """Empty every table of a database that was empty before."""
    with engine.begin() as connection:
        names = [
            connection.dialect.identifier_preparer.quote(name)
            for name in inspect(connection).get_table_names()
            if not name.startswith(_VERSIONS)
        ]
        if names:
            connection.execute(text(f"TRUNCATE {', '.join(names)}"))


def dump_row(row: Row) -> bytes:
    return json.dumps([_plain(value) for value in row]).encode() + b"\n"


def parse_row(line: bytes) -> Row:
    """Raises:
    Invalid: It is not a row.
    """
    try:
        values = json.loads(line)
        if isinstance(values, list):
            return [_value(value) for value in values]
    except (ValueError, KeyError, TypeError):
        pass
    raise Invalid("a line is not a row of a table", hint="Take another backup.")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(value).decode()}
    return value


def _value(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    return base64.b64decode(value["bytes"], validate=True)


def _column(name: str, rows: Iterable[Row], place: int) -> Any:  # noqa: ANN401
    """A column, with the type that its values need."""
    if any(isinstance(row[place], datetime) for row in rows):
        return column(name, UTCDateTime())
    return column(name)


def _go_on(connection: Connection, name: str) -> None:
    """PostgreSQL counts beside the table, SQLite in it."""
    quote = connection.dialect.identifier_preparer.quote
    for one in inspect(connection).get_columns(name):
        sequence = connection.execute(
            select(func.pg_get_serial_sequence(quote(name), one["name"]))
        ).scalar_one()
        if sequence is not None:
            last: Select[Any] = select(func.max(column(one["name"])))
            highest = last.select_from(table(name)).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest)))
