"""How long after an activation every connected chatbot has read what is live.

A real server, and chatbots in a process of their own (`benchmarks.listeners`): each has
a stream open, and reads head and bundle when it hears of something.  What is timed
is from the answer to the activation until a chatbot has the bundle; whoever had it
before counts as nothing.  On two cores the chatbots take as much of the time as the
server does.
"""

import json
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory

import httpx2

from benchmarks.listeners import Fleet
from benchmarks.load import free_port, running
from benchmarks.reads import token_for
from benchmarks.worlds import PRODUCTION, Act, bot, name_of, prompt, world_with
from registry import commands
from registry.api.bearer import Scope

BOT = "push"
TIMES = 5
SETTLING_S = 5
"""After which a server has loaded what it loads at leisure."""


def measure(*, quick: bool) -> dict[str, float]:
    figures: dict[str, float] = {}
    for count in (1000,) if quick else (1000, 5000):
        with TemporaryDirectory(prefix="placet-bench-") as folder:
            p99, kilobytes = _pushed(Path(folder) / "registry", count)
        figures[f"push.p99_ms_{count}"] = p99
        figures["push.kb_per_connection"] = kilobytes
    return figures


def _pushed(path: Path, count: int) -> tuple[float, float]:
    world = world_with(100, begins=datetime.now(UTC) - timedelta(hours=1))
    used = {f"r{n}": name_of(n) for n in range(TIMES)}
    world.put_live(bot(BOT, "1.0.0", used))
    acts = [world.agree(prompt(used[f"r{n}"], f"2.{n}.0")) for n in range(TIMES)]
    home = world.save(path)
    reads, operates = token_for(home, Scope.READ), token_for(home, Scope.OPERATE)
    port = free_port()
    program = str(Path(sys.executable).parent / "placet")
    serving = [program, "serve", "--home", str(path), "--port", str(port)]
    with running(serving, port) as server:
        kilobytes = _kilobytes(server, port, reads, count)
        with _listeners(port, reads, count) as told:
            next(told)
            late = [
                ms
                for act in acts
                for ms in _late_ms(act, f"http://127.0.0.1:{port}", operates, told)
            ]
    return statistics.quantiles(late, n=100)[98], kilobytes


def _kilobytes(server: int, port: int, token: str, count: int) -> float:
    """What the server has in memory for each of *count* open streams."""
    fleet = Fleet(port, token, PRODUCTION, BOT)
    few = _opened(fleet, 50)  # whatever is loaded or made at the first use
    time.sleep(SETTLING_S)
    before = _resident_kb(server)
    many = _opened(fleet, count)
    taken = _resident_kb(server) - before
    for stream in (*few, *many):
        stream.close()
    return taken / count


def _opened(fleet: Fleet, count: int) -> list[socket.socket]:
    """Streams that have begun."""
    streams = [fleet.ask(fleet.events) for _ in range(count)]
    for stream in streams:
        stream.recv(4096)
    return streams


Told = Iterator[tuple[int, list[float]]]


@contextmanager
def _listeners(port: int, token: str, count: int) -> Iterator[Told]:
    """What chatbots say: each seq, and when each of them had read it."""
    asked = [str(port), token, PRODUCTION, BOT, str(count)]
    command = [sys.executable, "-m", "benchmarks.listeners", *asked]
    process = Popen(command, stdout=PIPE, text=True)
    try:
        assert process.stdout is not None
        yield (tuple(json.loads(line)) for line in process.stdout)  # type: ignore[misc]
    finally:
        process.terminate()
        process.wait(timeout=30)


def _late_ms(act: Act, url: str, token: str, told: Told) -> list[float]:
    """Activate, and how long after the answer each chatbot had read it."""
    command = act.command
    assert isinstance(command, commands.Activate)
    answer = httpx2.post(
        f"{url}/v1/changes/{command.change}/activation",
        json={"review_digest": command.review_digest},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    answered = time.monotonic()
    answer.raise_for_status()
    seq, moments = next(told)
    assert seq == answer.json()["seq"]
    return [max(0.0, moment - answered) * 1000 for moment in moments]


def _resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS")))
