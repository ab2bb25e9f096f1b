"""Clocks: where the time of an event comes from, and which moments are over."""

from datetime import datetime
from threading import Lock

from registry.clock import Clock


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


class Settling:
    """Which moments are over, in that nothing more will have happened in them.

    A write announces itself here before it reads the clock, and whoever asks
    reads the clock before looking for one, so that none slips in between.  A
    write of which nobody knows whether it has happened stays announced.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: datetime | None = None

    @property
    def begun(self) -> bool:
        """Whether something may be happening in this process."""
        return self._since is not None

    def begin(self) -> None:
        """From now on something may happen."""
        if self._since is None:
            self._since = self._clock()

    def begin_at(self, at: datetime) -> None:
        """Something may have happened since *at*."""
        self._since = at

    def end(self) -> None:
        """Whatever has happened can be seen."""
        self._since = None

    def before(self) -> datetime:
        """The time before which everything is settled."""
        now = self._clock()
        since = self._since
        return now if since is None else min(now, since)
