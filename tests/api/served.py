"""A registry on a real connection, and a client of its events."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.testclient import TestClient

from registry.api.chatbots import Chatbots
from registry.api.protocol import Http
from tests.api.conftest import Placet

EVENTS = "/v1/environments/development/events"
PATIENCE_S = 10


class World:
    """A registry that is served, of which a test says how fast and how many."""

    def __init__(self, placet: Placet, chatbots: Chatbots) -> None:
        self.placet = placet
        self.chatbots = chatbots
        config = uvicorn.Config(
            placet.app, http=Http, loop="uvloop", log_level="warning"
        )
        self.server = uvicorn.Server(config)
        self.port = 0

    @property
    def connected(self) -> int:
        return self.chatbots.streams.connected


@contextmanager
def served(placet: Placet, chatbots: Chatbots) -> Iterator[World]:
    world = World(placet, chatbots)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        world.port = listening.getsockname()[1]
        thread = Thread(target=world.server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield world
        finally:
            world.server.should_exit = True
            thread.join()


class Listener:
    """A client of events that takes in what it is told line by line."""

    def __init__(
        self, world: World, client: TestClient, path: str = EVENTS, **headers: str
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", world.port))
        self.socket.settimeout(PATIENCE_S)
        told = {"Authorization": client.headers["authorization"], **headers}
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in told.items()]
        head = "\r\n".join([f"GET {path} HTTP/1.1", "Host: here", *lines, "", ""])
        self.socket.sendall(head.encode())
        self._file = self.socket.makefile("rb")
        self.status = self._file.readline().decode().split(" ", 1)[1].strip()
        self.headers = {}
        while (line := self._file.readline().strip()) != b"":
            name, _, value = line.decode().partition(": ")
            self.headers[name.lower()] = value

    def block(self) -> list[str]:
        """The lines until the next empty one; nothing at the end of the stream."""
        lines = []
        while (line := self._file.readline()) not in {b"", b"\n"}:
            lines.append(line.decode().rstrip("\n"))
        return lines

    def told(self) -> dict:
        """The next event's data."""
        while (block := self.block()) == [":"]:
            pass
        assert block, "the stream has ended"
        data = next(line for line in block if line.startswith("data: "))
        return json.loads(data.removeprefix("data: "))

    def rest(self) -> bytes:
        """Everything until the stream ends, which has to be soon."""
        said, deadline = b"", time.monotonic() + PATIENCE_S
        while more := self._file.read1(4096):
            assert time.monotonic() < deadline, "the stream goes on"
            said += more
        return said

    def close(self) -> None:
        self._file.close()
        self.socket.close()


def soon(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.005)
