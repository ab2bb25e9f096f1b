"""Killed at any step: what was told is there, what was not is there once or not.

A writer is a process of its own (`crashing.py`) that opens a registry and does some
acts.  It is killed with SIGKILL at the first step of some kind, then, in a copy of
the same registry, at the second, and so on until it lives through all of them.  So
there is no step that was forgotten.

After each kill, whoever opens the registry next finds it whole and goes on.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.db.engine import reading
from registry.db.projection import EVENT
from registry.errors import Unavailable
from registry.events import parse
from registry.writer import Home, opened
from registry.writer.verify import verify
from tests.writer.acts import Acts, fragment

ROOT = Path(__file__).parents[2]
KILLER = Path(__file__).with_name("killer.py")

MANY_CALLS = 400
"""More than all acts make of any kind; the search for the last one ends here."""

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

pytestmark = [pytest.mark.slow, pytest.mark.deep]


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
    numbers = count(1)

    def make():
        registry.engine.dispose()
        number = next(numbers)
        copy = Home(
            path=tmp_path / f"trial-{number}", database=copy_database(home.database)
        )
        shutil.copytree(home.path, copy.path)
        return Trial(home=copy, log=tmp_path / f"told-{number}")

    return make


ACTS = (["activate", 2, "activated"], ["once"])


def check(trial, clock):
    """Nothing is lost, nothing is there twice, nothing is half there, all goes on."""
    told = trial.told()
    with opened(trial.home, clock=clock) as registry:
        numbers = keys_of(registry)
        note(told, numbers)
        assert told.items() <= numbers.items()
        acts = Acts(registry.writer)
        activated = acts.activate(acts.state.change(2), "activated")
        assert activated.repeated == ("activated" in numbers)
        assert activated.event.number == 5
        assert acts.say("It goes on.", "said").event.number == 6
        registry.afterwards.once()
        verify(registry.ledger, registry.engine, lambda _: None)
        assert keys_of(registry) == {"begin": 1, "activated": 5, "said": 6}
        assert registry.ledger.derived("staging") == 5
    shutil.rmtree(trial.home.path)


def note(told, numbers):
    """A line for each crash, where somebody counts: what was told, and what is lost."""
    if "PLACET_FAULTS" in os.environ:
        with Path(os.environ["PLACET_FAULTS"]).open("a") as counted:
            counted.write(f"{len(told)} {len(told.items() - numbers.items())}\n")


def keys_of(registry):
    """The number of each event that has a key; no key is there twice."""
    with reading(registry.engine) as connection:
        bodies = connection.execute(select(EVENT.c.body).order_by(EVENT.c.number))
        events = [parse(bytes(body)) for body in bodies.scalars()]
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    keyed = [(event.key, event.number) for event in events if event.key]
    assert len(dict(keyed)) == len(keyed)
    return dict(keyed)


def kill_at_each_step(crashing, trials, clock, *acts, opening=False):
    """How many steps there are in the database."""
    for step in count():
        trial = trials()
        started = crashing.start(trial, acts, kill_at=step + 1, opening=opening)

        status = crashing.wait(started)

        check(trial, clock)
        if status == 0:
            break
        assert status == -signal.SIGKILL
    return step


def test_killed_at_any_step_in_the_database(crashing, trials, clock):
    assert kill_at_each_step(crashing, trials, clock, *ACTS) > 20


def test_killed_at_any_step_of_catching_up(
    crashing, trials, clock, registry, acts, failing_commits
):
    """The ledger has an event that the tables have not."""
    with failing_commits(registry.engine, times=2), pytest.raises(Unavailable):
        acts.activate(acts.state.change(2), "activated")

    assert kill_at_each_step(crashing, trials, clock, opening=True) > 20


@SQLITE
def test_killed_at_any_step_of_rebuilding(crashing, trials, clock):
    assert kill_at_each_step(crashing, trials, clock, ["rebuild"]) > 20


@SQLITE
@pytest.mark.parametrize("victim", ["caller", "git"])
def test_i17_killed_at_any_step_of_git(victim, crashing, trials, clock, tmp_path):
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable} -IS\n{KILLER.read_text()}")
    program.chmod(0o755)
    for step in count(1):
        trial = trials()
        steps = tmp_path / f"steps-{step}"
        started = crashing.start(
            trial,
            ACTS,
            PATH=f"{program.parent}:{os.environ['PATH']}",
            REAL_GIT=shutil.which("git"),
            STEPS=steps,
            AT=step,
            KILL=victim,
        )

        status = crashing.wait(started)

        check(trial, clock)
        if steps.stat().st_size < step:
            break
        assert status in ((-signal.SIGKILL,) if victim == "caller" else (0, 1))
    assert step > 20


@SQLITE
@pytest.mark.parametrize(
    ("calls", "stride"),
    [
        ("fsync,fdatasync", 1),
        ("rename,renameat,renameat2,link,linkat,unlink", 1),
        ("write", 11),
        ("pwrite64", 13),
    ],
)
def test_killed_at_any_write_to_the_disk(
    calls, stride, crashing, trials, clock, tmp_path
):
    """Whoever comes to the call for the n-th time is killed: writer, git or both."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not on this machine")
    for number in range(1, MANY_CALLS, stride):
        trial = trials()
        pid = crashing.start(trial, ACTS, stopped=True)

        killed = let_run_traced(pid, calls, number, tmp_path / "trace")
        crashing.wait(pid)

        check(trial, clock)
        if not killed:
            break
    assert number > 1


def let_run_traced(pid, calls, number, log):
    """Whether somebody was killed."""
    while Path(f"/proc/{pid}/stat").read_text().split()[2] != "T":
        time.sleep(0.001)
    inject = f"inject={calls}:signal=KILL:when={number}"
    command = ["strace", "-f", "-e", f"trace={calls}", "-e", inject, "-o", log]
    with subprocess.Popen(
        [*command, "-p", str(pid)], stderr=subprocess.PIPE, text=True
    ) as strace:
        if "attached" not in strace.stderr.readline():
            os.kill(pid, signal.SIGKILL)
            pytest.skip("nobody may be traced here")
        os.kill(pid, signal.SIGCONT)
        strace.communicate()
    return re.search(r"\) += \?$", log.read_text(), re.MULTILINE) is not None


def says(writer, number):
    return [["say", "A word.", f"{writer}-{n}"] for n in range(number)]


def test_killed_at_any_moment_while_many_write(crashing, trials, clock):
    trial = trials()
    for turn, wait_s in enumerate((0, 0.003, 0.007, 0.013, 0.029, 0.051, 0.11)):
        writers = [says(f"{turn}-{writer}", 100) for writer in range(4)]
        pid = crashing.start(trial, *writers)
        before = len(trial.told())

        while len(trial.told()) == before:
            time.sleep(0.001)
        time.sleep(wait_s)
        os.kill(pid, signal.SIGKILL)
        status = crashing.wait(pid)

        assert status == -signal.SIGKILL
        with opened(trial.home, clock=clock) as registry:
            note(trial.told(), keys_of(registry))
            assert trial.told().items() <= keys_of(registry).items()
    with opened(trial.home, clock=clock) as registry:
        acts = Acts(registry.writer)
        last = acts.activate(acts.state.change(2)).event
        assert verify(registry.ledger, registry.engine, lambda _: None).events == (
            last.number
        )


def test_i17_of_several_processes_that_write_nothing_is_lost(crashing, trials, clock):
    trial = trials()
    pids = [crashing.start(trial, says(n, 25), says(-n, 25)) for n in range(1, 4)]

    statuses = [crashing.wait(pid) for pid in pids]

    assert statuses == [0, 0, 0]
    told = trial.told()
    with opened(trial.home, clock=clock) as registry:
        note(told, keys_of(registry))
        assert sorted(told.values()) == list(range(5, 155))
        assert keys_of(registry) == {"begin": 1, **told}
        verify(registry.ledger, registry.engine, lambda _: None)


def test_of_several_processes_that_activate_a_change_one_does(crashing, trials):
    trial = trials()
    pids = [crashing.start(trial, [["activate", 2, f"by-{n}"]]) for n in range(4)]

    statuses = [crashing.wait(pid) for pid in pids]

    assert statuses == [0] * 4
    assert list(trial.told().values()) == [5]
    assert trial.log.read_text().count(" NotOpen\n") == 3
