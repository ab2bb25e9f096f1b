"""HTTP/1.1 as uvicorn speaks it, with three things of our own.

* The head of a request is kept small.  uvicorn's faster protocol takes in headers
  without an end, before any application sees them: 64 MB of them were answered
  with 200.  Here a connection whose head has not come to its end after 64 KiB is
  closed.
* An answer that was made ready beforehand goes out as it is.  uvicorn matches two
  regular expressions against every header of every answer, a third of the time
  of a chatbot's read; ours were made by this program and are the same each time.
* A stream of events is held by its connection alone, without a task and without what
  uvicorn keeps for a request.  When the server ends, streams end first: uvicorn
  would wait for them.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol, cast

from starlette.types import Scope
from uvicorn._types import ASGI3Application, HTTPScope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from registry.api.chatbots import Answer
from registry.api.streams import Stream
from registry.snapshots import Headers

MAX_HEAD_BYTES = 64 * 2**10


class AtOnce(Protocol):
    """What `Door` is here: an application that can answer without waiting."""

    def at_once(self, scope: Scope) -> Answer | None: ...

    def hold(
        self, scope: Scope, transport: asyncio.Transport
    ) -> tuple[Answer, Stream | None] | None: ...

    def end(self) -> None: ...


class Http(HttpToolsProtocol):
    """For `uvicorn.Config(http=...)` of an application that can answer at once."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._door = cast(AtOnce, config.app)
        self._at_once = self._door.at_once
        self._stream: Stream | None = None
        self._head_bytes = 0
        self._answering = False

    def data_received(self, data: bytes) -> None:
        """What is read at once is small, so a head counts from what comes next.

        A head has come to its end when the newest request has its scope.  Whoever
        has a stream has nothing more to say.
        """
        if self._stream is not None:
            return
        self._head_bytes += len(data)
        super().data_received(data)
        ended = getattr(self.cycle, "scope", None) is self.scope
        if not ended and self._head_bytes > MAX_HEAD_BYTES:
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stream is not None:
            self._stream.fill()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stream is not None:
            self._stream.drain()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._stream is not None:
            self._stream.lose()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        self._door.end()
        super().shutdown()

    def _start_asgi_task(
        self, cycle: RequestResponseCycle, app: ASGI3Application
    ) -> None:
        """uvicorn comes here with every request when its turn has come.

        An answer calls for the next request that waits, from within: such a one
        is left to a task, or a thousand of them would be as many calls deep.
        """
        if not self._answering and not cycle.flow.write_paused:
            answer = self._at_once(cast(Scope, cycle.scope))
            if answer is not None:
                self._answering = True
                try:
                    _write(cycle, *answer)
                finally:
                    self._answering = False
                return
            if self._holds(cycle):
                return
        super()._start_asgi_task(cycle, app)

    def _holds(self, cycle: RequestResponseCycle) -> bool:
        """Whether it was a stream that was asked for, and has begun or is refused."""
        begun = self._door.hold(cast(Scope, cycle.scope), cycle.transport)
        if begun is None:
            return False
        answer, self._stream = begun
        if self._stream is None:
            _write(cycle, *answer)
        else:
            _begin(cycle, *answer)
            self.scope, self.headers = cycle.scope, []
        return True


def _write(
    cycle: RequestResponseCycle, status: int, headers: Sequence[Headers], body: bytes
) -> None:
    """Everything that `RequestResponseCycle.send` does for a whole answer."""
    dated = [b"%b: %b\r\n" % pair for pair in cycle.default_headers]
    close = () if cycle.keep_alive else (b"connection: close\r\n",)
    lines = [part.lines for part in headers]
    if cycle.scope["method"] == "HEAD":
        body = b""
    cycle.transport.write(
        b"".join((STATUS_LINE[status], *lines, *dated, *close, b"\r\n", body))
    )
    cycle.response_started = cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def _begin(
    cycle: RequestResponseCycle, status: int, headers: Sequence[Headers], body: bytes
) -> None:
    """Send what a stream begins with, and let go of its request."""
    dated = [b"%b: %b\r\n" % pair for pair in cycle.default_headers]
    lines = [part.lines for part in headers]
    cycle.transport.write(
        b"".join((STATUS_LINE[status], *lines, *dated, b"\r\n", body))
    )
    cycle.response_started = True
    cycle.scope = cast(HTTPScope, {})
