"""Deliveries: notices on their way, and how far each has come.

A notice, the deliveries that it asks for and the cursor over events are written in
one transaction, and what is there already is left alone: a crash loses no notice,
and no second process makes one again.  Who wants to deliver claims a delivery
first; a claim holds for a while only, so that what died with its process is tried
again.  Every method is one transaction.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, insert, select, update

from registry.db import outbox_tables, tables
from registry.db.alerts import AlertKind, Difference, raise_alerts
from registry.db.engine import reading, upserting, writing
from registry.db.targets import read_targets
from registry.notices import Notice, recipients
from registry.people import Person
from registry.targets import Target, TargetKind, takes

_TABLES = tables.Operational.metadata.tables
CURSOR = _TABLES[str(outbox_tables.OutboxCursorRow.__tablename__)]
NOTICE = _TABLES[str(outbox_tables.NoticeRow.__tablename__)]
DELIVERY = _TABLES[str(outbox_tables.DeliveryRow.__tablename__)]

TAKEN = "taken"
"""What an alert expects of a target."""

_ONLY = 1
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that nobody else tries while the claim holds.

    Attributes:
        recipient: A handle, for e-mail; else empty.
        attempts: This one included.
    """

    id: int
    notice: Notice
    recipient: str
    made: datetime
    attempts: int


class Deliveries:
    """Args:
    engine: Where the operational tables are.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read_number(self) -> int | None:
        """Of the last event that notices were made for; `None` before the first."""
        with reading(self._engine) as connection:
            return connection.execute(select(CURSOR.c.number)).scalar_one_or_none()

    def begin(self, number: int) -> None:
        """Make notices for events after *number*, if nobody has begun yet."""
        with writing(self._engine) as connection:
            connection.execute(
                upserting(connection, CURSOR)
                .values(id=_ONLY, number=number)
                .on_conflict_do_nothing(index_elements=["id"])
            )

    def move(self, *, before: int, to: int) -> None:
        """Have the cursor at *to* if it is at *before*."""
        with writing(self._engine) as connection:
            _move(connection, before=before, to=to)

    def record(
        self,
        notices: Iterable[Notice],
        people: Mapping[str, Person],
        *,
        at: datetime,
        before: int,
        to: int,
    ) -> bool:
        """Record what the events after *before*, up to *to*, give rise to.

        Returns:
            False, and nothing is recorded, if somebody else was first.
        """
        with writing(self._engine) as connection:
            if not _move(connection, before=before, to=to):
                return False
            _post(connection, notices, people, at)
        return True

    def post(
        self, notices: Iterable[Notice], people: Mapping[str, Person], *, at: datetime
    ) -> int:
        """Record *notices* that no event gives rise to; how many were new."""
        with writing(self._engine) as connection:
            return _post(connection, notices, people, at)

    def list_known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of *ids* that are notices already."""
        found: set[str] = set()
        every = sorted(ids)
        with reading(self._engine) as connection:
            for begin in range(0, len(every), _BATCH):
                some = every[begin : begin + _BATCH]
                query = select(NOTICE.c.id).where(NOTICE.c.id.in_(some))
                found.update(connection.execute(query).scalars())
        return frozenset(found)

    def list_due(self, now: datetime) -> tuple[str, ...]:
        """The ids of targets for which something is due."""
        query = select(DELIVERY.c.target).where(DELIVERY.c.next_try <= now).distinct()
        with reading(self._engine) as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def claim(self, target: str, *, now: datetime, until: datetime) -> Claimed | None:
        """The one that is due for longest, for nobody else before *until*."""
        due = (
            select(DELIVERY.c.id, NOTICE.c.body)
            .join(NOTICE, NOTICE.c.id == DELIVERY.c.notice)
            .where(DELIVERY.c.target == target, DELIVERY.c.next_try <= now)
            .order_by(DELIVERY.c.next_try, DELIVERY.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=DELIVERY)
        )
        with writing(self._engine) as connection:
            found = connection.execute(due).one_or_none()
            if found is None:
                return None
            row = connection.execute(
                update(DELIVERY)
                .where(DELIVERY.c.id == found.id)
                .values(attempts=DELIVERY.c.attempts + 1, next_try=until)
                .returning(
                    DELIVERY.c.id,
                    DELIVERY.c.recipient,
                    DELIVERY.c.made,
                    DELIVERY.c.attempts,
                )
            ).one()
        return Claimed(**row._mapping, notice=parse_notice(found.body))

    def deliver(self, claimed: Claimed, target: Target, at: datetime) -> None:
        """Note that it was taken, also if the claim does not hold any more."""
        with writing(self._engine) as connection:
            connection.execute(
                update(DELIVERY)
                .where(DELIVERY.c.id == claimed.id)
                .values(delivered=at, given_up=None, next_try=None, last_error=None)
            )
            raise_alerts(connection, [_difference(target, TAKEN, at)])

    def postpone(self, claimed: Claimed, error: str, next_try: datetime) -> None:
        """Note that it was not taken; nothing if the claim does not hold any more."""
        with writing(self._engine) as connection:
            connection.execute(
                update(DELIVERY)
                .where(*_held(claimed))
                .values(next_try=next_try, last_error=error)
            )

    def give_up(
        self, claimed: Claimed, target: Target, error: str, at: datetime, *, alert: bool
    ) -> None:
        """The same, if nobody tries again.

        Args:
            alert: Whether somebody has to look at it.
        """
        with writing(self._engine) as connection:
            held = connection.execute(
                update(DELIVERY)
                .where(*_held(claimed))
                .values(next_try=None, given_up=at, last_error=error)
            )
            if held.rowcount and alert:
                raise_alerts(connection, [_difference(target, error, at)])


def _move(connection: Connection, *, before: int, to: int) -> bool:
    moved = connection.execute(
        update(CURSOR).where(CURSOR.c.number == before).values(number=to)
    )
    return bool(moved.rowcount)


def _post(
    connection: Connection,
    notices: Iterable[Notice],
    people: Mapping[str, Person],
    at: datetime,
) -> int:
    targets = read_targets(connection)
    new = 0
    for notice in notices:
        made = connection.execute(
            upserting(connection, NOTICE)
            .values(
                id=notice.id,
                at=notice.at,
                kind=notice.kind,
                environment=notice.environment,
                body=msgspec.json.encode(notice),
            )
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(NOTICE.c.id)  # of an insert, drivers count otherwise
        )
        if made.one_or_none() is None:
            continue
        new += 1
        rows = _rows(notice, targets, recipients(notice, people), at)
        if rows:
            connection.execute(insert(DELIVERY), rows)
    return new


def _rows(
    notice: Notice, targets: Iterable[Target], handles: Collection[str], at: datetime
) -> list[dict[str, object]]:
    return [
        {
            "notice": notice.id,
            "target": target.id,
            "recipient": recipient,
            "made": at,
            "attempts": 0,
            "next_try": at,
            "last_error": None,
            "delivered": None,
            "given_up": None,
        }
        for target in targets
        if takes(target.filters, notice)
        for recipient in (handles if target.kind is TargetKind.EMAIL else [""])
    ]


def _held(claimed: Claimed) -> tuple[Any, ...]:
    return (
        DELIVERY.c.id == claimed.id,
        DELIVERY.c.attempts == claimed.attempts,
        DELIVERY.c.next_try.is_not(None),
    )


def _difference(target: Target, got: str, at: datetime) -> Difference:
    return Difference(
        kind=AlertKind.NOTICES_NOT_DELIVERED,
        environment="",
        bot="",
        role=target.name,
        expected=TAKEN,
        got=got,
        seq=0,
        bundle="",
        at=at,
    )


def parse_notice(body: bytes) -> Notice:
    return msgspec.json.decode(bytes(body), type=Notice)
