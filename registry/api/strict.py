"""Strict bodies: JSON that is whole, not too large or deep, and has what is asked.

A body is counted while it comes in, whether or not its length was told before. A
member that nobody asks for is refused: it is a misspelt one more often than
not, and a change without the `deleted` that its author meant is another change.
"""

import json
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from registry.values import Json

MAX_DEPTH = 32

MAX_BYTES = 2**20
MAX_CHANGE_BYTES = 32 * 2**20

_LIMIT = "x-max-body-bytes"
FOR_CHANGES = {_LIMIT: MAX_CHANGE_BYTES}
"""For routes that take many documents, though not a thousand of the largest."""
FOR_FORMS = {_LIMIT: 32 * 2**10}
"""For what a browser sends from a page of ours."""
FOR_RESULTS = {_LIMIT: 8 * 2**20}
"""For what is refused above 1 MiB with a word about what to leave out."""


class Body(BaseModel):
    """What a request says, with nothing in it that is not asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StrictRoute(APIRoute):
    """A route that reads its body strictly; every router is made with it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        limit: int = (self.openapi_extra or {}).get(_LIMIT, MAX_BYTES)

        async def strictly(request: Request) -> Response:
            strict = _StrictRequest(request.scope, request.receive)
            strict.max_bytes = limit
            return await handle(strict)

        return strictly


class _StrictRequest(Request):
    max_bytes = MAX_BYTES
    whole: bytes | None = None

    async def body(self) -> bytes:
        """Raises:
        HTTPException: It is too large; the framework lets nothing else through.
        """
        if self.whole is None:
            self.whole = await self._counted()
        return self.whole

    async def _counted(self) -> bytes:
        told = self.headers.get("content-length", "")
        if told.isdecimal() and int(told[:20]) > self.max_bytes:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = bytearray()
        async for part in self.stream():
            body += part
            if len(body) > self.max_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return bytes(body)

    async def json(self) -> Json:
        """Raises:
        json.JSONDecodeError: The body is no JSON, or too deep.  The framework
            answers that like any other mistake in a body.
        """
        body = await self.body()
        try:
            value: Json = msgspec.json.decode(body)
        except RecursionError:
            raise json.JSONDecodeError("too deep", "", 0) from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise json.JSONDecodeError(str(error), "", 0) from None
        if _is_deeper(value, MAX_DEPTH):
            raise json.JSONDecodeError(f"deeper than {MAX_DEPTH}", "", 0)
        return value


def _is_deeper(value: Json, depth: int) -> bool:
    """Level by level, so that no value is too deep to be measured."""
    level: list[Json] = [value]
    for _ in range(depth):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return [part for part in value.values() if isinstance(part, (dict, list))]
    if isinstance(value, list):
        return [part for part in value if isinstance(part, (dict, list))]
    return []
