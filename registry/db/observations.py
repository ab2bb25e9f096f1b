"""Observations: which models chatbots said have answered them, added up.

They are not governed, and they are bounded: one row however often the same is
reported, and a bot has at most so many rows in an environment; the ones that were
seen longest ago make room.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, case, delete, select

from registry.db import tables
from registry.db.alerts import Difference, raise_alerts
from registry.db.engine import reading, upserting, writing

MAX_ROWS = 1_000
"""Observations of one bot in one environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What answered a bot in a role, as often as it was reported.

    Attributes:
        fingerprint: Empty if the platform said none.
        binding: Which binding expects the model; empty if none does.
        count: About: a report whose answer was lost is sent again.
    """

    environment: str
    bot: str
    role: str
    seq: int
    bundle: str
    response_model: str
    fingerprint: str
    binding: str
    first_seen: datetime
    last_seen: datetime
    count: int


_OBSERVATION = tables.Operational.metadata.tables["observation"]
_KEY = [column.name for column in _OBSERVATION.primary_key.columns]


class Observations:
    """Args:
    engine: Where the operational tables are.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, observations: Iterable[Observation], differences: Iterable[Difference]
    ) -> tuple[Difference, ...]:
        """Add up what was seen; the differences that raised an alert."""
        rows = _added_up(observations)
        with writing(self._engine) as connection:
            if rows:
                _save(connection, rows)
            for environment, bot in sorted({(r.environment, r.bot) for r in rows}):
                _make_room(connection, environment, bot)
            return raise_alerts(connection, differences)

    def list_observations(
        self, environment: str, bot: str | None, *, offset: int, limit: int
    ) -> tuple[Observation, ...]:
        """Seen last first; of all bots without *bot*."""
        query = select(_OBSERVATION).where(_OBSERVATION.c.environment == environment)
        if bot is not None:
            query = query.where(_OBSERVATION.c.bot == bot)
        keys = [_OBSERVATION.c[name] for name in _KEY]
        query = query.order_by(_OBSERVATION.c.last_seen.desc(), *keys)
        query = query.offset(offset).limit(limit)
        with reading(self._engine) as connection:
            return tuple(Observation(**r._mapping) for r in connection.execute(query))


def _save(connection: Connection, rows: Iterable[Observation]) -> None:
    statement = upserting(connection, _OBSERVATION)
    new, old = statement.excluded, _OBSERVATION.c
    earlier = new.first_seen < old.first_seen
    later = new.last_seen > old.last_seen
    adding = statement.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "first_seen": case((earlier, new.first_seen), else_=old.first_seen),
            "last_seen": case((later, new.last_seen), else_=old.last_seen),
            "count": old.count + new.count,
        },
    )
    connection.execute(adding, [asdict(row) for row in rows])


def _added_up(observations: Iterable[Observation]) -> list[Observation]:
    """Each key once, in one order, so that two writers never wait for each other."""
    rows: dict[tuple[Any, ...], Observation] = {}
    for one in observations:
        key = tuple(getattr(one, name) for name in _KEY)
        known = rows.get(key, replace(one, count=0))
        rows[key] = replace(
            known,
            first_seen=min(known.first_seen, one.first_seen),
            last_seen=max(known.last_seen, one.last_seen),
            count=known.count + one.count,
        )
    return [rows[key] for key in sorted(rows)]


def _make_room(connection: Connection, environment: str, bot: str) -> None:
    keys = [_OBSERVATION.c[name] for name in _KEY]
    too_many = connection.execute(
        select(*keys)
        .where(_OBSERVATION.c.environment == environment, _OBSERVATION.c.bot == bot)
        .order_by(_OBSERVATION.c.last_seen.desc(), *keys)
        .offset(MAX_ROWS)
    ).all()
    for row in too_many:
        same = [key == value for key, value in zip(keys, row, strict=True)]
        connection.execute(delete(_OBSERVATION).where(*same))
