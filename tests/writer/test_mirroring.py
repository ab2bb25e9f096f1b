"""Mirrors: real repositories that are away, slow, or not what they were."""

import logging
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.errors import WritesHalted
from registry.ledger import parse_mirror
from registry.writer import Clone, Mirroring, opened
from registry.writer.proving import prove
from tests.writer.hand import Hand

BRANCHES = ("main", "env/staging", "env/production", "checkpoints")


@pytest.fixture
def database() -> None:
    """Mirrors are of the ledger, whatever the tables are in."""


@pytest.fixture
def mirror(tmp_path: Path) -> Hand:
    """A bare repository elsewhere, empty."""
    path = tmp_path / "mirror.git"
    path.mkdir()
    hand = Hand(path, tmp_path / "mirror-index")
    hand.git("init", "--quiet", "--bare", "--initial-branch=main")
    return hand


@pytest.fixture
def mirrored(lived, home) -> Iterator[Callable[..., Mirroring]]:
    """Begin to mirror the registry to paths."""
    begun = []

    def begin(*paths: Path, longest_s: float = 60.0) -> Mirroring:
        mirroring = Mirroring(
            [parse_mirror(str(path)) for path in paths],
            ledger=lived.ledger,
            ledger_path=home.ledger_path,
            writer=lived.writer,
            checkpoints=lived.checkpoints,
            longest_s=longest_s,
        )
        begun.append(mirroring)
        mirroring.start()
        return mirroring

    yield begin
    for mirroring in begun:
        mirroring.close()


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.01)


def tips(hand: Hand) -> dict[str, str]:
    listed = hand.git("for-each-ref", "--format=%(refname:short) %(objectname)")
    return dict(line.split() for line in listed.splitlines())


def is_current(mirroring: Mirroring) -> bool:
    return all(each.behind == 0 and not each.problem for each in mirroring.states())


def hook(repository: Hand, script: str) -> None:
    path = repository.ledger / "hooks" / "pre-receive"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_mirror_gets_every_branch(lived, mirrored, mirror, hand):
    mirroring = mirrored(mirror.ledger)

    wait_for(lambda: is_current(mirroring))

    ours = tips(hand)
    assert tips(mirror) == {name: ours[name] for name in BRANCHES}
    (state,) = mirroring.states()
    assert (state.event, state.behind, state.tries) == (12, 0, 0)
    assert state.address == str(mirror.ledger)


def test_a_mirror_is_proved_with_the_key_alone(lived, mirrored, mirror, home):
    mirroring = mirrored(mirror.ledger)
    wait_for(lambda: is_current(mirroring))

    proven = prove(Clone(mirror.ledger), home.keys().verifiers(), [], lambda _: None)

    assert (proven.events, proven.checkpoints) == (12, 1)


def test_what_is_written_goes_along(lived, acts, mirrored, mirror, hand):
    mirroring = mirrored(mirror.ledger)
    lived.afterwards.then(mirroring.wake)
    for text in ("One.", "Two.", "Three."):
        acts.say(text)
        lived.afterwards.once()

    wait_for(lambda: tips(mirror).get("checkpoints") == tips(hand)["checkpoints"])

    assert tips(mirror)["main"] == tips(hand)["main"]
    wait_for(lambda: mirroring.states()[0].event == 15)


def test_a_mirror_that_was_away_catches_up(
    lived, acts, mirrored, mirror, hand, tmp_path, caplog
):
    away = tmp_path / "away.git"
    mirror.ledger.rename(away)
    mirroring = mirrored(mirror.ledger)
    wait_for(lambda: mirroring.states()[0].tries)
    (state,) = mirroring.states()
    acts.say("While it was away.")
    lived.afterwards.once()
    away.rename(mirror.ledger)

    wait_for(lambda: is_current(mirroring))

    assert state.event is None
    assert state.behind is None
    assert "does not appear to be a git repository" in (state.problem or "")
    assert tips(mirror)["main"] == tips(hand)["main"]
    messages = [record.getMessage() for record in caplog.records]
    assert sum("cannot be reached" in message for message in messages) == 1
    assert any("is up to date again" in message for message in messages)


def test_a_mirror_that_has_something_else_is_an_alarm_and_left_alone(
    lived, acts, mirrored, mirror, caplog
):
    mirroring = mirrored(mirror.ledger)
    wait_for(lambda: is_current(mirroring))
    mirror.commit({"mine": b"mine"}, parents=["main~1"])
    theirs = tips(mirror)
    acts.say("And another thing.")
    lived.afterwards.once()

    wait_for(lambda: mirroring.states()[0].tries > 1)

    (state,) = mirroring.states()
    assert tips(mirror) == theirs
    assert state.diverged == "refs/heads/main"
    assert state.behind == 1
    alarms = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert len(alarms) == 1
    assert f"the mirror {mirror.ledger} has diverged" in alarms[0].getMessage()


def test_a_mirror_whose_people_mended_it_goes_on(lived, mirrored, mirror, hand):
    mirroring = mirrored(mirror.ledger)
    wait_for(lambda: is_current(mirroring))
    right = tips(mirror)["main"]
    mirror.commit({"mine": b"mine"}, parents=["main~1"])
    lived.writer.reconcile()
    again = mirrored(mirror.ledger)
    wait_for(lambda: again.states()[0].diverged)

    mirror.move(right)

    wait_for(lambda: is_current(again))
    assert again.states()[0].diverged is None


@pytest.mark.parametrize("to", ["main~1", "main~5"])
def test_an_old_copy_that_was_restored_does_not_reach_the_mirror(
    to, home, clock, mirrored, mirror, hand
):
    first = mirrored(mirror.ledger)
    wait_for(lambda: is_current(first))
    there = tips(mirror)
    for branch in BRANCHES[1:]:
        hand.git("update-ref", "-d", f"refs/heads/{branch}")
    hand.move(to)
    for name in ("registry.db", "ledger.signed"):  # the copy is of the whole folder
        (home.path / name).unlink()

    with opened(home, clock=clock) as restored:
        restored.afterwards.once()
        mirroring = Mirroring(
            [parse_mirror(str(mirror.ledger))],
            ledger=restored.ledger,
            ledger_path=home.ledger_path,
            writer=restored.writer,
            checkpoints=restored.checkpoints,
            longest_s=60.0,
        )
        mirroring.start()
        wait_for(lambda: mirroring.states()[0].diverged)
        mirroring.close()

    assert tips(mirror) == there


def test_nothing_is_pushed_while_writing_is_halted(lived, acts, mirrored, mirror, hand):
    hand.rewrite(b'"text":"Hello', b'"text":"HELLO')
    with pytest.raises(WritesHalted):
        lived.writer.reconcile()

    mirroring = mirrored(mirror.ledger)
    wait_for(lambda: mirroring.states()[0].problem)

    assert tips(mirror) == {}
    assert "nothing is pushed: " in mirroring.states()[0].problem


def test_a_mirror_that_hangs_delays_nobody(lived, acts, mirrored, mirror, tmp_path):
    other = tmp_path / "other.git"
    other.mkdir()
    quick = Hand(other, tmp_path / "other-index")
    quick.git("init", "--quiet", "--bare", "--initial-branch=main")
    begun = tmp_path / "begun"
    hook(mirror, f"touch {begun}; exec sleep 600")
    mirroring = mirrored(mirror.ledger, other)
    wait_for(begun.exists)

    written = acts.say("Nobody waits for it.")
    lived.afterwards.once()

    assert written.event.number == 13
    wait_for(lambda: mirroring.states()[1].event == 13)
    assert mirroring.states()[0].event is None
    mirroring.close()  # would wait for ten minutes
    assert tips(mirror) == {}


def test_a_push_that_takes_too_long_is_given_up(lived, mirrored, mirror):
    hook(mirror, "exec sleep 600")
    mirroring = mirrored(mirror.ledger, longest_s=0.5)

    wait_for(lambda: mirroring.states()[0].tries)

    assert mirroring.states()[0].problem == "it did not answer in time"


def test_a_mirror_that_refuses_says_why(lived, mirrored, mirror):
    hook(mirror, "exit 1")
    mirroring = mirrored(mirror.ledger)

    wait_for(lambda: mirroring.states()[0].tries)

    (state,) = mirroring.states()
    assert "pre-receive hook declined" in (state.problem or "")
    assert state.diverged is None


def test_branches_come_together_or_not_at_all(lived, acts, mirrored, mirror):
    refuses = mirror.ledger / "hooks" / "update"
    hook(mirror, "exit 0")
    refuses.write_text('#!/bin/sh\n[ "$1" != refs/heads/checkpoints ]\n')
    refuses.chmod(0o755)
    mirroring = mirrored(mirror.ledger)

    wait_for(lambda: mirroring.states()[0].tries)

    assert tips(mirror) == {}
