"""Killed at any step, the ledger is as it was before the entry, or has the entry.

`git` is here a program that kills whoever called it at one step, and itself where
the step is inside git.  Nothing has time to tidy up: it is kill -9 throughout.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

import registry
from registry.ledger import Ledger

ROOT = Path(registry.__file__).parent.parent

WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from registry.events import path_of
from registry.ledger import Entry, Ledger

with Ledger.open(Path(sys.argv[1])) as ledger:
    ledger.recover()
    head, number = ledger.head(), len(list(ledger.history()))
    for number in range(number + 1, number + 1 + int(sys.argv[2])):
        files = {path_of(number): b"{}", f"live/{number % 3}.yaml": b"%d" % number}
        entry = Entry(
            files=files,
            message=f"Do thing {number}",
            author="author",
            at=datetime(2026, 5, 3, 12, tzinfo=UTC) + timedelta(seconds=number),
        )
        head = ledger.append(entry, expected=head)
        print(number, head, flush=True)
"""

KILLER = f"""#!{sys.executable}
import os, signal, subprocess, sys
step, real = os.environ["KILL_AT"], os.environ["REAL_GIT"]
command = sys.argv[1]


def kill(*processes):
    for process in processes:
        process.kill()
    os.kill(os.getppid(), signal.SIGKILL)
    sys.exit()


if command == "fast-import" and step.startswith("import"):
    stream = b"" if step == "import: nothing sent" else sys.stdin.buffer.read()
    if step == "import: half sent":
        stream = stream[: len(stream) // 2]
    if step != "import: nothing sent" and step != "import: all sent":
        subprocess.run([real, *sys.argv[1:]], input=stream, capture_output=True)
    kill()
if command == "update-ref" and step.startswith("move"):
    lines = [sys.stdin.buffer.readline() for _ in range(4)]
    if step == "move: sent":
        kill()
    pipes = {{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}}
    git = subprocess.Popen([real, *sys.argv[1:]], **pipes)
    for line in lines if step == "move: done" else lines[:3]:
        git.stdin.write(line)
        git.stdin.flush()
        if not line.startswith(b"update"):
            git.stdout.readline()
    kill(git)
os.execv(real, [real, *sys.argv[1:]])
"""


def start_writer(path, count, **variables):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, str(count)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_tree(pid):
    """Kill a process and those it has started, as a power cut would."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for victim in (pid, *map(int, children)):
        with suppress(ProcessLookupError):  # a child may just have ended
            os.kill(victim, signal.SIGKILL)


@pytest.fixture
def killer(tmp_path):
    """The folder of a `git` that kills at the step named by KILL_AT."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(KILLER)
    program.chmod(0o755)
    return program.parent


@pytest.mark.parametrize(
    ("step", "written"),
    [
        ("import: nothing sent", False),
        ("import: half sent", False),
        ("import: all sent", False),
        ("import: done", False),
        ("move: sent", False),
        ("move: locked", False),
        ("move: done", True),
    ],
)
def test_a_writer_killed_at_a_step_leaves_all_or_nothing(
    step, written, path, ledger, write, killer, git
):
    before = write({"live/0.yaml": b"x"})
    search = f"{killer}:{os.environ['PATH']}"

    writer = start_writer(
        path, 1, PATH=search, KILL_AT=step, REAL_GIT=shutil.which("git")
    )
    told, _ = writer.communicate()

    assert (writer.returncode, told) == (-signal.SIGKILL, "")
    ledger.recover()
    commits = [commit for commit, _ in ledger.history()]
    assert commits[0] == before
    assert len(commits) == (2 if written else 1)
    ledger.fsck()
    with start_writer(path, 1) as next_writer:
        assert next_writer.stdout.read().split()[0] == str(len(commits) + 1)


def test_a_writer_killed_at_any_moment_loses_nothing_that_it_told(path, ledger):
    told: list[str] = []
    for turn in range(8):
        with start_writer(path, 1000) as writer:
            told.append(writer.stdout.readline())
            time.sleep(turn * 0.0017)
            kill_tree(writer.pid)
            told += writer.stdout.readlines()

        with Ledger.open(path) as reader:
            reader.recover()
            commits = [commit for commit, _ in reader.history()]

        numbers = {int(n): commit for n, commit in map(str.split, told)}
        assert [commits[n - 1] for n in numbers] == list(numbers.values())
        assert len(commits) <= max(numbers) + 1
        told = [f"{n} {commit}" for n, commit in enumerate(commits, start=1)]
    ledger.fsck()
