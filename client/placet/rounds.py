"""A thread that does something every few seconds, or at once, until it is to stop.

The pauses differ at random by a fifth, so that a thousand chatbots that were
started together do not ask together.
"""

import logging
import random
from collections.abc import Callable
from threading import Event, Lock, Thread

JITTER = 0.2

_log = logging.getLogger("placet")


class Rounds:
    """Calls *work* again and again, from the first `start` on.

    Args:
        rest_s: About how many seconds there are between two calls; asked each time.
    """

    def __init__(self, work: Callable[[], None], rest_s: Callable[[], float]) -> None:
        self._work = work
        self._rest_s = rest_s
        self._starting = Lock()
        self._thread: Thread | None = None
        self._wanted = Event()
        self._stopped = False

    def start(self, *, now: bool) -> None:
        """Go on, or begin; with *now*, do not wait for the next round."""
        with self._starting:
            if self._thread is None and not self._stopped:
                self._thread = Thread(target=self._run, name="placet", daemon=True)
                self._thread.start()
        if now:
            self._wanted.set()

    def wake(self) -> None:
        """Do not wait for the next round; returns at once."""
        self._wanted.set()

    def stop(self) -> None:
        """Return when the round under way, if any, has ended."""
        with self._starting:
            self._stopped = True
            self._wanted.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def restart_in_child(self) -> None:
        """After a fork, which copies no thread but the one that called it."""
        was_started = self._thread is not None
        self._starting = Lock()
        self._wanted = Event()
        self._thread = None
        if was_started:
            self.start(now=True)

    def _run(self) -> None:
        wanted = self._wanted
        while True:
            pause = self._rest_s() * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
            wanted.wait(pause)
            wanted.clear()
            if self._stopped:
                return
            try:
                self._work()
            except Exception:  # noqa: BLE001
                # A mistake of ours must not end the only thread that hears of a
                # stop; it is logged, and the next round tries again.
                _log.exception("a round of refreshing failed")
