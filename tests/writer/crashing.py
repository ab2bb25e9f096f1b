"""A process that forks writers to be killed: `python -m tests.writer.crashing`.

It has imported everything, so that a writer is there in milliseconds.  It reads
requests, a line of JSON each, and answers each with a line: `run` with the id of
the new process, `wait` with how that ended (as `subprocess` has it).

A writer opens a registry and does what it is told, one act after another.  What
it is told by the registry it appends to a file, which outlives it: the key of
the act with the event's number, or with the error's name.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

from sqlalchemy import Engine, event

from registry.errors import RegistryError
from registry.writer import Home, Open, opened
from registry.writer.rebuild import rebuild_tables
from tests.writer.acts import Acts, Clock, fragment

Act = list[Any]


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork() or live(request["run"])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def live(told: dict[str, Any]) -> NoReturn:
    """One writer's life."""
    status = 1
    try:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.environ.update(told["variables"])
        if told["stopped"]:
            os.kill(os.getpid(), signal.SIGSTOP)
        write(told)
        status = 0
    finally:
        os._exit(status)


def write(told: dict[str, Any]) -> None:
    log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    home = Home(path=Path(told["home"]), database=told["database"])
    if told["opening"]:
        kill_at(told["kill_at"])
    with opened(home, clock=Clock()) as registry:
        if not told["opening"]:
            kill_at(told["kill_at"])
        writers = [
            Thread(target=act_out, args=(registry, acts, log)) for acts in told["acts"]
        ]
        for writer in writers[1:]:
            writer.start()
        writers[0].run()
        for writer in writers[1:]:
            writer.join()


def act_out(registry: Open, acts: list[Act], log: int) -> None:
    for name, *arguments in acts:
        key = arguments[-1] if arguments else name
        try:
            answer = str(ACTS[name](registry, *arguments))
        except RegistryError as error:
            answer = type(error).__name__
        os.write(log, f"{key} {answer}\n".encode())


def say(registry: Open, text: str, key: str) -> int:
    return Acts(registry.writer).say(text, key).event.number


def activate(registry: Open, change: int, key: str) -> int:
    acts = Acts(registry.writer)
    return acts.activate(acts.state.change(change), key).event.number


def stop(registry: Open, reason: str, key: str) -> int:
    return Acts(registry.writer).stop(reason, key).event.number


def submit(registry: Open, version: str, key: str) -> int:
    acts = Acts(registry.writer)
    return acts.submit(fragment(version, key)).id


def once(registry: Open) -> None:
    registry.afterwards.once()


def repack(registry: Open) -> None:
    with registry.fence.held():
        registry.ledger.repack(beyond=1)


def rebuild(registry: Open) -> None:
    rebuild_tables(registry.ledger, registry.engine, registry.fence, lambda _: None)


ACTS: dict[str, Callable[..., object]] = {
    "say": say,
    "activate": activate,
    "stop": stop,
    "submit": submit,
    "once": once,
    "repack": repack,
    "rebuild": rebuild,
}


def kill_at(step: int) -> None:
    """Kill this process at the *step*-th thing that it does to its database from now.

    There is no step 0.
    """
    steps: Iterator[int] = count(1)

    def passed(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, passed)
    event.listen(Engine, "checkin", passed)  # right after COMMIT


if __name__ == "__main__":
    main()
