"""Asking again in the background: now and then, and as soon as there is news.

Two threads, because each waits for something else, and neither for the other: one
(`placet.rounds`) asks the registry, the other (`placet.events`) listens.  News that
comes while one is asking is one more question afterwards, however much of it came.

 * Without a stream of events the registry is asked every `poll_s` seconds.
 * With one it is asked when a stream begins, when an event says something that was not
   read yet, and every minute: events are quick, polling is what is certain.  While
   something is not confirmed, it is asked every `poll_s` seconds all the same.
 * Where the answers are older than what was heard, as behind several servers, it is
   asked again soon, some times, with growing pauses.
 * There is no pause between an event and the question.  The registry tells a hundred
   of its listeners, answers what they ask, and then tells the next; that spreads them.
"""

import random
import time
from collections.abc import Callable
from threading import Lock

from placet.events import Events
from placet.fetch import Fetcher
from placet.keeper import Keeper
from placet.rounds import JITTER, Rounds

RARE_S = 60.0
FIRST_PAUSE_S = 0.05
MAX_TRIES = 7  # within about six seconds

Place = tuple[int, int]


class Refreshing:
    """Args:
    ask: Asks for everything that is kept.
    between: What else is to be done every `poll_s` seconds.
    rare_s: How often it is asked in any case.
    """

    def __init__(
        self,
        keeper: Keeper,
        poll_s: float,
        *,
        ask: Callable[[], None],
        between: Callable[[], None],
        rare_s: float = RARE_S,
    ) -> None:
        self._keeper = keeper
        self._poll_s = poll_s
        self._rare_s = rare_s
        self._ask = ask
        self._between = between
        self._rounds = Rounds(self._turn, self._rest_s)
        self._events: Events | None = None
        self._forget()

    @property
    def connected(self) -> bool:
        """Whether news comes at once just now."""
        return self._connected

    def listen_to(self, fetcher: Fetcher, environment: str) -> None:
        """Have events as well, from the start on."""
        self._events = Events(
            fetcher,
            environment,
            connected=self._connect,
            heard=self._hear,
            ended=self._disconnect,
        )

    def start(self, *, now: bool) -> None:
        """Go on, or begin; with *now*, do not wait for the next round."""
        if now:
            self._wanted = True
        self._rounds.start(now=now)
        if self._events is not None:
            self._events.start()

    def stop(self) -> None:
        """Return when the round under way, if any, has ended."""
        if self._events is not None:
            self._events.stop()
        self._rounds.stop()

    def restart_in_child(self) -> None:
        """After a fork."""
        self._forget()
        self._wanted = True
        self._rounds.restart_in_child()
        if self._events is not None:
            self._events.restart_in_child()

    def _forget(self) -> None:
        self._hearing = Lock()
        self._connected = False
        self._wanted = False
        self._heard: Place | None = None
        self._tries = 0
        self._rare_at = 0.0

    def _connect(self) -> None:
        self._connected = True
        self._wanted = True
        self._rounds.wake()

    def _disconnect(self) -> None:
        self._connected = False

    def _hear(self, place: Place) -> None:
        """What is read already, or was heard already, asks for nothing."""
        with self._hearing:
            if self._keeper.has_read(place):
                return
            if self._heard is None or place > self._heard:
                self._heard, self._tries = place, 0
        self._rounds.wake()

    def _turn(self) -> None:
        heard = self._heard
        if not self._is_due(heard):
            self._between()
            return
        self._wanted = False
        self._rare_at = time.monotonic() + self._rare_s * _about()
        self._ask()
        self._settle(heard)

    def _is_due(self, heard: Place | None) -> bool:
        if heard is not None and self._keeper.has_read(heard):
            self._settle(heard)
            heard = None
        return (
            self._wanted
            or heard is not None
            or not self._connected
            or time.monotonic() >= self._rare_at
            or not self._keeper.is_well
        )

    def _settle(self, heard: Place | None) -> None:
        """Whether it was read, or was tried often enough."""
        with self._hearing:
            if heard is None or self._heard != heard:
                return
            self._tries += 1
            if self._tries > MAX_TRIES or not self._keeper.lags(heard):
                self._heard, self._tries = None, 0

    def _rest_s(self) -> float:
        if self._heard is None:
            return self._poll_s
        return min(self._poll_s, FIRST_PAUSE_S * 2.0**self._tries)


def _about() -> float:
    return random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
