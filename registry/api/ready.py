"""Answers that were made ready, on their way out."""

from starlette.types import Scope, Send

from registry.api.protocol import READY_MADE
from registry.snapshots import Headers


def is_among(etag: bytes, header: bytes) -> bool:
    """Whether *etag* is among those of an `If-None-Match` header (RFC 9110)."""
    if header == etag:
        return True
    tags = (tag.strip() for tag in header.split(b","))
    return any(tag in {b"*", etag, b"W/" + etag} for tag in tags)


async def answer(
    scope: Scope,
    send: Send,
    status: int,
    headers: tuple[Headers, ...],
    body: bytes,
) -> None:
    """All at once where the server can, and otherwise as every ASGI server does."""
    write = scope.get("extensions", {}).get(READY_MADE)
    if write is not None and write(status, [part.lines for part in headers], body):
        return
    pairs = [pair for part in headers for pair in part.pairs]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
