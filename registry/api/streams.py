"""Streams: server-sent events that say at which seq an environment is, and no more.

 * An event says epoch and seq.  Whoever hears it reads what it may read; so an event
   tells nothing that a token must not know, and a lost one costs nothing but time.
 * The first event comes at once, so that nothing is missed between opening a stream
   and reading.
 * Latest wins: nothing is queued.  Whoever cannot take an event just now is told the
   newest one when it can; whoever cannot for long is cut off.  Nobody waits for it.
 * In between, a comment every few seconds shows that the stream is alive, and a
   stream ends after a while, so that clients spread over servers anew.  Both differ at
   random, as does the pause after which a client is to come back (`retry`).
 * With each event and each comment the token is looked up again: what was revoked, or
   has expired, ends the stream.

A stream is no task.  It is a few fields beside its connection, and one timer looks at
all of them: thousands stay open for hours, and each byte of one counts thousandfold.
So a server has to hand over the connection (`registry.api.protocol`).  Under one that
does not, a stream says where the environment is, and ends.
"""

import asyncio
from dataclasses import dataclass

from registry.api.grants import Grants
from registry.api.live import LiveSnapshots
from registry.api.news import News
from registry.api.pace import PACE, Pace, about
from registry.clock import Clock
from registry.errors import RegistryError
from registry.snapshots import Headers, headers_of

MAX_UNSENT_BYTES = 4096
"""What is kept for a client that does not read: some fifty events."""

LOOKS = 100
"""How often the timer looks in the time of a heartbeat."""

HEADERS = headers_of(
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"connection", b"close"),
)
_HEARTBEAT = b":\n\n"

Place = tuple[int, int]
"""Epoch and seq."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Attributes:
    said: How long to wait before coming back, and the first event.
    place: What that event says.
    """

    headers: tuple[Headers, ...]
    said: bytes
    place: Place


class Stream:
    """One open stream, as its connection knows it.

    Attributes:
        told: What the last event said.
        beats: When the next comment is due, as the loop counts time.
        ends: When it is over.
        full: Since when the client has not taken what it was sent; None if it has.
    """

    __slots__ = (
        "_streams",
        "beats",
        "ends",
        "environment",
        "full",
        "token",
        "told",
        "transport",
    )

    def __init__(
        self,
        streams: "Streams",
        environment: str,
        token: str,
        transport: asyncio.Transport,
        *,
        told: Place,
        beats: float,
        ends: float,
    ) -> None:
        self._streams = streams
        self.environment = environment
        self.token = token
        self.transport = transport
        self.told = told
        self.beats = beats
        self.ends = ends
        self.full: float | None = None

    def fill(self) -> None:
        """The client does not take what it is sent."""
        self.full = asyncio.get_running_loop().time()

    def drain(self) -> None:
        """The client has taken everything."""
        self.full = None
        self._streams.tell(self)

    def lose(self) -> None:
        """The connection has ended."""
        self._streams.forget(self)


class Streams:
    """Those that are open in this process."""

    def __init__(
        self,
        *,
        live: LiveSnapshots,
        grants: Grants,
        clock: Clock,
        news: News,
        pace: Pace = PACE,
    ) -> None:
        self._live = live
        self._grants = grants
        self._clock = clock
        self._news = news
        self._pace = pace
        self._open: set[Stream] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._telling = False
        self._moved = False
        news.subscribe(self._tell_all)

    @property
    def connected(self) -> int:
        return len(self._open)

    def begin(self, environment: str, token: str) -> Beginning:
        """What a stream begins with.

        Raises:
            NotSignedIn: The token is unknown, or has ended.
            NotAllowed: It is for other environments.
            NotFound: There is no such environment.
        """
        self._check(environment, token)
        place = self._place(environment)
        named = headers_of((b"placet-environment", environment.encode()))
        retry_ms = round(about(self._pace.retry_s, 0.5) * 1000)
        said = b"retry: %d\n%b" % (retry_ms, _event(place))
        return Beginning(headers=(HEADERS, named), said=said, place=place)

    def open(
        self, environment: str, token: str, transport: asyncio.Transport
    ) -> tuple[Beginning, Stream]:
        """A stream on *transport*, on which its beginning is to be sent now.

        Raises:
            NotSignedIn: As in `begin`; so are the next two.
            NotAllowed: See there.
            NotFound: See there.
            TooManyWaiting: There are too many.
        """
        self._news.take_place()  # before it looks at what is live
        try:
            begun = self.begin(environment, token)
        except RegistryError:
            self._news.leave_place()
            raise
        now = asyncio.get_running_loop().time()
        stream = Stream(
            self,
            environment,
            token,
            transport,
            told=begun.place,
            beats=now + about(self._pace.heartbeat_s),
            ends=now + about(self._pace.max_age_s),
        )
        transport.set_write_buffer_limits(high=MAX_UNSENT_BYTES)
        self._open.add(stream)
        if self._timer is None:
            self._look()
        return begun, stream

    def forget(self, stream: Stream) -> None:
        if stream in self._open:
            self._open.remove(stream)
            self._news.leave_place()

    def end(self) -> None:
        """End every stream: the server ends."""
        for stream in tuple(self._open):
            self._end(stream)

    def _end(self, stream: Stream) -> None:
        """A client that takes nothing would keep a clean end from coming about."""
        if stream.transport.get_write_buffer_size():
            stream.transport.abort()
        else:
            stream.transport.close()
        self.forget(stream)

    def _tell_all(self) -> None:
        """After a change.  One that comes while others are told has its turn then."""
        self._moved = True
        if not self._telling:
            self._telling = True
            self._tell_more()

    def _tell_more(self) -> None:
        if not self._moved:
            self._telling = False
            return
        self._moved = False
        self._news.in_slices(tuple(self._open), self.tell, then=self._tell_more)

    def tell(self, stream: Stream) -> None:
        """Tell it where its environment is, unless it knows or cannot listen."""
        if stream not in self._open or stream.full is not None:
            return
        try:
            place = self._place(stream.environment)
            if place == stream.told:
                return
            self._check(stream.environment, stream.token)
        except RegistryError:
            self._end(stream)
            return
        stream.told = place
        self._send(stream, _event(place))

    def _beat(self, stream: Stream) -> None:
        try:
            self._check(stream.environment, stream.token)
        except RegistryError:
            self._end(stream)
            return
        self._send(stream, _HEARTBEAT)

    def _send(self, stream: Stream, said: bytes) -> None:
        now = asyncio.get_running_loop().time()
        stream.beats = now + about(self._pace.heartbeat_s)
        stream.transport.write(said)

    def _look(self) -> None:
        """See to every stream for which something is due."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for stream in tuple(self._open):
            if now >= stream.ends or self._is_stuck(stream, now):
                self._end(stream)
            elif now >= stream.beats and stream.full is None:
                self._beat(stream)
        self._timer = None
        if self._open:
            self._timer = loop.call_later(self._pace.heartbeat_s / LOOKS, self._look)

    def _is_stuck(self, stream: Stream, now: float) -> bool:
        return stream.full is not None and now - stream.full > self._pace.drain_s

    def _check(self, environment: str, token: str) -> None:
        self._grants.get(token, self._clock()).check_environment(environment)

    def _place(self, environment: str) -> Place:
        snapshot = self._live.get(environment)
        return snapshot.source.epoch, snapshot.seq


def _event(place: Place) -> bytes:
    epoch, seq = place
    return b'id: %d.%d\nevent: seq\ndata: {"epoch":%d,"seq":%d}\n\n' % (
        epoch,
        seq,
        epoch,
        seq,
    )
