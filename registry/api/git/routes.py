"""The addresses that git's clients use.

There are three of each repository, and what is not among them is not there: no file
is given out by its name, and nothing is put into its place (as clients from before
2010, and WebDAV, would have it).  Who may not see a repository, and who asks for one
that does not exist, is told the same.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from registry.api.deps import Caller, Cloning, Parts, PartsDep, Proposer
from registry.api.git import telling
from registry.api.git.bodies import (
    MAX_ASKED_BYTES,
    MAX_PUSHED_BYTES,
    read_body,
)
from registry.api.git.pushing import Pushing
from registry.api.git.wire import FLUSH, advertisement, read_push
from registry.errors import Invalid, NotAllowed, NotFound, RegistryError, TooLarge
from registry.writer import Fetch, Serving

LEDGER = "ledger"
FETCH = "git-upload-pack"
PUSH = "git-receive-pack"
UNTAKEN_S = 60.0
"""Whoever takes nothing of an answer for so long has gone."""

AGAIN = {"Cache-Control": "no-cache, max-age=0, must-revalidate"}


class GitRoute(APIRoute):
    """A route whose errors are told as git's client prints them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def telling_git(request: Request) -> Response:
            try:
                return await handle(request)
            except RegistryError as error:
                return telling.plain(error)
            except RequestValidationError:
                return telling.plain(Invalid("this is not what git asks"))

        return telling_git


router = APIRouter(prefix="/git", route_class=GitRoute, include_in_schema=False)


class Streamed(StreamingResponse):
    """An answer of git's, sent as fast as the client takes it.

    Args:
        ends: Is closed when it has been sent, or will not be.
    """

    def __init__(self, serving: Serving, ends: AsyncExitStack) -> None:
        super().__init__(
            _parts(serving), status_code=serving.status, headers=serving.headers
        )
        self._ends = ends

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._ends:
            # The server then closes the connection; nobody is there to be told.
            with suppress(TimeoutError, ClientDisconnect):
                await super().__call__(scope, receive, in_time(send))


def in_time(send: Send, idle_s: float = UNTAKEN_S) -> Send:
    """*send*, for as long as somebody takes what is sent.

    Raises:
        TimeoutError: They have stopped; a place is not kept for them.
    """

    async def sending(message: Message) -> None:
        async with asyncio.timeout(idle_s):
            await send(message)

    return sending


async def _parts(serving: Serving) -> AsyncIterator[bytes]:
    while part := await to_thread.run_sync(serving.read):
        yield part


@router.get("/{repository}.git/info/refs")
async def tell_branches(
    repository: str,
    request: Request,
    caller: Cloning,
    parts: PartsDep,
    service: Annotated[str, Query()] = "",
) -> Response:
    """What there is to fetch, or to push to."""
    _check_sees(repository, caller, parts)
    if service == PUSH:
        caller.check_proposes()
        _check_takes(repository)
        copied = parts.opened.exchange.copy
        _, tip = await to_thread.run_sync(copied, repository)
        return _result("advertisement", advertisement(tip))
    if service != FETCH:
        raise Invalid(
            "this client of git is too old, or it is none",
            hint="Use git 1.6.6 or later: git clone, git fetch, git push.",
        )
    return await _served(repository, request, caller, parts, asks=False)


@router.post("/{repository}.git/git-upload-pack")
async def send_objects(
    repository: str, request: Request, caller: Cloning, parts: PartsDep
) -> Response:
    """What somebody needs who clones or fetches."""
    _check_sees(repository, caller, parts)
    _check_type(request, FETCH)
    return await _served(repository, request, caller, parts, asks=True)


@router.post("/{repository}.git/git-receive-pack")
async def take_push(
    repository: str, request: Request, caller: Proposer, parts: PartsDep
) -> Response:
    """Propose what somebody pushes."""
    _check_sees(repository, caller, parts)
    _check_takes(repository)
    _check_type(request, PUSH)
    handle, exchange = caller.grant.handle, parts.opened.exchange
    async with parts.git.sending(handle):
        body = await read_body(request, exchange, MAX_PUSHED_BYTES)
        with body.file:
            if _asks_nothing(body.file.read(len(FLUSH) + 1)):
                return _result("result", b"")
            body.file.seek(0)
            push = read_push(body.file)
            pushing = Pushing(
                parts=parts,
                caller=caller,
                environment=repository,
                address=str(request.base_url),
            )
            async with parts.git.held(handle):
                answer = await to_thread.run_sync(pushing.answer, push, body)
    return _result("result", answer)


async def _served(
    repository: str, request: Request, caller: Caller, parts: Parts, *, asks: bool
) -> Response:
    """What git itself answers; the place is held until all of it was sent."""
    handle, exchange = caller.grant.handle, parts.opened.exchange
    async with AsyncExitStack() as stack:
        body = None
        if asks:
            async with parts.git.sending(handle):
                body = await read_body(request, exchange, MAX_ASKED_BYTES)
            stack.callback(body.file.close)
            if not body.whole:
                raise TooLarge(
                    "git asks for too much at once",
                    hint="Clone again instead of fetching into what you have.",
                )
        await stack.enter_async_context(parts.git.held(handle))
        fetch = Fetch(
            protocol=request.headers.get("git-protocol", ""),
            body=body.file if body else None,
            length=body.length if body else 0,
        )
        serving = await to_thread.run_sync(_serve, parts, repository, fetch)
        stack.callback(serving.close)
        return Streamed(serving, stack.pop_all())


def _serve(parts: Parts, repository: str, fetch: Fetch) -> Serving:
    exchange = parts.opened.exchange
    if repository == LEDGER:
        return Serving(exchange.whole(), fetch)
    return Serving(exchange.copy(repository)[0], fetch)


def _check_sees(repository: str, caller: Caller, parts: Parts) -> None:
    """Raises:
    NotFound: There is no such repository, or not for this caller.
    """
    grant = caller.grant
    if repository == LEDGER:
        sees = not grant.environments
    else:
        known = repository in parts.opened.writer.state.environments
        sees = known and grant.sees(repository)
    if not sees or grant.bots:
        raise NotFound(
            f"there is no repository {repository[:60]} for you here",
            hint="Every environment that you may see has one, which is called like it.",
        )


def _check_takes(repository: str) -> None:
    if repository == LEDGER:
        raise NotAllowed(
            "nothing can be pushed into the ledger",
            hint="Clone an environment, /git/production.git, and push to "
            "refs/for/production: that opens a change.",
        )


def _check_type(request: Request, service: str) -> None:
    if request.headers.get("content-type") != f"application/x-{service}-request":
        raise Invalid("this is not what git sends", hint="Use git itself.")


def _asks_nothing(begin: bytes) -> bool:
    """So a client finds out whether it may push, before it sends a large body."""
    return begin in {b"", FLUSH}


def _result(what: str, body: bytes) -> Response:
    media_type = f"application/x-{PUSH}-{what}"
    return Response(body, media_type=media_type, headers=AGAIN)
