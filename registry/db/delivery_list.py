"""The list of deliveries: what went out, what failed and what waits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Row, select

from registry.db.deliveries import DELIVERY, NOTICE, parse_notice
from registry.db.engine import reading
from registry.db.targets import TARGET


class Outcome(StrEnum):
    """What has become of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A notice on its way to one target, as people look at it.

    Attributes:
        recipient: A handle, for e-mail; else empty.
        next_try: `None` once it was delivered or given up.
    """

    id: int
    outcome: Outcome
    notice: str
    at: datetime
    kind: str
    environment: str | None
    subject: str
    target: str
    target_name: str
    recipient: str
    attempts: int
    next_try: datetime | None
    last_error: str | None
    delivered: datetime | None
    given_up: datetime | None


_COLUMN = {
    Outcome.WAITING: DELIVERY.c.next_try,
    Outcome.DELIVERED: DELIVERY.c.delivered,
    Outcome.FAILED: DELIVERY.c.given_up,
}


def list_deliveries(
    engine: Engine, *, outcome: Outcome | None, before: int | None, limit: int
) -> tuple[Delivery, ...]:
    """Newest first.

    Args:
        engine: Where the operational tables are.
        before: Only those with a lower id.
    """
    query = (
        select(
            DELIVERY,
            NOTICE.c.at,
            NOTICE.c.kind,
            NOTICE.c.environment,
            NOTICE.c.body,
            TARGET.c.name.label("target_name"),
        )
        .join(NOTICE, NOTICE.c.id == DELIVERY.c.notice)
        .join(TARGET, TARGET.c.id == DELIVERY.c.target)
        .order_by(DELIVERY.c.id.desc())
        .limit(limit)
    )
    if outcome is not None:
        query = query.where(_COLUMN[outcome].is_not(None))
    if before is not None:
        query = query.where(DELIVERY.c.id < before)
    with reading(engine) as connection:
        return tuple(map(_delivery, connection.execute(query)))


def _delivery(row: Row[Any]) -> Delivery:
    values = dict(row._mapping)
    notice = parse_notice(values.pop("body"))
    del values["made"]
    outcome = next(one for one, column in _COLUMN.items() if values[column.name])
    return Delivery(**values, outcome=outcome, subject=notice.subject)
