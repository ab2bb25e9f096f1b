"""Raising the epoch: the rules at the top of `registry/epochs.py`."""

from datetime import timedelta

import pytest

from registry import commands
from registry.epochs import BY_HAND
from registry.errors import Conflict, Invalid, NotAllowed
from registry.fold import EMPTY
from registry.people import LOCAL, SESSION, TIMER
from tests.rules.bench import Bench

RAISE = commands.RaiseEpoch(taken=None, known=None, reason="The disk is gone.")


def raise_epoch(bench, command=RAISE):
    return bench.act(BY_HAND.handle, command, via=BY_HAND.via)


@pytest.fixture
def bench():
    return Bench()


def test_the_registry_itself_raises_the_epoch(bench):
    event = raise_epoch(bench)

    assert bench.state.epoch == event.payload.epoch > 1
    assert (event.actor.handle, event.actor.via) == ("placet", "local")


def test_an_epoch_is_the_minute_in_which_it_begins(bench):
    event = raise_epoch(bench)

    assert event.payload.epoch == bench.now.timestamp() // 60


def test_two_restorations_of_one_backup_have_two_epochs():
    first, second = Bench(), Bench()
    second.wait(minutes=1)

    epochs = [raise_epoch(one).payload.epoch for one in (first, second)]

    assert epochs[0] < epochs[1]


def test_an_epoch_never_sinks_even_if_the_clock_was_set_back(bench):
    before = raise_epoch(bench).payload.epoch
    bench.wait(days=-100)

    assert raise_epoch(bench).payload.epoch == before + 1


def test_the_tree_tells_the_epoch(bench):
    event = raise_epoch(bench)

    assert [one.path for one in event.edits] == ["registry.json"]


def test_the_message_says_of_when_the_backup_is(bench):
    command = commands.RaiseEpoch(
        taken=bench.now - timedelta(days=1), known=7, reason="A mistake."
    )

    event = raise_epoch(bench, command)

    assert "after restoring a backup of 2026-05-02 12:00 UTC" in event.message


@pytest.mark.parametrize(
    ("handle", "via"),
    [
        ("admin", SESSION),
        ("admin", LOCAL),
        ("operator", "token:1"),
        ("placet", TIMER),
    ],
)
def test_nobody_else_raises_it(bench, handle, via):
    with pytest.raises(NotAllowed):
        bench.act(handle, RAISE, via=via)


def test_the_registry_by_hand_does_nothing_else(bench):
    command = commands.Recall(digest="sha256:" + "0" * 64, reason="Harmful.")

    with pytest.raises(NotAllowed, match="nothing by itself"):
        bench.act(BY_HAND.handle, command, via=BY_HAND.via)


def test_it_needs_a_reason(bench):
    command = commands.RaiseEpoch(taken=None, known=None, reason=" ")

    with pytest.raises(Invalid, match="restoring needs words"):
        raise_epoch(bench, command)


def test_there_is_no_epoch_of_nothing(bench):
    bench.state = EMPTY

    with pytest.raises(Conflict, match="nothing yet"):
        raise_epoch(bench)
