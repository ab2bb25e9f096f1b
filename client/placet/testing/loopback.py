"""An HTTP server on the loopback, with a free port, that can vanish and come back."""

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from threading import Thread

from placet.testing.world import Reply

Answering = Callable[[str, Mapping[str, str], bytes | None], Reply]
"""Answers a GET, or a POST by its body: the path, and the headers in lower case."""


class Loopback:
    """Serves *answer* from `start` to `stop`, each time at the same address.

    Args:
        ending: Called when it stops; has every answer end that goes on and on.
    """

    def __init__(self, answer: Answering, ending: Callable[[], None]) -> None:
        self._answer = answer
        self._ending = ending
        self._server: _Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        if self._server is None:
            self._server = _Server(self._port, self._answer)
            self._port = self._server.server_address[1]

    def stop(self) -> None:
        """End it like a crash: open connections are cut off as well."""
        if self._server is not None:
            self._server.stop(self._ending)
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them

    def __init__(self, port: int, answer: Answering) -> None:
        super().__init__(("127.0.0.1", port), _Connection)
        self.answer = answer
        self._open: set[socket.socket] = set()
        self._thread = Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self, ending: Callable[[], None]) -> None:
        self.shutdown()
        self._thread.join()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        ending()
        self.server_close()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that was cut off is nothing to tell anybody."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024  # head and body in one packet
    server: _Server

    def do_GET(self) -> None:
        self._reply(None)

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _reply(self, sent: bytes | None) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.answer(self.path, headers, sent)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.more is not None:
            self._reply_on(reply)
            return
        promised = {name.lower(): value for name, value in reply.headers.items()}
        length = promised.get("content-length", str(len(reply.body)))
        if "content-length" not in promised:
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection |= length != str(len(reply.body))

    def _reply_on(self, reply: Reply) -> None:
        """Until there is no more, or nobody takes it."""
        self.close_connection = True
        self.send_header("Connection", "close")
        self.end_headers()
        with suppress(OSError):
            for piece in chain([reply.body], reply.more or ()):
                self.wfile.write(piece)
                self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Tests say what they want to say."""
