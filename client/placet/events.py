"""A thread that listens: it holds a registry's stream of events open.

An event says that something is live, and not what; so all that comes of one is that
the registry is asked.  Whatever a stream says, and whether there is one at all,
nothing else depends on it.

 * A stream counts from its first event on, which a registry sends at once.  A proxy
   that keeps events back is as good as no stream.
 * Each line shows that the stream is alive; without one for a while it is given up.
 * When it has ended, another is opened after the pause that the server said, at random
   a half more or less.  When that fails, or ends at once, pauses double; what a server
   says in `Retry-After` is waited for.  A server that knows no events is asked rarely.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping
from threading import Event as Flag
from threading import Lock, Thread

from placet.errors import BadAnswer, PlacetError, Refused
from placet.event_lines import EventLines, place_of
from placet.fetch import Fetcher
from placet.listening import Listening

SILENCE_S = 45.0  # three of the registry's comments
STEADY_S = 10.0  # how long a stream has to last, to be more than an attempt
RETRY_S = 1.5
MIN_RETRY_S = 0.05
MAX_PAUSE_S = 60.0
RARELY_S = 300.0
MAX_RETRY_AFTER_S = 3600
JOIN_S = 1.0  # connecting cannot be interrupted; then the thread ends after it

_NO_EVENTS = {404, 405, 501}
_HINT = "Nothing has to be done; the client polls meanwhile."

_log = logging.getLogger("placet")


class Events:
    """Args:
    connected: Called when a stream has begun, before its first event is told.
    heard: Called with each event's epoch and seq.
    ended: Called when a stream has ended.
    silence_s: How long nothing may come.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        environment: str,
        *,
        connected: Callable[[], None],
        heard: Callable[[tuple[int, int]], None],
        ended: Callable[[], None],
        silence_s: float = SILENCE_S,
    ) -> None:
        self._fetcher = fetcher
        self._path = f"/v1/environments/{environment}/events"
        self._connected = connected
        self._heard = heard
        self._ended = ended
        self._silence_s = silence_s
        self._thread: Thread | None = None
        self._listening: Listening | None = None
        self._begin()

    def start(self) -> None:
        with self._turn:
            if self._thread is None and not self._stopping.is_set():
                self._thread = Thread(
                    target=self._run, name="placet-events", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """End the stream at once, whatever it waits for."""
        with self._turn:
            self._stopping.set()
            if self._listening is not None:
                self._listening.interrupt()
            thread = self._thread
        if thread is not None:
            thread.join(JOIN_S)

    def restart_in_child(self) -> None:
        """After a fork, which copies no thread but the one that called it."""
        was_started = self._thread is not None and not self._stopping.is_set()
        left = self._listening
        if left is not None:
            left.leave_to_parent()
        self._begin()
        if was_started:
            self.start()

    def _begin(self) -> None:
        """Without a thread; what another thread may have locked is new."""
        self._turn = Lock()
        self._stopping = Flag()
        self._thread = None
        self._listening = None
        self._retry_s = RETRY_S
        self._failures = 0
        self._last_id = ""

    def _run(self) -> None:
        stopping = self._stopping
        while not stopping.is_set():
            began, problem = time.monotonic(), None
            try:
                self._listen()
            except PlacetError as error:
                problem = error
            except Exception:  # noqa: BLE001
                # A mistake of ours must not end the thread; polling goes on anyway.
                _log.exception("listening for news failed")
            self._ended()
            if not stopping.is_set():
                lasted_s = time.monotonic() - began
                stopping.wait(self._pause_s(problem, lasted_s))

    def _listen(self) -> None:
        """Returns when the stream has ended as it should."""
        listening = self._fetcher.listen()
        try:
            with self._turn:
                if self._stopping.is_set():
                    return
                self._listening = listening
            self._follow(listening)
        finally:
            with self._turn:
                self._listening = None
            listening.close()

    def _follow(self, listening: Listening) -> None:
        timeout_s = self._fetcher.timeout_s
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self._last_id:
            headers["Last-Event-ID"] = self._last_id
        asked = self._fetcher.request(self._path, headers)
        _check(*listening.ask(*asked, within_s=timeout_s))
        lines, seen = EventLines(), 0
        connected = False
        deadline = time.monotonic() + timeout_s
        while received := listening.read(deadline):
            for event in lines.feed(received):
                place = place_of(event)
                if place is None:
                    continue
                if not connected:
                    connected = True
                    self._connect()
                self._last_id = event.id if event.id.isascii() else ""
                self._heard(place)
            if lines.retry_ms is not None:
                retry_s = lines.retry_ms / 1000
                self._retry_s = min(max(retry_s, MIN_RETRY_S), MAX_PAUSE_S)
            if connected and lines.lines != seen:
                deadline = time.monotonic() + self._silence_s
            seen = lines.lines

    def _connect(self) -> None:
        if self._failures:
            _log.info("news comes as events again")
        self._connected()

    def _pause_s(self, problem: PlacetError | None, lasted_s: float) -> float:
        """How long to wait before the next attempt."""
        if lasted_s >= STEADY_S:
            self._failures = 0
            return self._retry_s * _half_more_or_less()
        if problem is not None and not self._failures:
            _log.info("news comes by polling only: %s", problem)
        self._failures += 1
        doubled_s = self._retry_s * 2.0 ** min(self._failures, 10)
        pause_s = min(doubled_s, MAX_PAUSE_S) * _half_more_or_less()
        if isinstance(problem, NoEvents):
            return max(pause_s, problem.retry_after_s * random.uniform(1, 1.2))  # noqa: S311
        return pause_s


class NoEvents(Refused):
    """The registry has no stream for this client, at least not now."""

    def __init__(self, status: int, retry_after_s: float) -> None:
        super().__init__(
            f"the registry answered {status} for events", hint=_HINT, status=status
        )
        self.retry_after_s = retry_after_s


def _check(status: int, headers: Mapping[str, str]) -> None:
    """Raises:
    NoEvents: There are none here, or none now.
    BadAnswer: It is something else that is answered.
    """
    if status != 200:
        said = headers.get("retry-after", "")
        told_s = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0
        least_s = RARELY_S if status in _NO_EVENTS else 0.0
        raise NoEvents(status, max(least_s, min(told_s, MAX_RETRY_AFTER_S)))
    if headers.get("content-type", "").partition(";")[0].strip() != "text/event-stream":
        raise BadAnswer("what came for events is none", hint=_HINT)


def _half_more_or_less() -> float:
    return random.uniform(0.5, 1.5)  # noqa: S311
