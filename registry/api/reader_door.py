"""The door of a reader: what chatbots read, and whether the reader is there.

Everything else is answered by the registry, and a reader says where that is.  It
goes without the framework and without the state: neither people nor the ledger are
known here.
"""

import asyncio
from dataclasses import dataclass

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from registry.api.chatbots import Answer, Chatbots
from registry.api.live import LiveSnapshots
from registry.api.problems import respond
from registry.api.safe_headers import with_safe_headers
from registry.api.schema_texts import schema_answer
from registry.api.streams import Stream
from registry.errors import NotFound, RegistryError, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderReady:
    """Attributes:
    standby: Whether it waits to become the registry itself.
    stale: Whether it answers from what it read earlier; it is to be asked all the
        same, and says so in every answer.
    why: Why it is stale, or will be in a moment.
    """

    ready: bool
    reader: bool
    standby: bool
    stale: bool
    why: str | None


class ReaderDoor:
    """The application; a server may ask it for `at_once` before it begins a task.

    Args:
        registry: Where the registry itself answers, if that is known.
        standby: Whether it waits to become the registry itself.
    """

    def __init__(
        self,
        *,
        chatbots: Chatbots,
        live: LiveSnapshots,
        registry: str | None,
        standby: bool,
    ) -> None:
        self._chatbots = chatbots
        self._live = live
        self._standby = standby
        self._hint = (
            f"Ask the registry at {registry}."
            if registry
            else "Ask the registry itself; nobody told this reader where it is."
        )
        self.behind = Starlette(
            routes=[
                Route("/livez", _tell_alive),
                Route("/readyz", self._tell_ready),
                Route("/schemas/{kind}.json", _read_schema),
            ],
            exception_handlers={
                RegistryError: _of_registry,
                HTTPException: self._elsewhere,
            },
        )

    @property
    def stale(self) -> bool:
        """Whether it answers from what it read earlier."""
        return self._live.stale

    def at_once(self, scope: Scope) -> Answer | None:
        """The answer, if it is one that chatbots get from memory."""
        asked = self._chatbots.asked(scope)
        return None if asked is None else self._chatbots.at_once(asked, scope)

    def hold(
        self, scope: Scope, transport: asyncio.Transport
    ) -> tuple[Answer, Stream | None] | None:
        """As `Chatbots.hold`."""
        return self._chatbots.hold(scope, transport)

    def end(self) -> None:
        """Hold no connection any longer: the server ends."""
        self._chatbots.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked = self._chatbots.asked(scope)
            if asked is not None:
                await self._chatbots.answer(asked, scope, receive, send)
                return
            send = with_safe_headers(send)
        await self.behind(scope, receive, send)

    async def _tell_ready(self, _: Request) -> Response:
        if not self._live.current:
            raise Unavailable(
                "this reader has nothing to answer with yet",
                hint="It goes on looking for its database; its own log says why.",
            )
        return _json(
            ReaderReady(
                ready=True,
                reader=True,
                standby=self._standby,
                stale=self._live.stale,
                why=self._live.problem,
            )
        )

    async def _elsewhere(self, _: Request, __: Exception) -> Response:
        """There is no such address here, whatever the method."""
        return respond(
            NotFound("this is a reader, and answers chatbots only", hint=self._hint)
        )


async def _tell_alive(_: Request) -> Response:
    return _json({"alive": True})


async def _read_schema(request: Request) -> Response:
    return schema_answer(request.path_params["kind"])


async def _of_registry(_: Request, error: Exception) -> Response:
    assert isinstance(error, RegistryError)  # noqa: S101 (narrows)
    return respond(error)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
