"""Idempotency keys: whoever acts names an intention, and sends it with its key."""

from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest

from registry.errors import Unavailable
from registry.remote import Remote
from registry.remote.people import Person
from tests.remote.test_connection import loopback, reply

PERSON = Person(handle="writer", roles=("author",), seats=(), active=True)
ACTS: dict[str, Callable[[Remote], object]] = {
    "set": lambda remote: remote.people.set(PERSON, key="one"),
    "confirm": lambda remote: remote.people.confirm("writer", 7, key="one"),
    "refuse": lambda remote: remote.people.refuse("writer", 7, "No.", key="one"),
    "certify": lambda remote: remote.reviews.certify(
        "production",
        "prompts/a",
        digest="sha256:0",
        until=datetime(2030, 1, 1, tzinfo=UTC),
        seat=None,
        reason="Read.",
        key="one",
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_key_of_an_intention_is_sent(act: Callable[[Remote], object]):
    keys: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        keys.append(request.headers["Idempotency-Key"])
        reply(request, b"nothing that could be read")

    with (
        loopback(answer) as url,
        Remote(url, "t") as remote,
        pytest.raises(Unavailable),
    ):
        act(remote)

    assert keys == ["one"]
