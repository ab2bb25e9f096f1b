"""Calling: one POST to an address, within limits that hold whatever answers.

* The name is looked up once, and what was found and checked is what is connected
  to; nobody can say something else the second time.
* TLS checks the certificate for the name.  No redirection is followed and no proxy
  of the environment is used.
* All of it takes five seconds at most: looking up, connecting, sending, reading; and
  an answer is read up to 64 KiB.  Whoever waits for an answer gives other limits.
"""

import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from threading import Thread
from typing import Any

from registry.outbox.addresses import Allowed, Ip, WebAddress, check_ip
from registry.outbox.failures import NotDelivered

TIMEOUT_S = 5.0
MAX_ANSWER_BYTES = 64 * 1024

Resolve = Callable[[str, int], Sequence[str]]
"""Every address that a name stands for, as text."""


def resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Caller:
    """Args:
    tls: Which certificates to trust.
    """

    def __init__(
        self,
        *,
        allowed: Allowed,
        tls: ssl.SSLContext,
        resolve: Resolve = resolve,
        timeout_s: float = TIMEOUT_S,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._allowed = allowed
        self._tls = tls
        self._resolve = resolve
        self._timeout_s = timeout_s

    def post(self, address: WebAddress, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer.

        Raises:
            NotDelivered: There was none.
            NotAllowed: The name stands for an address that is never called.
        """
        status, _ = self.exchange(address, headers, body)
        return status

    def exchange(
        self, address: WebAddress, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """The status of the answer, and what it says.  Raises as `post` does."""
        ends = time.monotonic() + self._timeout_s
        ips = self._look_up(address, ends)
        try:
            with self._connected(address, ips, ends) as connection:
                limited = _Limited(connection, ends, self._max_answer_bytes)
                return _exchange(limited, address, headers, body)
        except TimeoutError:
            raise _too_slow() from None
        except ssl.SSLCertVerificationError as error:
            raise NotDelivered(
                f"its certificate is not trusted: {error.verify_message}"
            ) from error
        except ssl.SSLError as error:
            raise NotDelivered("TLS failed") from error
        except HTTPException as error:
            raise NotDelivered("what answers is not HTTP") from error
        except OSError as error:
            raise NotDelivered(f"no connection: {error.strerror or error}") from error

    def _look_up(self, address: WebAddress, ends: float) -> list[Ip]:
        """In a thread of its own: nothing else ends a look-up that takes too long."""
        found: list[Sequence[str]] = []

        def look() -> None:
            try:
                found.append(self._resolve(address.host, address.port))
            except (OSError, UnicodeError):
                found.append(())

        looking = Thread(target=look, name="placet-look-up", daemon=True)
        looking.start()
        looking.join(max(0.0, ends - time.monotonic()))
        if not found:
            raise _too_slow()
        ips = [ipaddress.ip_address(text.partition("%")[0]) for text in found[0]]
        if not ips:
            raise NotDelivered(f"there is no host called {address.host}")
        for ip in ips:
            check_ip(ip, address, self._allowed)
        return ips

    def _connected(
        self, address: WebAddress, ips: Sequence[Ip], ends: float
    ) -> socket.socket:
        for ip in ips[:-1]:
            try:
                return self._connect(address, ip, ends)
            except (TimeoutError, ssl.SSLError):
                raise
            except OSError:
                continue
        return self._connect(address, ips[-1], ends)

    def _connect(self, address: WebAddress, ip: Ip, ends: float) -> socket.socket:
        plain = socket.create_connection((str(ip), address.port), _left(ends))
        if address.scheme == "http":
            return plain
        try:
            plain.settimeout(_left(ends))
            return self._tls.wrap_socket(plain, server_hostname=address.host)
        except BaseException:
            plain.close()
            raise


def _exchange(
    limited: "_Limited", address: WebAddress, headers: Mapping[str, str], body: bytes
) -> tuple[int, bytes]:
    connection = HTTPConnection(address.host, address.port)
    connection.sock = limited  # all of a socket that it uses
    connection.putrequest(
        "POST", address.target, skip_host=True, skip_accept_encoding=True
    )
    told = {"Host": address.authority, "Content-Length": str(len(body)), **headers}
    for name, value in {**told, "Connection": "close"}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    # Not all that it announces: memory for that is taken before anything has come.
    said = answer.read(limited.max_bytes + 1)
    answer.close()
    return answer.status, said


class _Limited:
    """A socket that keeps to a time and reads so much at most."""

    def __init__(self, connected: socket.socket, ends: float, max_bytes: int) -> None:
        self._socket = connected
        self._ends = ends
        self.max_bytes = max_bytes

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._socket.settimeout(_left(self._ends))
            view = view[self._socket.send(view) :]

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(_Answer(self._socket, self._ends, self.max_bytes))

    def close(self) -> None:
        """Whoever connected closes."""


class _Answer(io.RawIOBase):
    def __init__(self, connected: socket.socket, ends: float, max_bytes: int) -> None:
        super().__init__()
        self._socket = connected
        self._ends = ends
        self._max_bytes = self._left_bytes = max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 (any buffer)
        if self._left_bytes <= 0:
            raise NotDelivered(f"its answer is longer than {self._max_bytes:,} bytes")
        self._socket.settimeout(_left(self._ends))
        size = self._socket.recv_into(buffer, min(len(buffer), self._left_bytes))
        self._left_bytes -= size
        return size


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _too_slow() -> NotDelivered:
    return NotDelivered("it did not answer in time")
