"""What was fetched is added up, by hour and by client, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from registry.db.engine import reading
from registry.db.fetches import (
    KEPT_BY_HOUR,
    KEPT_OF_CLIENTS,
    Fetch,
    Fetched,
    Fetches,
)
from registry.db.live import read_snapshots
from registry.db.schema import FETCHES, migrate
from registry.db.turns import read_turns
from registry.names import Kind, kind_of
from registry.writer import Open

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ONE = Fetch(
    environment="production",
    document="bots/acme/support",
    seq=7,
    handle="operator",
    via="token:a",
    first_seen=NOON,
    last_seen=NOON,
    count=1,
)


@pytest.fixture
def fetches(engine: Engine) -> Fetches:
    migrate(engine, FETCHES)
    return Fetches(engine)


def at(moment: datetime, **parts: object) -> Fetch:
    return replace(ONE, first_seen=moment, last_seen=moment, **parts)


def fetched(fetches: Fetches, since: datetime = NOON, document=None):
    return fetches.list_fetched("production", document, since=since)


def last(fetches: Fetches, document=None):
    return {one.via: one for one in fetches.list_last("production", document)}


def test_the_same_is_added_up_with_its_times(fetches: Fetches):
    fetches.add([replace(ONE, last_seen=NOON + MINUTE, count=5)])
    fetches.add([at(NOON + HOUR, count=2), at(NOON + HOUR, via="token:b", count=3)])
    fetches.add([at(NOON + 2 * MINUTE)])

    assert fetched(fetches) == (
        Fetched(
            document="bots/acme/support",
            seq=7,
            count=11,
            clients=2,
            first_seen=NOON,
            last_seen=NOON + HOUR,
        ),
    )


def test_only_the_hours_that_are_asked_for_count(fetches: Fetches):
    fetches.add([at(NOON - MINUTE), at(NOON, count=10), at(NOON + HOUR, count=100)])

    counts = [
        sum(one.count for one in fetched(fetches, since))
        for since in (NOON - HOUR, NOON + 59 * MINUTE, NOON + HOUR)
    ]

    assert counts == [111, 110, 100]


def test_they_are_listed_by_document_and_the_newest_seq_first(fetches: Fetches):
    fetches.add([at(NOON, document="prompts/acme/a"), at(NOON, seq=9), ONE])
    fetches.add([at(NOON, environment="staging")])

    found = [(one.document, one.seq) for one in fetched(fetches)]

    assert found == [
        ("bots/acme/support", 9),
        ("bots/acme/support", 7),
        ("prompts/acme/a", 7),
    ]
    assert len(fetched(fetches, document="prompts/acme/a")) == 1


def test_a_count_may_be_larger_than_any_number_of_32_bits(fetches: Fetches):
    for _ in range(3):
        fetches.add([replace(ONE, count=2**31)])

    assert fetched(fetches)[0].count == 3 * 2**31


def test_several_processes_add_to_each_other(fetches: Fetches):
    many = [at(NOON, seq=seq, via=f"token:{seq % 3}") for seq in range(1, 21)]

    def add(number: int) -> None:
        for _ in range(5):
            fetches.add(many if number % 2 else reversed(many))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))

    assert [one.count for one in fetched(fetches)] == [20] * 20


def test_a_client_has_what_it_was_told_last(fetches: Fetches):
    fetches.add([at(NOON), at(NOON + MINUTE, seq=9), at(NOON + 2 * MINUTE, seq=9)])
    fetches.add([at(NOON + 3 * MINUTE, via="token:b")])
    fetches.add([at(NOON + 3 * MINUTE, seq=9)])
    fetches.add([at(NOON - MINUTE, seq=8)])

    found = last(fetches)

    assert (found["token:a"].seq, found["token:b"].seq) == (9, 7)
    assert found["token:a"].last_seen == NOON + 3 * MINUTE


def test_a_client_has_a_seq_since_it_was_told_it_first(fetches: Fetches):
    fetches.add([at(NOON)])
    fetches.add([at(NOON + MINUTE, seq=9)])
    fetches.add([at(NOON + 2 * MINUTE, seq=9)])

    assert last(fetches)["token:a"].first_seen == NOON + MINUTE


def test_of_what_was_told_at_the_same_moment_the_higher_seq_is_the_last(
    fetches: Fetches,
):
    fetches.add([at(NOON, seq=9)])
    fetches.add([at(NOON, seq=8), at(NOON, seq=10), at(NOON, seq=7)])
    fetches.add([at(NOON, seq=8)])

    assert last(fetches)["token:a"].seq == 10


def test_hours_and_clients_are_forgotten_each_after_its_time(fetches: Fetches):
    fetches.add([at(NOON), at(NOON + HOUR, via="token:b")])

    fetches.prune(NOON + KEPT_BY_HOUR + MINUTE)
    hours, clients = fetched(fetches), last(fetches)
    fetches.prune(NOON + KEPT_OF_CLIENTS + MINUTE)

    assert [one.first_seen for one in hours] == [NOON + HOUR]
    assert clients.keys() == {"token:a", "token:b"}
    assert last(fetches).keys() == {"token:b"}


def test_nothing_fetched_is_nothing_written(fetches: Fetches):
    fetches.add([])

    assert fetched(fetches) == ()


def test_what_is_served_is_since_the_last_turn(lived: Open):
    with reading(lived.engine) as connection:
        snapshots = read_snapshots(connection)
        for name, snapshot in snapshots.items():
            turns = read_turns(connection, name, after=0, only=None)
            since = {
                document: served.since
                for document, served in snapshot.documents.items()
                if kind_of(document) is not Kind.BOT
            }
            since |= {f"bots/{bot}": told.since for bot, told in snapshot.bots.items()}
            since |= {
                document: seq
                for document, seq in snapshot.gone.items()
                if kind_of(document) is not Kind.BOT
            }

            assert {
                document: found[-1].seq for document, found in turns.items()
            } == since
    assert any(snapshot.bots for snapshot in snapshots.values())


def test_turns_of_one_document_after_a_seq_are_the_same_as_of_all(lived: Open):
    with reading(lived.engine) as connection:
        for name, snapshot in read_snapshots(connection).items():
            every = read_turns(connection, name, after=0, only=None)
            for document, turns in every.items():
                for after in range(snapshot.seq + 1):
                    later = tuple(turn for turn in turns if turn.seq > after)
                    one = read_turns(connection, name, after=after, only=document)
                    assert one == ({document: later} if later else {})
