"""Targets of notices, as administrators configured them.

A secret that signs has to be kept as it is, unlike a password: the receiver has the
same.  A target that was removed keeps its name, for the list of what went there,
and neither address nor secret.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from registry.db import outbox_tables, tables
from registry.db.engine import reading, writing
from registry.errors import Conflict, NotFound
from registry.notices import Urgency
from registry.targets import MAX_TARGETS, Filters, Target, TargetKind

_TABLES = tables.Operational.metadata.tables
TARGET = _TABLES[str(outbox_tables.NotificationTargetRow.__tablename__)]
_DELIVERY = _TABLES[str(outbox_tables.DeliveryRow.__tablename__)]

REMOVED = "the target was removed"


class Targets:
    """Args:
    engine: Where the operational tables are.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_targets(self) -> tuple[Target, ...]:
        """Oldest first."""
        with reading(self._engine) as connection:
            return read_targets(connection)

    def get(self, id: str) -> Target:
        """Raises:
        NotFound: There is no such target.
        """
        with reading(self._engine) as connection:
            return _get(connection, id)

    def add(self, target: Target, secret: str | None) -> None:
        """Raises:
        Conflict: There are too many, or another one is called so.
        """
        with writing(self._engine) as connection:
            there = read_targets(connection)
            if len(there) >= MAX_TARGETS:
                raise Conflict(
                    f"there are {MAX_TARGETS} targets already",
                    hint="Remove one: `placet notifications targets list`.",
                )
            if any(one.name == target.name for one in there):
                raise Conflict(
                    f"there is a target called {target.name!r} already",
                    hint="Choose another name, or remove that one first.",
                )
            connection.execute(insert(TARGET), _row(target, secret))

    def remove(self, id: str, at: datetime) -> None:
        """What was still to go there is given up.

        Raises:
            NotFound: There is no such target.
        """
        with writing(self._engine) as connection:
            _get(connection, id)
            gone = {"address": "", "secret": None, "old_secret": None, "removed": at}
            connection.execute(update(TARGET).where(TARGET.c.id == id).values(**gone))
            connection.execute(
                update(_DELIVERY)
                .where(_DELIVERY.c.target == id, _DELIVERY.c.next_try.is_not(None))
                .values(next_try=None, given_up=at, last_error=REMOVED)
            )

    def read_secrets(self, id: str, now: datetime) -> tuple[str, ...]:
        """Those that sign at this moment, the present one first."""
        query = select(TARGET.c.secret, TARGET.c.old_secret, TARGET.c.old_until)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(TARGET.c.id == id)).one_or_none()
        if row is None or row.secret is None:
            return ()
        still = row.old_until is not None and now < row.old_until
        return (row.secret, row.old_secret) if still else (row.secret,)

    def rotate(self, id: str, secret: str, *, old_until: datetime) -> None:
        """Sign with *secret*, and until *old_until* with the present one as well.

        Raises:
            NotFound: There is no such target.
            Conflict: Nothing is signed for it.
        """
        with writing(self._engine) as connection:
            target = _get(connection, id)
            if target.kind is not TargetKind.WEBHOOK:
                raise Conflict(
                    f"{target.name} has no secret",
                    hint="Only webhooks are signed; make the others anew.",
                )
            connection.execute(
                update(TARGET)
                .where(TARGET.c.id == id)
                .values(old_secret=TARGET.c.secret, secret=secret, old_until=old_until)
            )


def read_targets(connection: Connection) -> tuple[Target, ...]:
    """Oldest first, without those that were removed."""
    query = (
        select(TARGET)
        .where(TARGET.c.removed.is_(None))
        .order_by(TARGET.c.made, TARGET.c.id)
    )
    return tuple(map(_target, connection.execute(query)))


def _get(connection: Connection, id: str) -> Target:
    query = select(TARGET).where(TARGET.c.id == id, TARGET.c.removed.is_(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(
            f"there is no target {id[:40]!r}",
            hint="`placet notifications targets list` lists them by their ids.",
        )
    return _target(row)


def _row(target: Target, secret: str | None) -> dict[str, object]:
    return {
        "id": target.id,
        "kind": target.kind,
        "name": target.name,
        "address": target.address,
        "environments": _joined(target.filters.environments),
        "kinds": _joined(target.filters.kinds),
        "urgency": target.filters.urgency,
        "made": target.made,
        "made_by": target.made_by,
        "secret": secret,
        "old_secret": None,
        "old_until": None,
        "removed": None,
    }


def _target(row: Row[Any]) -> Target:
    return Target(
        id=row.id,
        kind=TargetKind(row.kind),
        name=row.name,
        address=row.address,
        filters=Filters(
            environments=tuple(row.environments.split()),
            kinds=tuple(row.kinds.split()),
            urgency=Urgency(row.urgency),
        ),
        made=row.made,
        made_by=row.made_by,
    )


def _joined(words: Sequence[str]) -> str:
    return " ".join(words)
