"""Rows with something in every column, for tables whose content does not matter."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, Integer, LargeBinary, Table
from sqlmodel.sql.sqltypes import UTCDateTime

_MADE: tuple[tuple[tuple[type, ...], Any], ...] = (
    ((UTCDateTime, DateTime), datetime(2026, 5, 3, 12, 0, 0, 7, tzinfo=UTC)),
    ((LargeBinary,), b"\x00\xff"),
    ((Boolean,), False),
    ((Integer,), 1),
)


def sample(table: Table) -> dict[str, Any]:
    """One row; what refers to another table finds the sample there."""
    return {column.name: _value(column.type) for column in table.columns}


def _value(type_: object) -> object:
    return next((value for kinds, value in _MADE if isinstance(type_, kinds)), "sample")
