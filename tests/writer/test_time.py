"""Times only go forward, and a moment that was told to be over stays over."""

from datetime import UTC, datetime, timedelta
from itertools import cycle, pairwise
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from registry.db.engine import reading
from registry.db.projection import EVENT, read_head
from registry.errors import NotAllowed, Unavailable, WritesHalted
from registry.writer import Monotonic, opened
from registry.writer.clock import Settling
from tests.writer.acts import NOON, Acts, fragment

TICK = timedelta(microseconds=1)


def times(registry):
    with reading(registry.engine) as connection:
        query = select(EVENT.c.at).order_by(EVENT.c.number)
        return list(connection.execute(query).scalars())


def test_a_clock_that_stands_still_gives_every_event_its_own_time(registry, acts):
    acts.begin_support()
    acts.say("at the same time")

    assert times(registry) == [NOON + n * TICK for n in range(4)]


def test_a_clock_that_is_set_back_takes_no_event_back(registry, acts, clock):
    acts.begin_support()
    clock.move(hours=-1)
    acts.say("an hour earlier")
    clock.move(hours=2)
    acts.say("an hour later")

    before, back, forward = times(registry)[-3:]
    assert back == before + TICK
    assert forward == NOON + timedelta(hours=1)


def test_a_clock_that_is_set_back_while_nobody_runs_takes_no_event_back(
    home, registry, acts, clock
):
    acts.begin_support()
    clock.move(days=-1)

    with opened(home, clock=clock) as again:
        Acts(again.writer).say("yesterday")

    assert all(earlier < later for earlier, later in pairwise(times(registry)))


def test_a_zone_is_written_as_utc(home):
    east = datetime.fromisoformat("2026-05-03T14:00:00+02:00")

    with opened(home, clock=lambda: east) as registry:
        begun = Acts(registry.writer).begin().event

    assert (begun.at, begun.at.tzinfo) == (NOON, UTC)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2))
def test_a_monotonic_clock_never_goes_back(readings):
    left = iter(readings)
    clock = Monotonic(lambda: next(left))

    told = [clock() for _ in readings[1:]]

    assert told == sorted(told)
    assert all(a >= b for a, b in zip(told, readings[1:], strict=True))


def test_without_a_write_everything_is_settled_up_to_now(registry, acts, clock):
    acts.begin_support()
    clock.move(hours=1)

    assert registry.writer.settled() == clock.at


def test_a_refused_write_leaves_nothing_unsettled(registry, acts, clock):
    acts.begin_support()
    with pytest.raises(NotAllowed):
        acts.submit(fragment("1.1.0"), who="risk")
    clock.move(hours=1)

    assert registry.writer.settled() == clock.at


def test_while_something_may_happen_nothing_later_is_settled():
    now = [NOON]
    settling = Settling(lambda: now[0])

    settling.begin()
    now[0] += timedelta(hours=1)
    told = [settling.before()]
    settling.end()
    told.append(settling.before())

    assert told == [NOON, NOON + timedelta(hours=1)]


def test_what_may_have_happened_is_unsettled_until_it_can_be_seen(
    registry, acts, clock, failing_commits
):
    acts.begin_support()
    clock.move(hours=1)
    with failing_commits(registry.engine, times=2), pytest.raises(Unavailable):
        acts.say("heard by nobody")
    clock.move(hours=1)

    told = [registry.writer.settled()]
    registry.afterwards.once()
    told.append(registry.writer.settled())

    assert told == [NOON + timedelta(hours=1), NOON + timedelta(hours=2)]


def test_a_refusal_does_not_settle_what_may_have_happened(
    registry, acts, clock, failing_commits
):
    acts.begin_support()
    clock.move(hours=1)
    with failing_commits(registry.engine, times=2), pytest.raises(Unavailable):
        acts.say("heard by nobody")
    clock.move(hours=1)

    with failing_commits(registry.engine, times=2), pytest.raises(NotAllowed):
        acts.submit(fragment("1.1.0"), who="risk")

    assert registry.writer.settled() == NOON + timedelta(hours=1)


def test_of_a_damaged_ledger_only_what_the_tables_have_is_settled(
    registry, acts, home, clock, hand
):
    last = acts.begin_support().event.at
    hand.move("main~1")
    clock.move(hours=1)

    with opened(home, clock=clock) as again:
        with pytest.raises(WritesHalted):
            again.writer.reconcile()
        settled = again.writer.settled()

    assert settled == last


class Asking:
    """Somebody who asks all the time what is settled, and what can be seen then."""

    def __init__(self, registry):
        self.told = []
        self._registry = registry
        self._ended = Event()
        self._thread = Thread(target=self._ask)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _ask(self):
        while not self._ended.is_set():
            settled = self._registry.writer.settled()
            with reading(self._registry.engine) as connection:
                self.told.append((settled, read_head(connection)[0]))


@pytest.mark.slow
def test_i25_no_event_comes_in_before_a_moment_that_was_settled(home):
    readings = cycle([0, 3, -4, 1, 5, -2, 2])  # a clock that jumps about
    with opened(
        home, clock=lambda: NOON + timedelta(seconds=next(readings))
    ) as registry:
        acts = Acts(registry.writer)
        acts.begin()
        acts.begin_support()
        writers = [
            Thread(target=lambda: [acts.say("a word") for _ in range(12)])
            for _ in range(4)
        ]
        with Asking(registry) as one, Asking(registry) as other:
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
        at = dict(enumerate(times(registry), start=1))

    told = one.told + other.told
    late = [
        (number, settled)
        for settled, seen in told
        for number in range(seen + 1, len(at) + 1)
        if at[number] < settled
    ]
    assert len({seen for _, seen in told}) > 10
    assert late == []


def test_while_another_process_may_be_writing_only_what_can_be_seen_is_settled(
    registry, home, clock
):
    clock.move(hours=1)

    with home.fence().held():
        settled = registry.writer.settled()

    assert settled == registry.writer.state.head.at < clock()
    assert registry.writer.settled() == clock()
