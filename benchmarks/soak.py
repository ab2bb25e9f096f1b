"""Ten minutes of everything at once: reads at full load, chatbots, and activations.

A server answers as many reads as it can, twenty chatbots keep five bots each, and an
operator puts one bot after the other back to its earlier prompts and forward again,
both prompts of it at once. Nothing may fail, nobody may see one prompt of one version
beside one of another, nobody goes back, and the server's memory stays where it is.
"""

import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from benchmarks.load import free_port, per_second, running
from benchmarks.reads import token_for
from benchmarks.worlds import World, bot, prompt
from registry.api.bearer import Scope

BOTS = tuple(f"bot{number}" for number in range(5))
REST_S = 0.2
"""Between two activations."""


def measure(*, quick: bool) -> dict[str, float]:
    """Raises:
    RuntimeError: An activation, or a read under load, was not answered well.
    """
    seconds, settled_s = (24.0, 8.0) if quick else (600.0, 60.0)
    with (
        TemporaryDirectory(prefix="placet-bench-") as folder,
        ThreadPoolExecutor() as at,
    ):
        home = _world().save(Path(folder) / "registry")
        read, operate = token_for(home, Scope.READ), token_for(home, Scope.OPERATE)
        port = free_port()
        program = str(Path(sys.executable).parent / "placet")
        command = [program, "serve", "--home", str(home.path), "--port", str(port)]
        with running(command, port, quiet=True) as server:
            path = f"/v1/environments/production/bots/{BOTS[0]}"
            headers = {"Authorization": f"Bearer {read}"}
            rate = at.submit(per_second, port, path, headers, s=seconds)
            found = at.submit(_chatbots, port, read, seconds)
            settled = at.submit(_megabytes_after, server, settled_s)
            activations = _activate(port, operate, seconds)
            growth = _megabytes(server) / settled.result()
            said = found.result()
    return {
        "soak.errors": said["errors"],
        "soak.mixed": said["mixed"],
        "soak.back": said["back"],
        "soak.growth": growth,
        "soak.activations": activations,
        "soak.seen": said["seen"],
        "soak.per_s": rate.result(),
    }


def _world() -> World:
    """Bots with two prompts each, which have had two versions; an hour old."""
    world = World(datetime.now(UTC) - timedelta(hours=1))
    for name in BOTS:
        roles = {"one": f"{name}/one", "two": f"{name}/two"}
        prompts = [prompt(used, "1.0.0") for used in roles.values()]
        world.put_live(*prompts, bot(name, "1.0.0", roles))
    for name in BOTS:
        world.put_live(prompt(f"{name}/one", "2.0.0"), prompt(f"{name}/two", "2.0.0"))
    return world


def _activate(port: int, token: str, seconds: float) -> int:
    """How often a bot went back to its earlier prompts, or forward again."""
    address = f"http://127.0.0.1:{port}/v1/environments/production/rollbacks"
    done, until = 0, time.monotonic() + seconds
    with httpx2.Client(headers={"Authorization": f"Bearer {token}"}) as client:
        while time.monotonic() < until:
            turn, number = divmod(done, len(BOTS))
            seq = number + 1 if turn % 2 == 0 else len(BOTS) + number + 1
            body = {"document": f"bots/{BOTS[number]}", "to_seq": seq}
            answer = client.post(address, json={**body, "reason": "A soak."})
            if not answer.is_success:
                raise RuntimeError(f"an activation was refused:\n{answer.text}")
            done += 1
            time.sleep(REST_S)
    return done


def _chatbots(port: int, token: str, seconds: float) -> dict[str, int]:
    program = [sys.executable, "-m", "benchmarks.soak_chatbots"]
    done = subprocess.run(
        [*program, f"http://127.0.0.1:{port}", str(seconds), *BOTS],
        check=True,
        env={**os.environ, "PLACET_TOKEN": token},
        stdout=subprocess.PIPE,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def _megabytes_after(pid: int, seconds: float) -> float:
    time.sleep(seconds)
    return _megabytes(pid)


def _megabytes(pid: int) -> float:
    """What the process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
