"""Servers and proxies that speak HTTP in other ways than ours."""

import hashlib
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

import placet

PROMPT = "acme-air/refunds"
BODY = json.dumps(
    {
        "kind": "prompt",
        "name": PROMPT,
        "version": "1.0.0",
        "template": "none",
        "inputs": {},
        "messages": [{"role": "system", "content": "Hello."}],
    }
).encode()
DIGEST = "sha256:" + hashlib.sha256(BODY).hexdigest()
HEAD = (
    f"Placet-Environment: production\r\nPlacet-Seq: 1\r\nPlacet-Digest: {DIGEST}\r\n"
).encode()
LENGTH = f"Content-Length: {len(BODY)}\r\n".encode()


@contextmanager
def server(*answers: bytes) -> Iterator[placet.Client]:
    """A client of a server that says one of *answers* on each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=say, args=(listening, answers))
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with placet.Client(
            url,
            token="secret",
            environment="production",
            timeout_s=5,
            refresh="manual",
        ) as client:
            yield client
        thread.join()


def say(listening, answers):
    for answer in answers:
        connection, _ = listening.accept()
        with connection:
            request = b""
            while not request.endswith(b"\r\n\r\n"):
                request += connection.recv(65536)
            connection.sendall(answer)


def chunked(data: bytes) -> bytes:
    parts = [data[at : at + 50] for at in range(0, len(data), 50)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n" + HEAD + LENGTH + b"\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + HEAD + LENGTH + b"\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + HEAD + b"\r\n" + BODY,
        b"HTTP/1.0 200 OK\r\n" + HEAD + LENGTH + b"\r\n" + BODY,
        b"HTTP/1.0 200 OK\r\n" + HEAD + b"\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
        + HEAD
        + b"\r\n"
        + chunked(BODY),
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
        + HEAD
        + LENGTH
        + b"\r\n"
        + BODY,
    ],
    ids=["length", "close", "to-the-end", "1.0", "1.0-to-the-end", "chunked", "100"],
)
def test_an_answer_is_read_however_it_is_framed(answer):
    with server(answer) as client:
        prompt = client.prompt(PROMPT)

    assert prompt.render()[0]["content"] == "Hello."


def test_a_connection_that_is_not_kept_is_made_again():
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
    answer = closing + HEAD + LENGTH + b"\r\n" + BODY

    with server(answer, answer) as client:
        client.prompt(PROMPT)

        assert client.refresh().ok


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1",
        b"SSH-2.0-OpenSSH_9.2 secret\r\n",
        b"HTTP/1.1 secret\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Secret: secret\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"secret" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + HEAD + LENGTH + b"\r\n" + BODY[:-1],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsecr",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n",
    ],
    ids=["nothing", "cut", "ssh", "status", "many", "long", "short", "chunk", "size"],
)
def test_what_is_not_http_to_its_end_is_no_answer_and_is_not_repeated(answer):
    with server(answer) as client, pytest.raises(placet.NoAnswer) as raised:
        client.prompt(PROMPT)

    assert "secret" not in str(raised.value)
