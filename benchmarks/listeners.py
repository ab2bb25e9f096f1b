"""Many chatbots in one process: each hears of news and reads head and bundle.

    python -m benchmarks.listeners PORT TOKEN ENVIRONMENT BOT COUNT

For each seq that all of them have read it says so, and at which moment of the monotonic
clock each had: a line of JSON.  The first is what was live when they came.  As a
chatbot that was quiet does, each connects anew to read.
"""

import json
import re
import select
import socket
import sys
import time
from collections.abc import Callable

HOST = "127.0.0.1"

_SEQ = re.compile(rb'data: \{"epoch":\d+,"seq":(\d+)\}\n\n')
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_HEAD = re.compile(rb'"bundle":"(sha256:[0-9a-f]{64})".*"seq":(\d+)', re.DOTALL)


class Chatbot:
    """One of them: its stream, and what it is reading."""

    def __init__(self, fleet: "Fleet") -> None:
        self._fleet = fleet
        self._read = -1
        self._heard = -1
        self._reading: socket.socket | None = None
        self._step: Callable[[bytes], None] = self._take_head
        self._received = b""
        self._stream = fleet.ask(fleet.events)
        fleet.watch(self._stream, self._hear)

    def _hear(self) -> None:
        said = self._stream.recv(65536)
        if not said:
            raise RuntimeError("the server has ended a stream")
        found = _SEQ.findall(said)
        if found and int(found[-1]) > self._heard:
            self._heard = int(found[-1])
            if self._reading is None:
                self._begin()

    def _begin(self) -> None:
        self._step = self._take_head
        self._reading = self._fleet.ask(self._fleet.head)
        self._fleet.watch(self._reading, self._receive)

    def _receive(self) -> None:
        assert self._reading is not None
        self._received += self._reading.recv(65536)
        head, _, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is None or len(body) < int(length[1]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the server answered {head[:40]!r}")
        self._received = b""
        self._step(body)

    def _take_head(self, body: bytes) -> None:
        assert self._reading is not None
        found = _HEAD.search(body)
        assert found is not None
        self._read = int(found[2])
        self._step = self._take_bundle
        self._reading.sendall(self._fleet.request(f"/v1/bundles/{found[1].decode()}"))

    def _take_bundle(self, _: bytes) -> None:
        assert self._reading is not None
        self._fleet.forget(self._reading)
        self._reading = None
        self._fleet.done(self._read)
        if self._heard > self._read:
            self._begin()


class Fleet:
    """All of them, on one poll."""

    def __init__(self, port: int, token: str, environment: str, bot: str) -> None:
        self._port = port
        self._token = token
        self.events = f"/v1/environments/{environment}/events"
        self.head = f"/v1/environments/{environment}/bots/{bot}/head"
        self._poll = select.epoll()
        self._then: dict[int, tuple[socket.socket, Callable[[], None]]] = {}
        self.moments: dict[int, list[float]] = {}

    def request(self, path: str) -> bytes:
        return (
            f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: placet\r\n"
            f"Accept: application/json\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        ).encode()

    def ask(self, path: str) -> socket.socket:
        asking = socket.create_connection((HOST, self._port))
        asking.sendall(self.request(path))
        return asking

    def watch(self, one: socket.socket, then: Callable[[], None]) -> None:
        self._then[one.fileno()] = (one, then)
        self._poll.register(one.fileno(), select.EPOLLIN)

    def forget(self, one: socket.socket) -> None:
        self._poll.unregister(one.fileno())
        del self._then[one.fileno()]
        one.close()

    def done(self, seq: int) -> None:
        self.moments.setdefault(seq, []).append(time.monotonic())

    def turn(self) -> None:
        for file, _ in self._poll.poll(1.0, 256):
            if file in self._then:
                self._then[file][1]()


def main() -> None:
    port, token, environment, bot, count = sys.argv[1:]
    fleet = Fleet(int(port), token, environment, bot)
    many = int(count)
    for opened in range(many):
        Chatbot(fleet)
        if opened % 50 == 0:
            fleet.turn()
    while True:
        fleet.turn()
        for seq in [s for s, known in fleet.moments.items() if len(known) == many]:
            print(json.dumps([seq, fleet.moments.pop(seq)]), flush=True)


if __name__ == "__main__":
    main()
