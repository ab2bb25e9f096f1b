"""Alerts: what somebody has to look at, raised once.

An alert is raised by the first observation of a difference, and by no later one of
the same while it is open.  Resolving says that somebody has dealt with it: the same
difference raises a new one only after what was expected has been seen again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    case,
    func,
    select,
    text,
    true,
    update,
)

from registry.db import tables
from registry.db.engine import reading, upserting, writing
from registry.errors import NotFound

MAX_OPEN = 100
"""Alerts of one bot in one environment that are open, before no more are raised."""


class AlertKind(StrEnum):
    """What an alert is about."""

    MODEL_CHANGED_UNDERNEATH = "model-changed-underneath"
    NOTICES_NOT_DELIVERED = "notices-not-delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that is not as it was agreed to, or `got == expected`: that it is."""

    kind: AlertKind
    environment: str
    bot: str
    role: str
    expected: str
    got: str
    seq: int
    bundle: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A difference that somebody has to look at.

    Attributes:
        resolved: When somebody had; then `resolved_by` and `reason` say more.
    """

    id: int
    kind: AlertKind
    environment: str
    bot: str
    role: str
    expected: str
    got: str
    seq: int
    bundle: str
    first_seen: datetime
    last_seen: datetime
    resolved: datetime | None
    resolved_by: str | None
    reason: str | None


_ALERT = tables.Operational.metadata.tables["alert"]
_DIFFERENCE = ["kind", "environment", "bot", "role", "expected", "got"]
_PUBLIC = [column for column in _ALERT.columns if column.name != "recovered"]


class Alerts:
    """Args:
    engine: Where the operational tables are.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_alerts(
        self,
        *,
        environments: Collection[str],
        resolved: bool | None,
        before: int | None,
        limit: int,
    ) -> tuple[Alert, ...]:
        """Newest first.

        Args:
            environments: Only of these; of all if there are none.
            before: Only those with a lower id.
        """
        query = select(*_PUBLIC).order_by(_ALERT.c.id.desc()).limit(limit)
        if environments:
            query = query.where(_ALERT.c.environment.in_(environments))
        if resolved is not None:
            is_open = _ALERT.c.resolved.is_(None)
            query = query.where(~is_open if resolved else is_open)
        if before is not None:
            query = query.where(_ALERT.c.id < before)
        with reading(self._engine) as connection:
            return tuple(map(_alert, connection.execute(query)))

    def about(self, environment: str, bot: str) -> tuple[Alert, ...]:
        """All that were ever raised about one bot, oldest first."""
        query = (
            select(*_PUBLIC)
            .where(_ALERT.c.environment == environment, _ALERT.c.bot == bot)
            .order_by(_ALERT.c.id)
        )
        with reading(self._engine) as connection:
            return tuple(map(_alert, connection.execute(query)))

    def resolve(self, id: int, *, at: datetime, by: str, reason: str) -> Alert:
        """One that was resolved before keeps its time and reason.

        Raises:
            NotFound: There is no such alert.
        """
        with writing(self._engine) as connection:
            connection.execute(
                update(_ALERT)
                .where(_ALERT.c.id == id, _ALERT.c.resolved.is_(None))
                .values(resolved=at, resolved_by=by, reason=reason)
            )
            row = connection.execute(
                select(*_PUBLIC).where(_ALERT.c.id == id)
            ).one_or_none()
        if row is None:
            raise NotFound(
                f"there is no alert {id}", hint="`placet alerts --all` lists them."
            )
        return _alert(row)


def raise_alerts(
    connection: Connection, differences: Iterable[Difference]
) -> tuple[Difference, ...]:
    """Those of *differences* that are an alert since now."""
    found = sorted(differences, key=_order)
    for one in found:
        if one.got == one.expected:
            _recover(connection, one)
    wrong = [one for one in found if one.got != one.expected]
    return tuple(one for one in wrong if _is_new(connection, one))


def _is_new(connection: Connection, difference: Difference) -> bool:
    """One that is there already is seen again."""
    values = asdict(difference)
    at = values.pop("at")
    same = [_ALERT.c[name] == values[name] for name in _DIFFERENCE]
    later = case((_ALERT.c.last_seen < at, at), else_=_ALERT.c.last_seen)
    seen = connection.execute(
        update(_ALERT).where(*same, ~_ALERT.c.recovered).values(last_seen=later)
    )
    if seen.rowcount or _count_open(connection, difference) >= MAX_OPEN:
        return False
    empty = dict.fromkeys(("resolved", "resolved_by", "reason"))
    made = connection.execute(
        upserting(connection, _ALERT)
        .values(**values, **empty, first_seen=at, last_seen=at, recovered=False)
        .on_conflict_do_nothing(
            index_elements=_DIFFERENCE, index_where=text("NOT recovered")
        )
    )
    return bool(made.rowcount)


def _recover(connection: Connection, seen: Difference) -> None:
    connection.execute(
        update(_ALERT)
        .where(
            *_of_bot(seen),
            _ALERT.c.role == seen.role,
            _ALERT.c.expected == seen.expected,
            _ALERT.c.resolved < seen.at,
            ~_ALERT.c.recovered,
        )
        .values(recovered=true())
    )


def _count_open(connection: Connection, difference: Difference) -> int:
    query = select(func.count()).select_from(_ALERT)
    found = query.where(*_of_bot(difference), _ALERT.c.resolved.is_(None))
    return connection.execute(found).scalar_one()


def _of_bot(difference: Difference) -> Sequence[ColumnElement[bool]]:
    return (
        _ALERT.c.kind == difference.kind,
        _ALERT.c.environment == difference.environment,
        _ALERT.c.bot == difference.bot,
    )


def _order(difference: Difference) -> tuple[str, ...]:
    return tuple(str(getattr(difference, name)) for name in _DIFFERENCE)


def _alert(row: Any) -> Alert:  # noqa: ANN401 (a row has no type of its own)
    values = dict(row._mapping)
    return Alert(**values | {"kind": AlertKind(values["kind"])})
