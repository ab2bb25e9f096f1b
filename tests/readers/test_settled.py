"""Which moments are over, for a server that does not write."""

from threading import Event, Thread

import pytest

from registry.db import fencing
from registry.db.engine import writing
from registry.readers import Settled
from registry.readers.settled import CLOCKS_DIFFER
from registry.writer import Home
from tests.databases import Postgres
from tests.waiting import PATIENCE_S
from tests.writer.acts import Clock

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path, postgres: Postgres):
    url = postgres.make()
    home = Home(path=tmp_path / "registry", database=url)
    home.create().close()
    yield home
    postgres.drop(url)


@pytest.fixture
def settled(registry, clock: Clock) -> Settled:
    return Settled(registry.engine, clock)


def test_what_is_before_the_newest_event_is_over(acts, clock, settled):
    clock.move(seconds=10)
    newest = acts.begin_support().event.at

    assert settled() == newest


def test_while_nobody_writes_what_was_a_minute_ago_is_over(clock, settled):
    clock.move(hours=1)

    assert settled() == clock.at - CLOCKS_DIFFER


def test_while_somebody_writes_only_what_can_be_seen_is_over(
    registry, acts, clock, settled
):
    newest = acts.begin_support().event.at
    clock.move(hours=1)
    inside, done = Event(), Event()

    def write() -> None:
        with writing(registry.engine) as connection:
            fencing.hold(connection)
            inside.set()
            done.wait(PATIENCE_S)

    writer = Thread(target=write)
    writer.start()
    assert inside.wait(PATIENCE_S)
    while_writing = settled()
    done.set()
    writer.join()

    assert while_writing == newest
    assert settled() == clock.at - CLOCKS_DIFFER
