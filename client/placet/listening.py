"""A connection on which an answer comes without an end, and that can be ended.

A thread that reads from it waits until something comes.  Another thread ends that by
shutting the connection down, below everything that encrypts it: whatever waits there
wakes up at once.
"""

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import RawIOBase
from typing import cast

from placet.errors import NoAnswer

PIECE_BYTES = 4096


class Listening:
    """Args:
    connection: Connected, and used for nothing else.
    """

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self._socket: socket.socket = connection.sock
        self._file = _Unbuffered(self._socket)
        self._response: HTTPResponse | None = None
        connection.response_class = cast("type[HTTPResponse]", self._respond)

    def ask(
        self, path: str, headers: Mapping[str, str], *, within_s: float
    ) -> tuple[int, Mapping[str, str]]:
        """Status and headers, whose names are lower case.

        Raises:
            NoAnswer: They did not come in time.
        """
        self._file.deadline = time.monotonic() + within_s
        try:
            self._connection.request("GET", path, headers=dict(headers))
            self._response = response = self._connection.getresponse()
        except (OSError, ValueError, HTTPException) as error:
            raise NoAnswer(f"no events: {type(error).__name__}") from None
        return response.status, {n.lower(): text for n, text in response.getheaders()}

    def read(self, deadline: float) -> bytes:
        """What came next, as soon as it came; nothing when the answer has ended.

        Raises:
            NoAnswer: Nothing came until *deadline*, or the connection was cut.
        """
        self._file.deadline = deadline
        try:
            return b"" if self._response is None else self._response.read1(PIECE_BYTES)
        except (OSError, ValueError, HTTPException) as error:
            raise NoAnswer(f"no more events: {type(error).__name__}") from None

    def interrupt(self) -> None:
        """Have whoever reads here stop, from another thread."""
        with suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Only for the thread that reads."""
        if self._response is not None:
            self._response.close()
        self._file.close()
        self._connection.close()

    def leave_to_parent(self) -> None:
        """In a child after a fork: the connection stays the parent's, and open."""
        with suppress(OSError):
            os.close(self._socket.detach())

    def _respond(self, _: socket.socket, method: str | None = None) -> HTTPResponse:
        return HTTPResponse(cast("socket.socket", self._file), method=method)


class _Unbuffered(RawIOBase):
    """What a socket receives until a deadline, which may be moved.

    A buffer would have a lock, and in a child after a fork nobody would ever open it.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.deadline = 0.0
        self._socket = sock
        self._raw = sock.makefile("rb", buffering=0)  # it keeps the socket open

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(left)
        return self._raw.readinto(buffer)

    def read(self, size: int = -1) -> bytes:
        """As many bytes as asked for, fewer only at the end."""
        found = b""
        while len(found) != size and (more := super().read(size - len(found))):
            found += more
        return found

    def read1(self, size: int) -> bytes:
        return super().read(size) or b""

    def close(self) -> None:
        self._raw.close()
        super().close()

    def makefile(self, _mode: str) -> "_Unbuffered":
        return self
