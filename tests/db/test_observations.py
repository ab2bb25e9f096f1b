"""What chatbots observed is added up, bounded and alerted of, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from registry.db.alerts import MAX_OPEN, AlertKind, Alerts, Difference
from registry.db.observations import MAX_ROWS, Observation, Observations
from registry.db.schema import OPERATIONS, migrate
from registry.errors import NotFound

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SEEN = Observation(
    environment="production",
    bot="acme/support",
    role="main",
    seq=7,
    bundle="sha256:0",
    response_model="gpt-4o",
    fingerprint="",
    binding="acme/chat",
    first_seen=NOON,
    last_seen=NOON,
    count=1,
)
CHANGED = Difference(
    kind=AlertKind.MODEL_CHANGED_UNDERNEATH,
    environment="production",
    bot="acme/support",
    role="main",
    expected="gpt-4o",
    got="gpt-5",
    seq=7,
    bundle="sha256:0",
    at=NOON,
)


@pytest.fixture
def tables(engine: Engine) -> Iterator[Engine]:
    migrate(engine, OPERATIONS)
    return engine


def rows(tables: Engine, limit: int = 10_000):
    return Observations(tables).list_observations(
        "production", None, offset=0, limit=limit
    )


def alerts(tables: Engine):
    return Alerts(tables).list_alerts(
        environments=(), resolved=None, before=None, limit=10_000
    )


def add(tables: Engine, *differences: Difference):
    return Observations(tables).add([], differences)


def test_the_same_is_one_row_with_its_times_and_its_count(tables):
    observations = Observations(tables)
    hour = timedelta(hours=1)

    observations.add([SEEN, replace(SEEN, last_seen=NOON + hour, count=5)], [])
    observations.add([replace(SEEN, first_seen=NOON - hour, count=2)], [])

    (row,) = rows(tables)
    assert row == replace(SEEN, first_seen=NOON - hour, last_seen=NOON + hour, count=8)


def test_many_writers_at_once_lose_no_count_and_raise_one_alert(tables):
    def write(number: int):
        seen = [replace(SEEN, fingerprint=str(n)) for n in range(5)]
        return Observations(tables).add(
            seen if number % 2 else seen[::-1], [CHANGED, replace(CHANGED, got="other")]
        )

    with ThreadPoolExecutor(8) as pool:
        raised = [one for found in pool.map(write, range(40)) for one in found]

    assert [row.count for row in rows(tables)] == [40] * 5
    assert sorted(one.got for one in raised) == ["gpt-5", "other"]
    assert len(alerts(tables)) == 2


def test_rows_of_a_bot_are_bounded_also_when_all_are_of_one_moment(tables):
    observations = Observations(tables)
    many = [replace(SEEN, fingerprint=f"{n:05d}") for n in range(MAX_ROWS)]

    observations.add([replace(SEEN, bot="acme/other")], [])
    observations.add(many, [])
    observations.add(
        [replace(one, fingerprint=f"x{one.fingerprint}") for one in many], []
    )

    assert len(rows(tables)) == MAX_ROWS + 1


def test_a_count_may_be_larger_than_any_number_of_32_bits(tables):
    observations = Observations(tables)

    for _ in range(3):
        observations.add([replace(SEEN, count=2**31)], [])

    assert rows(tables)[0].count == 3 * 2**31


def test_a_difference_raises_one_alert_while_it_is_open(tables):
    later = replace(CHANGED, at=NOON + timedelta(hours=1))

    raised = [add(tables, CHANGED), add(tables, later), add(tables, CHANGED)]

    assert raised == [(CHANGED,), (), ()]
    (alert,) = alerts(tables)
    assert (alert.first_seen, alert.last_seen) == (NOON, later.at)


def test_a_resolved_difference_raises_again_only_after_it_was_as_expected(tables):
    as_expected = replace(CHANGED, got=CHANGED.expected, at=NOON + timedelta(hours=2))
    again = replace(CHANGED, at=NOON + timedelta(hours=3))
    add(tables, CHANGED)
    (alert,) = alerts(tables)
    Alerts(tables).resolve(alert.id, at=NOON, by="operator", reason="seen")

    assert add(tables, again) == ()
    assert add(tables, as_expected) == ()
    assert add(tables, again) == (again,)
    assert len(alerts(tables)) == 2


def test_what_is_as_expected_elsewhere_changes_nothing(tables):
    as_expected = replace(CHANGED, got=CHANGED.expected, at=NOON + timedelta(hours=2))
    add(tables, CHANGED)
    (alert,) = alerts(tables)
    Alerts(tables).resolve(alert.id, at=NOON, by="operator", reason="seen")

    for part, value in {
        "environment": "staging",
        "bot": "acme/other",
        "role": "backup",
    }.items():
        add(tables, replace(as_expected, **{part: value}))
    add(tables, replace(as_expected, expected="gpt-3", got="gpt-3"))

    assert add(tables, CHANGED) == ()


def test_open_alerts_of_a_bot_are_bounded_and_resolving_makes_room(tables):
    many = [replace(CHANGED, got=f"model-{n}") for n in range(MAX_OPEN + 5)]

    raised = add(tables, *many)
    none = add(tables, *many)
    Alerts(tables).resolve(alerts(tables)[0].id, at=NOON, by="operator", reason="one")
    one_more = add(tables, *many)

    assert (len(raised), len(none), len(one_more)) == (MAX_OPEN, 0, 1)


def test_resolving_is_done_once(tables):
    add(tables, CHANGED)
    (alert,) = alerts(tables)

    first = Alerts(tables).resolve(alert.id, at=NOON, by="a", reason="first")
    second = Alerts(tables).resolve(alert.id, at=NOON, by="b", reason="second")

    assert first == second
    with pytest.raises(NotFound):
        Alerts(tables).resolve(alert.id + 1, at=NOON, by="a", reason="none")
