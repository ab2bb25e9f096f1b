"""Killed at any step: what was told is there, what was not is there once or not.

A writer is a process of its own (`crashing.py`) that opens a registry and does some
acts.  It is killed with SIGKILL at the first step of some kind, then, in a copy of
the same registry, at the second, and so on until it lives through all of them.  So
there is no step that was forgotten.

After each kill, whoever opens the registry next finds it whole and goes on.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.db.engine import reading
from registry.db.projection import EVENT
from registry.events import parse
from registry.writer import Home, opened
from registry.writer.verify import verify
from tests.writer.acts import Acts, fragment

ROOT = Path(__file__).parents[2]
KILLER = Path(__file__).with_name("killer.py")

pytestmark = pytest.mark.slow


class Crashing:
    """Starts writers, and tells how they ended."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.writer.crashing"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, trial, *acts, stopped=False, kill_at=0, opening=False, **variables):
        """A writer for each list of *acts*, all in one new process; its id."""
        told = {
            "home": str(trial.home.path),
            "database": trial.home.database,
            "log": str(trial.log),
            "acts": acts,
            "stopped": stopped,
            "kill_at": kill_at,
            "opening": opening,
            "variables": {name: str(value) for name, value in variables.items()},
        }
        return int(self._ask({"run": told}))

    def wait(self, pid):
        """The status with which the process ended; negative for a signal."""
        return int(self._ask({"wait": pid}))

    def close(self):
        self._process.communicate()

    def _ask(self, request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


@pytest.fixture(scope="module")
def crashing():
    crashing = Crashing()
    yield crashing
    crashing.close()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A registry to be killed in, and what its writer was told there."""

    home: Home
    log: Path

    def told(self):
        """The number of the event for each key that was acknowledged."""
        lines = self.log.read_text().split("\n") if self.log.exists() else []
        answers = dict(line.split() for line in lines if line)
        return {key: int(each) for key, each in answers.items() if each.isdigit()}


@pytest.fixture
def trials(home, registry, acts, tmp_path, copy_database):
    """Make copies of a registry that has a change waiting to be activated."""
    acts.begin_support()
    acts.submit(fragment("1.1.0", "Speak up."))
    registry.afterwards.once()
    registry.engine.dispose()
    numbers = count(1)

    def make():
        number = next(numbers)
        copy = Home(
            path=tmp_path / f"trial-{number}", database=copy_database(home.database)
        )
        shutil.copytree(home.path, copy.path)
        return Trial(home=copy, log=tmp_path / f"told-{number}")

    return make


ACTS = [
    ["activate", 2, "activated"],
    ["stop", "It shouts.", "stopped"],
    ["once"],
    ["say", "Is it well?", "said"],
]
KEYS = {"activated", "stopped", "said"}


def check(trial, clock):
    """Nothing is lost, nothing is there twice, nothing is half there, all goes on."""
    told = trial.told()
    with opened(trial.home, clock=clock) as registry:
        numbers = keys_of(registry)
        assert told.items() <= numbers.items()
        acts = Acts(registry.writer)
        again = {
            "activated": acts.activate(acts.state.change(2), "activated"),
            "stopped": acts.stop("It shouts.", "stopped"),
            "said": acts.say("Is it well?", "said"),
        }
        for key, written in again.items():
            assert written.repeated == (key in numbers)
            assert written.event.number == numbers.get(key, written.event.number)
        registry.afterwards.once()
        verify(registry.ledger, registry.engine, lambda _: None)
        assert sorted(keys_of(registry)) == sorted([*KEYS, "begin"])
        assert registry.ledger.derived("staging") is not None
    shutil.rmtree(trial.home.path)


def keys_of(registry):
    """The number of each event that has a key; no key is there twice."""
    with reading(registry.engine) as connection:
        bodies = connection.execute(select(EVENT.c.body).order_by(EVENT.c.number))
        events = [parse(bytes(body)) for body in bodies.scalars()]
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    keyed = [(event.key, event.number) for event in events if event.key]
    assert len(dict(keyed)) == len(keyed)
    return dict(keyed)


def test_killed_at_any_step_in_the_database(crashing, trials, clock):
    for step in count(1):
        trial = trials()

        status = crashing.wait(crashing.start(trial, ACTS, kill_at=step))

        check(trial, clock)
        if status == 0:
            break
        assert status == -signal.SIGKILL
    print(step)
    assert step > 60


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("victim", ["caller", "git"])
def test_killed_at_any_step_of_git(victim, crashing, trials, clock, tmp_path):
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable} -IS\n{KILLER.read_text()}")
    program.chmod(0o755)
    for step in count(1):
        trial = trials()
        steps = tmp_path / f"steps-{step}"

        status = crashing.wait(
            crashing.start(
                trial,
                ACTS,
                PATH=f"{program.parent}:{os.environ['PATH']}",
                REAL_GIT=shutil.which("git"),
                STEPS=steps,
                AT=step,
                KILL=victim,
            )
        )

        check(trial, clock)
        if steps.stat().st_size < step:
            break
        assert status in ((-signal.SIGKILL,) if victim == "caller" else (0, 1))
    print(step)
    assert step > 20
