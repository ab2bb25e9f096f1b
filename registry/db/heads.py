"""Signed heads: what the writer has signed, for every server to hand on.

They are neither projected nor governed.  Who loses them signs them again; who reads
them asks for what is newer than the last serial that it has seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row, func, select

from registry.db import head_tables
from registry.db.engine import is_sqlite, reading, upserting, writing
from registry.heads import Signed, Standing
from registry.names import Digest

ADVISORY_LOCK = 0x506C616365744864
"""PostgreSQL's lock that has serials become visible in their order."""

_HEAD = head_tables.Headed.metadata.tables["signed_head"]
_KEY = [column.name for column in _HEAD.primary_key.columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Attributes:
    heads: Those that are new; all of them if `is_all`.
    serial: To be given the next time.
    """

    heads: tuple[Signed, ...]
    serial: int
    is_all: bool


class SignedHeads:
    """Args:
    engine: Where the table of signed heads is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._saving: Executable | None = None

    def news(self, after: int) -> News:
        """What is newer than the serial *after*; 0 for everything.

        Where the table was lost and begun anew it is everything that is in it.
        """
        with reading(self._engine) as connection:
            latest = _latest(connection)
            if latest == after:
                return News(heads=(), serial=latest, is_all=False)
            is_all = latest < after or after == 0
            rows = connection.execute(
                select(_HEAD).where(_HEAD.c.serial > (0 if is_all else after))
            )
            heads = tuple(map(_signed, rows))
        return News(heads=heads, serial=latest, is_all=is_all)

    def save(self, heads: Sequence[Signed]) -> int:
        """Put *heads*, at least one, in the place of those of their subjects.

        Returns:
            Their serial.
        """
        with writing(self._engine) as connection:
            if not is_sqlite(self._engine):
                connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))
            serial = _latest(connection) + 1
            if self._saving is None:  # it takes longer to make than to run
                self._saving = _saving(connection)
            connection.execute(self._saving, list(_rows(heads, serial)))
        return serial


def _saving(connection: Connection) -> Executable:
    statement = upserting(connection, _HEAD)
    given = {
        column.name: statement.excluded[column.name]
        for column in _HEAD.columns
        if column.name not in _KEY
    }
    return statement.on_conflict_do_update(index_elements=_KEY, set_=given)


def _latest(connection: Connection) -> int:
    return int(connection.execute(select(func.max(_HEAD.c.serial))).scalar_one() or 0)


def _rows(heads: Iterable[Signed], serial: int) -> Iterable[dict[str, Any]]:
    for head in sorted(heads, key=lambda one: one.standing.subject):
        standing = head.standing
        yield {
            "environment": standing.environment,
            "bot": standing.bot,
            "serial": serial,
            "repository": standing.repository,
            "epoch": standing.epoch,
            "seq": standing.seq,
            "floor": standing.floor,
            "content": standing.content,
            "stopped": standing.stopped,
            "issued": head.issued,
            "renew": head.renew,
            "expires": head.expires,
            "signed_by": " ".join(head.keys),
            "body": head.body,
        }


def _signed(row: Row[Any]) -> Signed:
    return Signed(
        standing=Standing(
            repository=row.repository,
            environment=row.environment,
            bot=row.bot,
            epoch=row.epoch,
            seq=row.seq,
            floor=row.floor,
            content=None if row.content is None else Digest(row.content),
            stopped=row.stopped,
        ),
        issued=row.issued,
        renew=row.renew,
        expires=row.expires,
        keys=tuple(row.signed_by.split()),
        body=bytes(row.body),
    )
