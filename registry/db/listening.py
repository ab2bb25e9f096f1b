"""Listening: a thread that hears what is told on the channel."""

import logging
import random
from collections.abc import Callable
from threading import Event, Thread

import psycopg
from sqlalchemy import Engine

from registry.db.channel import CHANNEL
from registry.db.engine import KEPT_ALIVE

LISTENS_S = 0.5
"""How long one look at the connection takes, and so how long it takes to end."""

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 10.0

log = logging.getLogger(__name__)


class Listening:
    """A thread that calls *wake* when somebody has written, until it is closed.

    Args:
        engine: Whose database it is; the connection is one of its own.
        wake: Must not wait.
    """

    def __init__(self, engine: Engine, wake: Callable[[], None]) -> None:
        self._engine = engine
        self._wake = wake
        self._ending = Event()
        self._pause_s = FIRST_PAUSE_S
        self._connected = False
        self._lost = False
        self._thread = Thread(target=self._run, name="placet-channel", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether messages arrive, as far as is known."""
        return self._connected

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                if not self._lost:
                    log.warning("the channel is lost, and sought again: %s", error)
                self._connected, self._lost = False, True
                self._rest()

    def _listen(self) -> None:
        """Raises:
        psycopg.Error: There is no connection, or no longer.
        """
        args, options = self._engine.dialect.create_connect_args(self._engine.url)
        options = {**KEPT_ALIVE, **options, "autocommit": True}
        with psycopg.connect(*args, **options) as channel:
            channel.execute(f"LISTEN {CHANNEL}")
            if self._lost:
                log.warning("the channel is there again")
            self._connected, self._lost = True, False
            self._pause_s = FIRST_PAUSE_S
            self._wake()
            while not self._ending.is_set():
                for _ in channel.notifies(timeout=LISTENS_S, stop_after=1):
                    self._wake()

    def _rest(self) -> None:
        self._ending.wait(self._pause_s * random.uniform(0.5, 1.0))  # noqa: S311
        self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)
