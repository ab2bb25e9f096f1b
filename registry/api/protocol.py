"""HTTP/1.1 as uvicorn speaks it, with three things of our own.

* The head of a request is kept small.  uvicorn's faster protocol takes in headers
  without an end, before any application sees them: 64 MB of them were answered
  with 200.  Here a connection whose head has not come to its end after 64 KiB is
  closed.
* A read that is answered from memory is answered as soon as its head is there, with
  bytes that were made ready beforehand.  uvicorn's way there (a scope, a cycle, an
  event, a task, two regular expressions for each header) is more than the rest of
  such a read; every other request takes it.
* A stream of events is held by its connection alone, without a task and without what
  uvicorn keeps for a request.  When the server ends, streams end first: uvicorn
  would wait for them.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol, cast

from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from registry.api.chatbots import Answer
from registry.api.streams import Stream
from registry.snapshots import Headers

MAX_HEAD_BYTES = 64 * 2**10

_METHODS = {b"GET": "GET", b"HEAD": "HEAD"}


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
        self._in_head = True
        self._answered = False
        self._dated: tuple[object, bytes] = (None, b"")

    def data_received(self, data: bytes) -> None:
        """What is read at once is small, so a head counts from what comes next.

        Whoever has a stream has nothing more to say.
        """
        if self._stream is not None:
            return
        self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self.transport.close()

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._head_bytes = 0
        self._in_head = True
        self._answered = self._stream is not None

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._answered:
            return
        scope = self._short_scope()
        if scope is not None:
            answer = self._at_once(scope)
            if answer is not None:
                self._answered = True
                self._write(*answer)
                return
            if self._holds(scope):
                self._answered = True
                return
        self._hand_on()

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

    def on_body(self, body: bytes) -> None:
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._answered:
            super().on_message_complete()

    def _hand_on(self) -> None:
        """Go uvicorn's way, which begins before the head was read."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def _holds(self, scope: Scope) -> bool:
        """Whether it was a stream that was asked for, and has begun or is refused."""
        begun = self._door.hold(scope, self.transport)
        if begun is None:
            return False
        answer, self._stream = begun
        if self._stream is None:
            self._write(*answer)
            return True
        self._send(*answer)
        self.headers = []
        return True

    def _short_scope(self) -> Scope | None:
        """What the request asks for, if it may be answered without uvicorn.

        That is when it is its turn, and its address is a path with nothing to decode.
        """
        parser, url = self.parser, self.url
        method = _METHODS.get(parser.get_method())
        if (
            method is None
            or self.flow.write_paused
            or self.transport.is_closing()
            or not getattr(self.cycle, "response_complete", True)
            or parser.get_http_version() != "1.1"
            or parser.should_upgrade()
            or not url.startswith(b"/v1/")
            or not url.isascii()
            or b"?" in url
            or b"%" in url
            or b"#" in url
        ):
            return None
        return {
            "type": "http",
            "method": method,
            "path": url.decode("ascii"),
            "query_string": b"",
            "headers": self.headers,
            "client": self.client,
        }

    def _write(self, status: int, headers: Sequence[Headers], body: bytes) -> None:
        keeps = self.parser.should_keep_alive()
        if self.parser.get_method() == b"HEAD":
            body = b""
        self._send(status, headers, body, b"" if keeps else b"connection: close\r\n")
        if not keeps:
            self.transport.close()
        self.on_response_complete()

    def _send(
        self, status: int, headers: Sequence[Headers], body: bytes, more: bytes = b""
    ) -> None:
        lines = [part.lines for part in headers]
        self.transport.write(
            b"".join((STATUS_LINE[status], *lines, self._date(), more, b"\r\n", body))
        )

    def _date(self) -> bytes:
        """Headers that uvicorn makes anew each second."""
        given = self.server_state.default_headers
        if self._dated[0] is not given:
            self._dated = given, b"".join(b"%b: %b\r\n" % pair for pair in given)
        return self._dated[1]
