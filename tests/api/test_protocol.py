"""The rule at the top of `registry/api/protocol.py`, on a real connection."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn

from registry.api.protocol import MAX_HEAD_BYTES, SmallHeads
from tests.api.conftest import Placet

BEGIN = b"GET /livez HTTP/1.1\r\nHost: here\r\n"


@pytest.fixture
def address(placet: Placet) -> Iterator[tuple[str, int]]:
    """Where the application listens."""
    config = uvicorn.Config(placet.app, http=SmallHeads, log_level="warning")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


def answer(address: tuple[str, int], *parts: bytes) -> bytes:
    """What the server says to *parts*; nothing if it hangs up."""
    with socket.create_connection(address, timeout=10) as connection:
        try:
            for part in parts:
                connection.sendall(part)
            return connection.recv(1000)
        except ConnectionError:
            return b""


def header(name: int, size: int) -> bytes:
    return b"X-%d: %b\r\n" % (name, b"a" * size)


def test_a_head_of_a_usual_size_is_answered(address: tuple[str, int]):
    said = answer(address, BEGIN, header(1, MAX_HEAD_BYTES - 1000), b"\r\n")

    assert said.startswith(b"HTTP/1.1 200 ")


def test_headers_without_an_end_are_hung_up_on(address: tuple[str, int]):
    many = [header(number, 10_000) for number in range(100)]

    assert answer(address, BEGIN, *many, b"\r\n") == b""


def test_a_header_without_an_end_is_hung_up_on(address: tuple[str, int]):
    endless = [b"X-1: ", *[b"a" * 10_000] * 100]

    assert answer(address, BEGIN, *endless) == b""


def test_each_request_of_a_connection_has_its_own_head(address: tuple[str, int]):
    request = BEGIN + header(1, 40_000) + b"\r\n"

    with socket.create_connection(address, timeout=10) as connection:
        answers = []
        for _ in range(3):
            connection.sendall(request)
            answers.append(connection.recv(1000))

    assert all(one.startswith(b"HTTP/1.1 200 ") for one in answers)


def test_a_body_is_no_head(address: tuple[str, int]):
    length = 300_000
    begin = b"POST /v1/sessions HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n"

    said = answer(address, begin % length, *[b"a" * 10_000] * (length // 10_000))

    assert said.startswith(b"HTTP/1.1 422 ")
