"""The rules at the top of `registry/api/protocol.py`, on a real connection."""

import json
import re
import socket
from collections.abc import Iterator
from threading import Thread
from time import sleep

import pytest
import uvicorn
from starlette.testclient import TestClient

from registry.api.bearer import Scope
from registry.api.protocol import MAX_HEAD_BYTES, Http
from tests.api.conftest import Placet
from tests.api.texts import prompt

PATH = "/v1/environments/development/prompts/acme/refunds"
CLOSE = b"Connection: close"
BEGIN = b"GET /livez HTTP/1.1\r\nHost: here\r\n"


@pytest.fixture
def address(placet: Placet) -> Iterator[tuple[str, int]]:
    """Where the application listens."""
    config = uvicorn.Config(placet.app, http=Http, log_level="warning")
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


@pytest.fixture
def chatbot(placet: Placet) -> TestClient:
    """A chatbot that asks the application itself, without a connection."""
    placet.live(prompt())
    return placet.machine(Scope.READ, environments=("development",))


def request(chatbot: TestClient, *lines: bytes, method: bytes = b"GET") -> bytes:
    """The chatbot's request, as it goes over a connection."""
    bearer = b"Authorization: " + chatbot.headers["authorization"].encode()
    start = b"%b %b HTTP/1.1" % (method, PATH.encode())
    return b"\r\n".join([start, b"Host: here", bearer, *lines, b"", b""])


def exchange(address: tuple[str, int], *requests: bytes) -> bytes:
    """Everything that the server says until it hangs up, which the last asks for."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(b"".join(requests))
        said = b""
        while more := connection.recv(65536):
            said += more
    return said


def taken_apart(answer: bytes) -> tuple[bytes, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    pairs = (line.decode().partition(": ") for line in lines)
    return status, {name: value for name, _, value in pairs}, body


def test_an_answer_made_ready_is_the_one_that_the_application_gives(chatbot, address):
    given = chatbot.get(PATH)

    status, headers, body = taken_apart(exchange(address, request(chatbot, CLOSE)))

    assert status == b"HTTP/1.1 200 OK"
    assert headers.items() >= dict(given.headers).items()
    assert headers.keys() - given.headers.keys() == {"connection", "date", "server"}
    assert body == given.content


def test_requests_sent_at_once_are_answered_in_turn(chatbot, address):
    etag = chatbot.get(PATH).headers["etag"].encode()
    unchanged = request(chatbot, b"If-None-Match: " + etag)

    said = exchange(
        address, request(chatbot), unchanged, BEGIN + b"\r\n", request(chatbot, CLOSE)
    )

    statuses = re.findall(rb"HTTP/1.1 (\d+)", said)
    assert statuses == [b"200", b"304", b"200", b"200"]


def test_whoever_asks_for_the_headers_gets_no_body(chatbot, address):
    said = exchange(address, request(chatbot, CLOSE, method=b"HEAD"))

    _, headers, body = taken_apart(said)
    assert body == b""
    assert headers["content-length"] == chatbot.get(PATH).headers["content-length"]


def test_a_refusal_is_a_whole_answer_too(chatbot, address):
    anonymous = b"GET %b HTTP/1.1\r\nHost: here\r\n%b\r\n\r\n" % (PATH.encode(), CLOSE)

    status, headers, body = taken_apart(exchange(address, anonymous))

    assert status == b"HTTP/1.1 401 Unauthorized"
    assert headers["www-authenticate"] == "Bearer"
    assert json.loads(body)["type"] == "urn:placet:problem:not-signed-in"


@pytest.mark.slow
def test_any_number_may_wait_behind_one_that_takes_its_time(chatbot, address):
    """Each answer lets the next request in; that must not go deeper and deeper."""
    many = 3_000
    slow = request(chatbot).replace(PATH.encode(), PATH.encode() + b"?min_seq=99")

    said = exchange(address, slow, request(chatbot) * many, request(chatbot, CLOSE))

    statuses = re.findall(rb"HTTP/1.1 (\d+)", said)
    assert statuses == [b"503", *[b"200"] * (many + 1)]


def test_whoever_reads_slowly_gets_everything(chatbot, address):
    """More than the buffers hold, so that the server has to wait in between."""
    many = 4_000
    last = request(chatbot, CLOSE)
    with socket.create_connection(address, timeout=10) as connection:
        sending = Thread(
            target=connection.sendall, args=(request(chatbot) * many + last,)
        )
        sending.start()
        sleep(0.5)
        said = bytearray()
        while more := connection.recv(65536):
            said += more
        sending.join()

    assert said.count(b"HTTP/1.1 200 OK") == many + 1
    assert said.count(chatbot.get(PATH).content) == many + 1
