"""Bodies that git sends: into a file, within limits.

git compresses what it sends to fetch.  So here, and nowhere else, a compressed body
is taken; it is counted as it comes out.  What is too large is read to its end and
forgotten, because git's client only listens once it has said everything.  Who says
nothing for a while is not waited for.
"""

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator

from fastapi import Request

from registry.errors import Invalid, TooLarge
from registry.writer import Exchange

MAX_ASKED_BYTES = 4 * 2**20
"""Of whoever fetches: the commits that they want and have."""

MAX_PUSHED_BYTES = 40 * 2**20
"""More than a change may have, with the commits around it."""

LONGEST_S = 120.0
IDLE_S = 20.0

_GZIP = 16 + zlib.MAX_WBITS
_PLAIN = {"", "identity"}
_COMPRESSED = {"gzip", "x-gzip"}
_MAX_WASTED = 8
"""A body of so many times the limit is not read to its end any more."""


class Body:
    """Attributes:
    file: What was sent, from its beginning; to be closed.
    length: Its bytes; at most one more than the limit.
    whole: Whether it was within the limit.
    """

    def __init__(self, exchange: Exchange, max_bytes: int) -> None:
        self.file = exchange.spool()
        self.length = 0
        self.whole = True
        self._max_bytes = max_bytes

    def add(self, data: bytes) -> None:
        self.length += len(data)
        if self.length > self._max_bytes:
            self.whole = False
        else:
            self.file.write(data)


async def read_body(
    request: Request, exchange: Exchange, max_bytes: int, idle_s: float = IDLE_S
) -> Body:
    """Raises:
    Invalid: It cannot be read, or does not come to its end.
    TooLarge: It is far more than is taken.
    """
    body = Body(exchange, max_bytes)
    try:
        async with asyncio.timeout(LONGEST_S):
            async for part in _parts(request, max_bytes, idle_s):
                body.add(part)
    except BaseException as error:
        body.file.close()
        if isinstance(error, TimeoutError):
            raise Invalid(
                f"what git sends did not come within {LONGEST_S:.0f} seconds, or "
                f"nothing of it for {idle_s:.0f}",
                hint="Try again over a faster connection, or send less.",
            ) from error
        raise
    body.file.seek(0)
    return body


async def _parts(
    request: Request, max_bytes: int, idle_s: float
) -> AsyncIterator[bytes]:
    encoding = request.headers.get("content-encoding", "")
    if encoding not in _PLAIN | _COMPRESSED:
        raise Invalid(
            f"a body in {encoding[:40]!r} is not taken",
            hint="git sends gzip, or plain.",
        )
    inflating = zlib.decompressobj(_GZIP) if encoding in _COMPRESSED else None
    room = max_bytes * _MAX_WASTED
    async for part in _in_time(request.stream(), idle_s):
        room -= len(part)
        if room < 0:
            raise TooLarge("git sends too much at once", hint="Send less at once.")
        if inflating is None:
            yield part
        elif not inflating.unconsumed_tail:  # else it is too large already
            yield _inflated(inflating, part, max_bytes)
    if inflating is None or inflating.unconsumed_tail:
        return
    if not inflating.eof or inflating.unused_data:
        raise Invalid("the compressed body does not end where it should")


async def _in_time(parts: AsyncGenerator[bytes], idle_s: float) -> AsyncIterator[bytes]:
    """Raises:
    TimeoutError: The next one did not come.
    """
    while True:
        try:
            async with asyncio.timeout(idle_s):
                part = await anext(parts)
        except StopAsyncIteration:
            return
        yield part


def _inflated(inflating: "zlib._Decompress", part: bytes, max_bytes: int) -> bytes:
    """At most one byte more than the limit: what is left over is not looked at."""
    try:
        return inflating.decompress(part, max_bytes + 1)
    except zlib.error as error:
        raise Invalid(f"the compressed body is damaged: {error}") from error
