"""Calling: what is connected to, and the limits that hold whatever answers."""

import ssl
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler

import pytest

from registry.errors import NotAllowed
from registry.outbox.addresses import NOTHING_MORE, parse_address, parse_allowed
from registry.outbox.calling import MAX_ANSWER_BYTES, Caller
from registry.outbox.failures import NotDelivered
from tests.outbox.receivers import Authority, Receiver, receiving

NAMED = parse_allowed(["hooks.internal"])


class Resolver:
    """Says something else each time that it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = iter(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return next(self._answers)


@pytest.fixture
def secure(authority: Authority) -> Iterator[Receiver]:
    """A receiver over TLS, which has a certificate for `hooks.internal`."""
    with receiving(authority.server()) as receiver:
        yield receiver


def post(receiver: Receiver, caller: Caller, path: str = "/hook", allowed=NAMED) -> int:
    address = parse_address(f"{receiver.url}{path}", allowed)
    return caller.post(address, {"X-Told": "yes"}, b"{}")


def plain(receiver: Receiver, **more) -> tuple[Caller, object]:
    allowed = parse_allowed([receiver.url])
    caller = Caller(allowed=allowed, tls=ssl.create_default_context(), **more)
    return caller, parse_address(f"{receiver.url}/hook?a=1", allowed)


def test_what_is_connected_to_is_what_the_name_stood_for_when_it_was_checked(
    secure: Receiver, authority: Authority
):
    resolver = Resolver(["127.0.0.1"])
    caller = Caller(allowed=NAMED, tls=authority.client(), resolve=resolver)

    status = post(secure, caller, "/hook?token=1")

    assert status == 200
    assert resolver.asked == ["hooks.internal"]
    (received,) = secure.received
    assert received.path == "/hook?token=1"
    assert received.headers["host"] == f"hooks.internal:{secure.port}"
    assert received.headers["x-told"] == "yes"
    assert received.body == b"{}"


def test_a_name_that_comes_to_stand_for_a_place_inside_is_not_called_any_more(
    secure: Receiver, authority: Authority
):
    resolver = Resolver(["8.8.8.8", "127.0.0.1"], ["127.0.0.1"])
    caller = Caller(allowed=NOTHING_MORE, tls=authority.client(), resolve=resolver)

    for _ in range(2):
        with pytest.raises(NotAllowed, match="reachable from anywhere"):
            post(secure, caller, allowed=NOTHING_MORE)

    assert secure.received == []


def test_the_real_resolver_is_not_believed_either(receiver: Receiver):
    tls = ssl.create_default_context()
    caller = Caller(allowed=NOTHING_MORE, tls=tls)
    address = parse_address(f"https://localhost:{receiver.port}/", NOTHING_MORE)

    with pytest.raises(NotAllowed):
        caller.post(address, {}, b"{}")

    assert receiver.received == []


def test_the_next_address_of_a_name_is_tried_when_one_refuses(
    secure: Receiver, authority: Authority
):
    resolver = Resolver(["127.0.0.2", "127.0.0.1"])
    caller = Caller(allowed=NAMED, tls=authority.client(), resolve=resolver)

    assert post(secure, caller) == 200


def test_a_certificate_that_nobody_trusted_signed_is_refused(secure: Receiver):
    resolver = Resolver(["127.0.0.1"])
    tls = ssl.create_default_context()
    caller = Caller(allowed=NAMED, tls=tls, resolve=resolver)

    with pytest.raises(NotDelivered, match="certificate is not trusted"):
        post(secure, caller)

    assert secure.received == []


def test_a_certificate_for_another_name_is_refused(
    secure: Receiver, authority: Authority
):
    allowed = parse_allowed(["other.internal"])
    tls = authority.client()
    caller = Caller(allowed=allowed, tls=tls, resolve=Resolver(["127.0.0.1"]))
    address = parse_address(f"https://other.internal:{secure.port}/", allowed)

    with pytest.raises(NotDelivered, match="certificate is not trusted"):
        caller.post(address, {}, b"{}")

    assert secure.received == []


def test_no_redirection_is_followed(receiver: Receiver):
    def redirect(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(307)
        asked.send_header("Location", f"{receiver.url}/elsewhere")
        asked.send_header("Content-Length", "0")
        asked.end_headers()

    receiver.answer = redirect
    caller, address = plain(receiver)

    assert caller.post(address, {}, b"{}") == 307
    assert [one.path for one in receiver.received] == ["/hook?a=1"]


def test_no_proxy_of_the_environment_is_used(receiver: Receiver, proxied: None):
    caller, address = plain(receiver)

    assert caller.post(address, {}, b"{}") == 200


@pytest.fixture
def proxied() -> Iterator[None]:
    """An environment in which others would call a proxy that is not there."""
    import os

    names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "http://127.0.0.1:1"))
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


def test_an_answer_that_trickles_in_ends_with_the_time_for_all_of_it(
    receiver: Receiver,
):
    def trickle(asked: BaseHTTPRequestHandler) -> None:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100:
            asked.wfile.write(bytes([byte]))
            asked.wfile.flush()
            time.sleep(0.05)

    receiver.answer = trickle
    caller, address = plain(receiver, timeout_s=0.3)

    with pytest.raises(NotDelivered, match="did not answer in time"):
        caller.post(address, {}, b"{}")


def test_a_look_up_that_hangs_ends_with_the_time_for_all_of_it(receiver: Receiver):
    def hang(_: str, __: int) -> Sequence[str]:
        time.sleep(2)
        return ["127.0.0.1"]

    caller, address = plain(receiver, timeout_s=0.2, resolve=hang)

    with pytest.raises(NotDelivered, match="did not answer in time"):
        caller.post(address, {}, b"{}")

    assert receiver.received == []


@pytest.mark.parametrize("where", ["headers", "body"])
def test_an_answer_is_read_up_to_a_limit(receiver: Receiver, where: str):
    sent = []

    def pour(asked: BaseHTTPRequestHandler) -> None:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if where == "body":
            asked.wfile.write(b"Content-Length: 999999999\r\n\r\n")
        line = b"X-A: " + b"a" * 1_000 + b"\r\n"
        for _ in range(100_000):
            asked.wfile.write(line)
            sent.append(len(line))

    receiver.answer = pour
    caller, address = plain(receiver)

    with pytest.raises(NotDelivered, match=r"65,536 bytes|not HTTP"):
        caller.post(address, {}, b"{}")

    assert sum(sent) < 100 * MAX_ANSWER_BYTES


def test_an_answer_of_just_that_size_is_fine(receiver: Receiver):
    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        asked.send_header("Content-Length", "60000")
        asked.end_headers()
        asked.wfile.write(b"a" * 60_000)

    receiver.answer = answer
    caller, address = plain(receiver)

    assert caller.post(address, {}, b"{}") == 200


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_not_http_is_told_as_that(receiver: Receiver, said: bytes):
    receiver.answer = lambda asked: asked.wfile.write(said) and None
    caller, address = plain(receiver)

    with pytest.raises(NotDelivered, match="not HTTP"):
        caller.post(address, {}, b"{}")


def test_where_nobody_listens_is_told_as_that():
    with receiving() as gone:
        caller, address = plain(gone)

    with pytest.raises(NotDelivered, match="no connection"):
        caller.post(address, {}, b"{}")


def test_a_name_that_nobody_has_is_told_as_that(receiver: Receiver):
    caller = Caller(
        allowed=NAMED, tls=ssl.create_default_context(), resolve=Resolver([])
    )

    with pytest.raises(NotDelivered, match=r"no host called hooks\.internal"):
        caller.post(parse_address("https://hooks.internal/", NAMED), {}, b"{}")
