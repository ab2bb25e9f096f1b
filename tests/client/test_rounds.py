"""The thread behind a client, and what a round of questions is."""

import logging
import threading
from dataclasses import replace
from threading import Event

import pytest

from placet.copies import Copy, Reading
from placet.errors import Refused, Unreachable
from placet.keeper import Keeper
from placet.names import digest_of
from placet.rounds import Rounds
from placet.shelf import Shelf

PROMPT = (
    b'{"kind": "prompt", "name": "a", "version": "1.0.0", "template": "none",'
    b' "inputs": {}, "messages": []}'
)


class Scripted:
    """A source that answers with a copy, or raises what it was told to."""

    def __init__(self) -> None:
        self.error = None
        self.asked = 0

    def read(self, ref, held):
        self.asked += 1
        if self.error is not None:
            raise self.error
        name = ref.partition("/")[2]
        body = PROMPT.replace(b'"a"', b'"' + name.encode() + b'"')
        copy = Copy(
            ref=ref,
            repository="",
            epoch=1,
            seq=1,
            floor=0,
            etag="",
            digest=digest_of(body),
            body=body,
        )
        return Reading(copy=held or replace(copy), confirmed=True)

    def close(self):
        """Nothing is held open."""

    forget_connections = close


@pytest.fixture
def source():
    return Scripted()


@pytest.fixture
def keeper(source):
    """It has read three prompts."""
    keeper = Keeper(Shelf(), source, None, "production", None)
    for name in "abc":
        keeper.first(f"prompts/{name}")
    source.asked = 0
    return keeper


def test_without_a_connection_a_round_is_one_question(keeper, source):
    source.error = Unreachable("nobody is there")

    keeper.round()

    assert source.asked == 1
    assert len(keeper.health().problems) == 3


def test_one_refusal_does_not_keep_a_round_from_asking_for_the_rest(keeper, source):
    source.error = Refused("no", hint="Ask.", status=403)

    keeper.round()

    assert source.asked == 3


def test_what_could_not_be_read_first_is_not_asked_for_in_rounds(keeper, source):
    source.error = Refused("no", hint="Ask.", status=404)
    with pytest.raises(Refused):
        keeper.first("prompts/d")
    source.error, source.asked = None, 0

    keeper.round()

    assert source.asked == 3


def test_a_mistake_in_a_round_does_not_end_the_rounds(caplog):
    again = Event()
    calls = []

    def work():
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError
        again.set()

    rounds = Rounds(work, lambda: 0.001)
    rounds.start(now=True)

    assert again.wait(10)
    rounds.stop()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_there_is_one_thread_however_often_it_is_started():
    rounds = Rounds(lambda: None, lambda: 600)
    before = threading.active_count()

    rounds.start(now=False)
    rounds.start(now=False)

    assert threading.active_count() == before + 1
    rounds.stop()
    assert threading.active_count() == before


def test_what_was_stopped_is_not_started_again():
    rounds = Rounds(lambda: None, lambda: 600)
    rounds.stop()
    before = threading.active_count()

    rounds.start(now=True)

    assert threading.active_count() == before
