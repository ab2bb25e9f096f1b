"""One question at a time to one registry, within limits.

The rules:

 * An answer is complete, and at most as large as allowed, or there is none.
 * `timeout_s` is for the whole exchange. A server that sends a byte now and then
   does not hold anybody longer. (Looking up the host's name is the system's.)
 * A redirect is an answer and is not followed: the token goes to one host only.
 * Connections are kept and used again; one that the server has closed meanwhile
   is replaced once. So what is sent may arrive twice.
 * Neither proxies nor anything else is taken from the process's environment.
"""

import re
import socket
import ssl
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from typing import cast
from urllib.parse import SplitResult, urlsplit

from placet.errors import BadAnswer, Misconfigured, NoAnswer, Unreachable
from placet.listening import Listening

MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 16 * 1024 * 1024  # a bot with sixty prompts of the largest size
MAX_IDLE_CONNECTIONS = 2  # the thread that refreshes, and one that reads first

_TOKEN = re.compile(r"[\x21-\x7e]+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whatever its status; the names of headers are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Fetcher:
    """Asks one registry with one token; threads may share it.

    Args:
        url: Where the registry is: `https://registry.internal`.
        timeout_s: Seconds that one question may take.
        tls: What to trust; None for what the system trusts.

    Attributes:
        timeout_s: The same.

    Raises:
        Misconfigured: The address or the token cannot be used.
    """

    def __init__(
        self, url: str, token: str, timeout_s: float, tls: ssl.SSLContext | None
    ) -> None:
        parts = _address(url)
        if not _TOKEN.match(token):
            raise Misconfigured("the token is empty, or not plain printable text")
        self._host = parts.hostname or ""
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._tls = (tls or _trusting_the_system()) if parts.scheme == "https" else None
        self.timeout_s = timeout_s
        self._idle: deque[HTTPConnection] = deque()
        self._headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {token}",
            "User-Agent": "placet",
        }

    def get(self, path: str, *, etag: str, max_bytes: int) -> Answer:
        """Ask for *path*, or with an *etag* whether that is still what it is.

        Raises:
            NoAnswer: It did not come in time, or not to its end.
            BadAnswer: It is larger than *max_bytes*.
        """
        headers = {"If-None-Match": etag} if etag else {}
        return self._ask(path, headers, None, max_bytes)

    def post(self, path: str, body: bytes, *, max_bytes: int) -> Answer:
        """Send JSON to *path*.

        Raises:
            NoAnswer: No answer came in time, or not to its end.
            BadAnswer: It is larger than *max_bytes*.
        """
        return self._ask(path, {"Content-Type": "application/json"}, body, max_bytes)

    def request(
        self, path: str, headers: Mapping[str, str]
    ) -> tuple[str, Mapping[str, str]]:
        """The address and all headers of a question, with the token."""
        return self._prefix + path, {**self._headers, **headers}

    def listen(self) -> Listening:
        """A connection of its own, for an answer without an end.

        Raises:
            Unreachable: There is none.
        """
        return Listening(self._connect())

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _ask(
        self, path: str, more: Mapping[str, str], sent: bytes | None, max_bytes: int
    ) -> Answer:
        deadline = time.monotonic() + self.timeout_s
        ask = partial(
            self._exchange,
            *self.request(path, more),
            sent,
            max_bytes,
            deadline,
        )
        try:
            with suppress(IndexError, ConnectionError):
                return ask(self._idle.pop())
            return ask(self._connect())
        except OSError as error:
            raise NoAnswer(f"no answer from {self._host}: {error}") from error
        except HTTPException as error:  # from None: it may quote what the server wrote
            problem = type(error).__name__
            raise NoAnswer(f"no HTTP from {self._host}: {problem}") from None

    def _connect(self) -> HTTPConnection:
        connection: HTTPConnection
        if self._tls is None:
            connection = HTTPConnection(self._host, self._port, timeout=self.timeout_s)
        else:
            connection = HTTPSConnection(
                self._host, self._port, timeout=self.timeout_s, context=self._tls
            )
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise Unreachable(f"no connection to {self._host}: {error}") from error
        return connection

    def _exchange(
        self,
        path: str,
        headers: Mapping[str, str],
        sent: bytes | None,
        max_bytes: int,
        deadline: float,
        connection: HTTPConnection,
    ) -> Answer:
        usable = False
        connection.response_class = cast(
            "type[HTTPResponse]", partial(_response, deadline)
        )
        try:
            method = "GET" if sent is None else "POST"
            connection.request(method, path, body=sent, headers=dict(headers))
            with connection.getresponse() as response:
                headers = {name.lower(): text for name, text in response.getheaders()}
                body = _body(response, max_bytes)
                usable = response.isclosed() and not response.will_close
        finally:
            if usable and len(self._idle) < MAX_IDLE_CONNECTIONS:
                self._idle.append(connection)
            else:
                connection.close()
        return Answer(status=response.status, headers=headers, body=body)


class _Paced(RawIOBase):
    """What a socket receives until a deadline."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)  # it keeps the socket open
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()

    def makefile(self, _mode: str) -> BufferedReader:
        return BufferedReader(self)


def _response(
    deadline: float, sock: socket.socket, method: str | None = None
) -> HTTPResponse:
    paced = cast("socket.socket", _Paced(sock, deadline))  # it asks for makefile only
    return HTTPResponse(paced, method=method)


def _body(response: HTTPResponse, max_bytes: int) -> bytes:
    promised = response.length
    body = b""
    if promised is None or promised <= max_bytes:
        body = response.read(max_bytes + 1)
    if (promised or len(body)) > max_bytes:
        raise BadAnswer(f"the answer is larger than {max_bytes} bytes")
    if promised is not None and len(body) != promised:
        raise NoAnswer("the answer was cut off")
    return body


def _address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = bool((parts.hostname or "").encode("idna")) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.scheme not in {"http", "https"}:
        raise Misconfigured(
            "the registry's address cannot be used",
            hint="Write it like `https://registry.internal`, or `dir:` and a folder.",
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise Misconfigured(
            "the registry's address holds more than an address",
            hint="Give the token as `token=`, and leave out everything after a `?`.",
        )
    return parts


def _trusting_the_system() -> ssl.SSLContext:
    # Not create_default_context: that writes the session's keys wherever the
    # variable SSLKEYLOGFILE says.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context
