"""Clocks: where the time of an event comes from."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

Clock = Callable[[], datetime]
"""Tells the time, with a timezone."""


def now() -> datetime:
    return datetime.now(UTC)


class Monotonic:
    """A clock that never goes back, whatever the one beneath it does.

    A moment that was told to be over stays over: no event is ever given a time
    before one at which somebody asked what had been live.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock()
        self._lock = Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self._last = max(self._last, self._clock())
            return self._last
