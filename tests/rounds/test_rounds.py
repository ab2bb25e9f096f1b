"""What is done again and again beside everything else."""

import logging
from threading import Event

import anyio
import pytest

from registry.errors import Unavailable
from registry.rounds import Rounds, running

SOON = 0.01


@pytest.mark.parametrize("wrong", [ValueError("a mistake"), Unavailable("not now")])
def test_a_round_that_failed_is_not_the_last_one(wrong, caplog):
    done: list[int] = []
    again = Event()

    def once() -> None:
        done.append(1)
        if len(done) == 1:
            raise wrong
        again.set()

    rounds = Rounds(once, name="test", rest_s=lambda: SOON)
    with caplog.at_level(logging.ERROR):
        rounds.start()
        assert again.wait(10)
        rounds.close()

    assert "placet-test" in caplog.text
    assert "tried again" in caplog.text


def test_not_knowing_when_to_go_on_ends_nothing(caplog):
    done: list[int] = []
    again = Event()

    def once() -> None:
        done.append(1)
        if len(done) > 1:
            again.set()

    rounds = Rounds(once, name="test", rest_s=lambda: 1 / 0)
    rounds.start()
    rounds.wake()

    assert again.wait(10)
    rounds.close()


def test_who_is_woken_does_not_rest():
    turns = [Event(), Event()]
    waiting = iter(turns)
    rounds = Rounds(lambda: next(waiting).set(), name="test", rest_s=lambda: 3600)
    rounds.start()
    assert turns[0].wait(10)

    rounds.wake()

    assert turns[1].wait(10)
    rounds.close()


def test_what_never_began_can_be_closed():
    Rounds(lambda: None, name="test").close()


def test_nothing_is_done_after_the_end():
    done: list[int] = []

    async def run() -> None:
        loops = [
            Rounds(lambda: done.append(1), name=name, rest_s=lambda: SOON)
            for name in ("one", "two")
        ]
        async with running(*loops):
            await anyio.sleep(0.05)
        assert done
        done.clear()
        await anyio.sleep(0.05)

    anyio.run(run)

    assert done == []


def test_what_fails_in_the_same_way_is_said_once(caplog):
    done: list[int] = []
    again = Event()

    def once() -> None:
        done.append(1)
        if len(done) > 5:
            again.set()
            return
        raise Unavailable("not now" if len(done) < 4 else "nor now")

    rounds = Rounds(once, name="test", rest_s=lambda: SOON)
    with caplog.at_level(logging.ERROR):
        rounds.start()
        assert again.wait(10)
        rounds.close()

    assert (caplog.text.count(": not now"), caplog.text.count("nor now")) == (1, 1)
