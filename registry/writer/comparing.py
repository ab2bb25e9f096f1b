"""Comparing tables row for row, whatever databases they are in."""

from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Result, Row, Table, func, select

from registry.db.projection import EVENT, HEAD, TABLES
from registry.db.rows import by_bytes
from registry.errors import LedgerBroken


def compare_tables(expected: Connection, actual: Connection, *, hint: str) -> int:
    """How many rows the projection has, all of them alike; its head is left out.

    Args:
        hint: What to do when they are not.

    Raises:
        LedgerBroken: It names the first row that differs.
    """
    what = "what the ledger makes of it"
    return sum(
        compare_rows(expected, actual, table, what=what, hint=hint) for table in TABLES
    )


def read_heads(*tables: Connection) -> tuple[Row[Any] | None, ...]:
    """Where each of them says that it stands."""
    return tuple(each.execute(select(HEAD)).one_or_none() for each in tables)


def last_event(tables: Connection) -> int:
    """The number of the last event that the tables have or say that they have."""
    (head,) = read_heads(tables)
    last = tables.execute(select(func.max(EVENT.c.number))).scalar_one()
    return max(head.number if head else 0, last or 0)


def compare_rows(
    expected: Connection, actual: Connection, table: Table, *, what: str, hint: str
) -> int:
    """How many rows *table* has in both, all of them alike.

    Args:
        what: Says what it is compared with.
        hint: What to do when they are not.

    Raises:
        LedgerBroken: It names the first row that differs.
    """
    rows = 0
    with _rows(expected, table) as ours, _rows(actual, table) as theirs:
        for wanted, found in zip_longest(ours, theirs):
            if wanted is None or found is None or tuple(wanted) != tuple(found):
                raise LedgerBroken(
                    f"the table {table.name} differs from {what}, at "
                    f"{_place(table, wanted or found)}",
                    hint=hint,
                )
            rows += 1
    return rows


def _rows(connection: Connection, table: Table) -> Result[Any]:
    return connection.execute(
        select(table).order_by(*by_bytes(connection, table)),
        execution_options={"yield_per": 1000},
    )


def _place(table: Table, row: Row[Any] | None) -> str:
    if row is None:
        return "its end"
    values = [row._mapping[column.name] for column in table.primary_key.columns]
    return ", ".join(map(str, values))
