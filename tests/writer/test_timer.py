"""What goes live by itself: `registry/writer/timer.py`, under a clock that is set."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from registry import commands
from registry.changes import Change, Status, Verdict
from registry.people import TIMER
from registry.standing import status
from registry.timetable import ITSELF, due
from registry.writer import Home, Open, opened
from tests.writer.acts import NOON, Acts, Clock, prompt

MORNING = NOON + timedelta(hours=20)


def scheduled(acts: Acts, version: str = "1.0.0") -> Change:
    """A change that was agreed to for tomorrow morning."""
    command = commands.Submit(
        environment="production",
        proposal=commands.Proposal(
            title="Say it better",
            documents=(prompt(version, "Be kind."),),
            deleted=(),
            edited_from=(),
            earliest=MORNING,
        ),
    )
    written = acts.write(command)
    return acts.agree(written.state.change(written.event.payload.change))


@pytest.fixture
def change(acts: Acts) -> Change:
    return scheduled(acts)


@pytest.fixture
def other(home: Home, registry: Open, clock: Clock) -> Iterator[Open]:
    """The same registry, open in a second process."""
    with opened(home, clock=clock) as other:
        yield other


def versions(registry: Open) -> dict[str, str]:
    live = registry.writer.state.environment("production").live
    return {ref: one.document.version for ref, one in live.items()}


def test_nothing_goes_live_before_its_moment(registry, change, clock):
    clock.at = MORNING - timedelta(microseconds=1)

    assert registry.timer.once() == ()
    assert versions(registry) == {}


def test_at_its_moment_it_goes_live(registry, change, clock):
    clock.at = MORNING

    (written,) = registry.timer.once()

    assert written.event.actor.via == TIMER
    assert written.event.at == MORNING
    assert versions(registry) == {"prompts/acme/refunds": "1.0.0"}


def test_a_second_round_does_nothing_more(registry, change, clock):
    clock.at = MORNING
    registry.timer.once()
    before = registry.writer.state.head

    assert registry.timer.once() == ()
    assert registry.writer.state.head == before


def test_of_two_processes_one_makes_it_live(registry, other, change, clock):
    other.writer.reconcile()
    clock.at = MORNING

    done = (*registry.timer.once(), *other.timer.once())

    assert len(done) == 1
    other.writer.reconcile()
    assert other.writer.state.head == registry.writer.state.head


def test_the_same_try_again_is_answered_with_what_happened(registry, change, clock):
    clock.at = MORNING
    (found,) = due(registry.writer.state, clock.at)
    first = registry.writer.write(found.command, by=ITSELF, key=found.key)

    again = registry.writer.write(found.command, by=ITSELF, key=found.key)

    assert again.repeated
    assert again.event == first.event


def test_what_cannot_go_live_is_tried_again_and_leaves_no_event(
    registry, acts, change, clock
):
    vote = commands.Vote(
        change=change.id,
        review_digest=change.revision.review_digest,
        verdict=Verdict.RETRACT,
        seat="risk",
        reason="",
    )
    acts.write(vote, "risk")
    before = registry.writer.state.head
    clock.at = MORNING + timedelta(minutes=59)

    assert registry.timer.once() == ()
    assert registry.writer.state.head == before
    acts.write(replace(vote, verdict=Verdict.APPROVE), "risk")
    assert len(registry.timer.once()) == 1


def test_after_a_night_without_a_server_it_is_suspended(registry, change, clock):
    clock.at = MORNING + timedelta(hours=1)

    assert registry.timer.once() == ()
    state = registry.writer.state
    assert status(state, state.change(change.id), clock.at) is Status.SUSPENDED


def test_a_clock_that_is_set_back_takes_nothing_live_twice(registry, change, clock):
    clock.at = MORNING
    registry.timer.once()

    clock.at = MORNING - timedelta(hours=2)
    assert registry.timer.once() == ()
    clock.at = MORNING
    assert registry.timer.once() == ()


def test_a_new_process_with_a_clock_that_is_behind_waits(home, registry, acts, clock):
    change = scheduled(acts)
    behind = Clock(MORNING - timedelta(hours=1))
    with opened(home, clock=behind) as later:
        assert later.timer.once() == ()
        behind.at = MORNING
        assert len(later.timer.once()) == 1
        assert later.writer.state.change(change.id).outcome is not None


def test_the_thread_keeps_the_schedule_by_itself(registry, change, clock):
    registry.timer.start()
    try:
        clock.at = MORNING
        registry.timer.wake()
        deadline = time.monotonic() + 10
        while not versions(registry):
            assert time.monotonic() < deadline, "it never went live"
            time.sleep(0.01)
    finally:
        registry.timer.close()


def test_what_went_live_by_itself_is_rebuilt_the_same(
    registry, change, clock, verified
):
    clock.at = MORNING
    registry.timer.once()

    assert verified(registry).events == registry.writer.state.head.number
