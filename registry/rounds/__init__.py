"""Rounds: a thread that does one thing again and again, until it is closed.

Each of the registry's loops is one of these: what is due, what comes after a write,
what people are told, mirrors, snapshots.  A round that fails is reported and the next
one tries again, whatever it was: the thread is often the only one that does its work.
What fails in the same way again and again, as while a database is away, is said once.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event, Thread

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from registry.errors import RegistryError

EVERY_S = 1.0

log = logging.getLogger(__name__)


class Rounds:
    """A thread that begins with `start` and ends with `close`.

    Args:
        once: One round; the first comes at once.
        name: Of the thread, and of the work in the log.
        rest_s: How long to rest after a round; asked after each.
    """

    def __init__(
        self,
        once: Callable[[], object],
        *,
        name: str,
        rest_s: Callable[[], float] = lambda: EVERY_S,
    ) -> None:
        self._once = once
        self._rest_s = rest_s
        self._wake = Event()
        self._ending = False
        self._said = ""
        self._may: Callable[[], bool] = lambda: True
        self._thread = Thread(target=self._run, name=f"placet-{name}", daemon=True)

    @property
    def ending(self) -> bool:
        return self._ending

    def only_if(self, may: Callable[[], bool]) -> None:
        """Leave out each round in which *may* says no."""
        self._may = may

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Begin the next round soon; returns at once."""
        self._wake.set()

    def close(self) -> None:
        """End the thread, after the round that it is in."""
        self.end()
        if self._thread.is_alive():
            self._thread.join()

    def end(self) -> None:
        """Begin no other round; returns at once."""
        self._ending = True
        self._wake.set()

    def ended(self, *, within_s: float) -> bool:
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._ending:
            try:
                if self._may():
                    self._once()
            except (RegistryError, SQLAlchemyError, OSError) as error:
                if self._is_new(error):
                    log.error("%s: will be tried again: %s", self._thread.name, error)  # noqa: TRY400
            except Exception as error:
                if self._is_new(error):
                    log.exception(
                        "%s: a round failed, and will be tried again", self._thread.name
                    )
            else:
                self._said = ""
            self._wake.wait(self._rest())
            self._wake.clear()

    def _is_new(self, error: Exception) -> bool:
        """Whether the round before did not fail in the same way."""
        said, self._said = self._said, f"{type(error).__name__}: {error}"
        return said != self._said

    def _rest(self) -> float:
        """A mistake in saying how long must not end the thread either."""
        try:
            return self._rest_s()
        except Exception:
            log.exception("%s: nobody knows when the next round is", self._thread.name)
            return EVERY_S


@asynccontextmanager
async def running(*loops: Rounds) -> AsyncIterator[None]:
    """Each of *loops* while the block lasts, beside an application's requests."""
    for each in loops:
        each.start()
    try:
        yield
    finally:
        for each in loops:
            each.end()
        for each in loops:
            await to_thread.run_sync(each.close)
