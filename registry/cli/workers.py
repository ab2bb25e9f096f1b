"""Workers: several processes that answer at one address.

* Each has a listening socket of its own at that address, and the system spreads
  connections over them (`SO_REUSEPORT`).  With one socket for all, whichever process
  is first takes every connection that waits.
* The process that starts them does nothing else.  One that ends is replaced, after a
  pause that grows while it ends at once; what was under way in it is lost, and
  nothing that was answered.
* They are forked from a process that has everything imported and nothing open, so
  that they share that memory.
* They end when they are told to, and when the one that started them is gone.
"""

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from select import select
from threading import Thread
from typing import NoReturn

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 10.0

LOOKS_S = 0.1
"""How soon it is seen that a worker has ended."""

SETTLED_S = 30.0
"""Whatever has run for so long and ends did not end at once."""

log = logging.getLogger(__name__)

Serve = Callable[[socket.socket, Callable[[], None]], None]
"""Answers at a socket until it is told to end; calls when it begins to."""


class Workers:
    """Args:
    number: How many there are.
    at: A socket that is bound to the address, and does not listen.
    serve: What each of them does.
    ready: Is called when all of them answer for the first time.
    """

    def __init__(
        self,
        number: int,
        at: socket.socket,
        serve: Serve,
        ready: Callable[[], None],
    ) -> None:
        self._number = number
        self._at = at
        self._serve = serve
        self._ready = ready
        self._started: dict[int, float] = {}
        self._pause_s = FIRST_PAUSE_S
        self._heard = 0
        self._answering, self._answers = os.pipe()
        self._gone, self._here = os.pipe()

    def run(self) -> None:
        """Start them and keep them there, until this process is told to end."""
        try:
            for _ in range(self._number):
                self._start()
            while True:
                self._listen()
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid:
                    self._replace(pid, status)
        except KeyboardInterrupt:
            pass
        finally:
            self._end()

    def _listen(self) -> None:
        """Hear for a moment who answers.  No thread may: this process is forked."""
        if not select([self._answering], [], [], LOOKS_S)[0]:
            return
        before, self._heard = (
            self._heard,
            self._heard + len(os.read(self._answering, 64)),
        )
        if before < self._number <= self._heard:
            self._ready()

    def _start(self) -> int:
        pid = os.fork()
        if pid == 0:
            self._work()
        self._started[pid] = time.monotonic()
        return pid

    def _replace(self, pid: int, status: int) -> None:
        lived_s = time.monotonic() - self._started.pop(pid, 0.0)
        if lived_s > SETTLED_S:
            self._pause_s = FIRST_PAUSE_S
        time.sleep(self._pause_s)
        self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)
        log.error(
            "worker %s ended (%s); %s took its place", pid, _how(status), self._start()
        )

    def _end(self) -> None:
        """Tell all of them to end, and wait until they have."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for pid in self._started:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        for pid in self._started:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def _work(self) -> NoReturn:
        """What a worker does instead of all else; it never comes back."""
        status = 1
        try:
            os.close(self._here)
            Thread(target=self._end_with_parent, daemon=True).start()
            with _listening_at(self._at) as listening:
                self._serve(listening, lambda: _say(self._answers))
            status = 0
        except KeyboardInterrupt:
            status = 0
        except BaseException:
            log.exception("a worker failed")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _end_with_parent(self) -> None:
        os.read(self._gone, 1)  # nobody writes: it ends when nobody could any more
        os.kill(os.getpid(), signal.SIGTERM)


def reserved(host: str, port: int) -> socket.socket:
    """A socket that is bound and does not listen; others of ours may be beside it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    at = socket.socket(family, socket.SOCK_STREAM)
    at.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    at.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    at.bind((host, port))
    return at


def _listening_at(at: socket.socket) -> socket.socket:
    listening = reserved(*at.getsockname()[:2])
    listening.listen(2048)
    return listening


def _say(pipe: int) -> None:
    os.write(pipe, b".")


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"killed by signal {-code}" if code < 0 else f"with status {code}"
