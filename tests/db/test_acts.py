"""Finding events: quickly, however many there are."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from registry.db.acts import Wanted, find_events
from registry.db.engine import is_sqlite, reading, writing
from registry.db.projection import EVENT
from registry.db.schema import PROJECTION, migrate

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MANY = 20_000
NOTHING = Wanted(
    after=0, environment=None, type=None, actor=None, change=None, begin=None, end=None
)
RARE = [
    {"environment": "rare"},
    {"type": "stopped"},
    {"actor": "rare"},
    {"change": 1},
    {"begin": BEGAN + timedelta(minutes=MANY - 1)},
    {"end": BEGAN + timedelta(minutes=2)},
    {},
]
STEPS = 1_000
"""Of SQLite's machine, for a page of ten; to read every event takes many times that."""


def event_row(number: int) -> dict[str, object]:
    rare = number == MANY // 2
    return {
        "number": number,
        "type": "stopped" if rare else "voted",
        "at": BEGAN + timedelta(minutes=number),
        "actor": "rare" if rare else "risk",
        "environment": "rare" if rare else "production",
        "seq": None,
        "change": 1 if rare else 2,
        "body": b"{}",
    }


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("condition", RARE, ids=lambda one: "".join(one) or "all")
def test_what_is_rare_is_found_without_reading_the_rest(
    engine: Engine, condition: dict[str, object], newest_first: bool
):
    if not is_sqlite(engine):
        pytest.skip("the steps are those of SQLite's machine")
    migrate(engine, PROJECTION)
    with writing(engine) as connection:
        connection.execute(insert(EVENT), [event_row(n) for n in range(1, MANY + 1)])
    wanted, steps = {name: getattr(NOTHING, name) for name in NOTHING.__slots__}, []

    with reading(engine) as connection:
        machine = connection.connection.dbapi_connection
        machine.set_progress_handler(lambda: steps.append(1), 10)
        find_events(
            connection,
            Wanted(**(wanted | condition)),
            newest_first=newest_first,
            past=None,
            limit=10,
        )
        machine.set_progress_handler(None, 0)

    assert len(steps) * 10 < STEPS
