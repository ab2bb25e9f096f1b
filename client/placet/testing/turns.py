"""Turns: who asks and who puts take them, and open streams hear of each."""

from collections.abc import Callable, Iterator
from threading import Condition

Place = tuple[int, int]


class Turns:
    """`with turns:` is one turn.

    Args:
        place: Where the environment is: epoch and seq.
    """

    def __init__(self, place: Callable[[], Place]) -> None:
        self._place = place
        self._taken = Condition()
        self._era = 0
        self._over = False

    def __enter__(self) -> None:
        self._taken.acquire()

    def __exit__(self, *_: object) -> None:
        self._taken.notify_all()
        self._taken.release()

    def stream(self, *, heartbeat_s: float, retry_ms: int) -> Iterator[bytes]:
        """Events, one for each place that is found, and comments in between."""
        told: Place | None = None
        with self._taken:
            era = self._era
        yield b"retry: %d\n" % retry_ms
        while True:
            with self._taken:
                self._wait(era, told, heartbeat_s)
                if self._has_ended(era):
                    return
                before, told = told, self._place()
            yield _event(told) if told != before else b":\n\n"

    def end_streams(self, *, over: bool) -> None:
        """Args:
        over: Whether none can be opened from now on.
        """
        with self:
            self._era += 1
            self._over = over

    def _wait(self, era: int, told: Place | None, heartbeat_s: float) -> None:
        self._taken.wait_for(
            lambda: self._has_ended(era) or self._place() != told, heartbeat_s
        )

    def _has_ended(self, era: int) -> bool:
        return self._over or self._era != era


def _event(place: Place) -> bytes:
    epoch, seq = place
    data = b'{"epoch":%d,"seq":%d}' % place
    return b"id: %d.%d\nevent: seq\ndata: %b\n\n" % (epoch, seq, data)
