"""How a registry is asked: once, also when the answer is lost on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from registry.errors import Invalid, Unavailable
from registry.remote import Remote
from registry.remote.connection import check_address

DONE = (
    b'{"event": 1, "environment": "production", "seq": 2, "change": null, '
    b'"ratification": null}'
)


@contextmanager
def loopback(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server that answers each request as *answer* does."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def reply(request: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def test_a_page_that_asks_by_itself_says_so():
    said: list[str | None] = []
    current = (
        b'{"handle": "risk", "roles": [], "seats": [], "limits": [], "cooling": [], '
        b'"via": "session", "ends": null, "began": null, "longest_days": '
        b'{"certification": 1, "condition": 1, "waiver": 1, "token": 1}, "may": []}'
    )

    def answer(request: BaseHTTPRequestHandler) -> None:
        said.append(request.headers["Placet-Idle"])
        reply(request, current)

    with loopback(answer) as url, Remote(url, "t") as remote:
        remote.sessions.current()
        remote.sessions.current(keep_alive=False)

    assert said == [None, "true"]


def test_a_lost_answer_is_asked_for_again_with_the_same_key():
    keys: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            request.connection.close()
        else:
            reply(request, DONE)

    with loopback(answer) as url, Remote(url, "t") as remote:
        done = remote.environments.stop("production", "a", "wrong")

    assert done.seq == 2
    assert len(keys) == 2
    assert keys[0] == keys[1] is not None


@pytest.mark.parametrize(
    "act",
    [
        lambda remote: remote.sessions.begin("author", "a password"),
        lambda remote: remote.people.set_password("author", "a password"),
        lambda remote: remote.tokens.make(
            purpose="a test", scope="read", environments=(), bots=(), days=1
        ),
    ],
    ids=["signing in", "a password", "a token"],
)
def test_what_the_registry_keeps_no_key_for_is_sent_once(
    act: Callable[[Remote], object],
):
    keys: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        keys.append(request.headers["Idempotency-Key"])
        request.connection.close()

    with (
        loopback(answer) as url,
        Remote(url, "t") as remote,
        pytest.raises(Unavailable, match="did not answer"),
    ):
        act(remote)

    assert keys == [None]


def test_two_commands_have_two_keys():
    keys: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        keys.append(request.headers["Idempotency-Key"])
        reply(request, DONE)

    with loopback(answer) as url, Remote(url, "t") as remote:
        remote.environments.stop("production", "a", "wrong")
        remote.environments.stop("production", "a", "wrong")

    assert len(set(keys)) == 2


def test_a_list_is_read_to_its_end_page_by_page():
    def answer(request: BaseHTTPRequestHandler) -> None:
        last = "cursor=two" in request.path
        item = (
            b'{"document": "prompts/%s", "live": {}, "owners": [], "tier": null, '
            b'"review": null, "review_due": null}' % (b"b" if last else b"a")
        )
        following = b"null" if last else b'"two"'
        reply(request, b'{"items": [%s], "next": %s}' % (item, following))

    with loopback(answer) as url, Remote(url, "t") as remote:
        found = [one.document for one in remote.documents.list()]

    assert found == ["prompts/a", "prompts/b"]


def test_a_redirection_is_not_followed_with_the_token():
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        request.send_response(302)
        request.send_header("Location", "/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with (
        loopback(answer) as url,
        Remote(url, "t") as remote,
        pytest.raises(Invalid, match="the answer was 302"),
    ):
        remote.policies.get("production")

    assert asked == ["/v1/policies/production"]


def test_an_answer_of_another_shape_is_no_answer():
    with (
        loopback(lambda request: reply(request, b'{"seq": "two"}')) as url,
        Remote(url, "t") as remote,
        pytest.raises(Unavailable, match="something else than expected"),
    ):
        remote.environments.stop("production", "a", "wrong")


@pytest.mark.parametrize(
    "url",
    [
        "registry.internal",
        "ftp://registry.internal",
        "https://registry.internal/placet",
        "https://user:word@registry.internal",
        "https://",
        "http://[::1",
        "https://registry.internal?x=1",
    ],
)
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(Invalid, match="is not the address of a registry"):
        check_address(url)


def test_a_token_with_a_line_end_is_refused():
    with pytest.raises(Invalid, match="the token has characters"):
        Remote("http://127.0.0.1:1", "plc_read_x\nHost: y")


@pytest.mark.parametrize("handle", ["a/../b", "..", "", "a//b", "./a"])
def test_no_name_leads_to_another_place(handle):
    with (
        Remote("http://127.0.0.1:9") as remote,
        pytest.raises(Invalid, match="cannot be a name"),
    ):
        remote.people.refuse(handle, 1, "No.")
