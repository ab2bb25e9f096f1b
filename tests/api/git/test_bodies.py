"""How much is taken in of what git sends, and how much of it is kept."""

import asyncio
import gzip

import pytest
from fastapi import Request

from registry.api.git.bodies import Body, read_body
from registry.errors import Invalid, TooLarge
from registry.writer import Open

MAX_BYTES = 1000


def read(registry: Open, *parts: bytes, encoding: str = "") -> Body:
    """Have a body that comes in parts read, within the limit."""
    messages = [{"type": "http.request", "body": p, "more_body": True} for p in parts]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    waiting = iter(messages)

    async def receive():
        return next(waiting)

    headers = [(b"content-encoding", encoding.encode())] if encoding else []
    request = Request({"type": "http", "headers": headers}, receive)
    body = asyncio.run(read_body(request, registry.exchange, MAX_BYTES))
    body.file.close()
    return body


def test_whoever_says_nothing_for_a_while_is_not_waited_for(registry: Open):
    waiting = iter([{"type": "http.request", "body": b"a", "more_body": True}])

    async def receive():
        for message in waiting:
            return message
        return await asyncio.Event().wait()

    request = Request({"type": "http", "headers": []}, receive)

    with pytest.raises(Invalid, match="or nothing of it for"):
        asyncio.run(read_body(request, registry.exchange, MAX_BYTES, idle_s=0.01))


def test_a_body_within_the_limit_is_kept_whole(registry: Open):
    body = read(registry, b"a" * 600, b"b" * 400)

    assert (body.whole, body.length) == (True, 1000)


def test_a_body_beyond_the_limit_is_heard_out_and_not_kept(registry: Open):
    body = read(registry, *[b"a" * 600] * 3)

    assert (body.whole, body.length) == (False, 1800)


def test_a_body_far_beyond_the_limit_is_not_heard_out(registry: Open):
    with pytest.raises(TooLarge):
        read(registry, *[b"a" * 600] * 20)


def test_of_a_compressed_body_no_more_comes_out_than_the_limit(registry: Open):
    bomb = gzip.compress(bytes(2**20))
    parts = [bomb[at : at + 100] for at in range(0, len(bomb), 100)]

    body = read(registry, *parts, encoding="gzip")

    assert not body.whole
    assert body.length <= 2 * (MAX_BYTES + 1)


def test_a_compressed_body_in_parts_is_put_together(registry: Open):
    whole = gzip.compress(bytes(range(200)))

    body = read(
        registry, *(whole[at : at + 1] for at in range(len(whole))), encoding="gzip"
    )

    assert (body.whole, body.length) == (True, 200)


def test_a_compressed_body_has_an_end_and_nothing_after_it(registry: Open):
    whole = gzip.compress(b"a")

    for wrong in (whole[:-1], whole + b"more", whole + whole):
        with pytest.raises(Invalid):
            read(registry, wrong, encoding="gzip")
