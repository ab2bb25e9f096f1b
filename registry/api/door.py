"""The door itself: what every request passes before anything reads its body.

 1. What chatbots read goes to their own application, which is faster.
 2. Nobody gets further without a session or a token, except where one is got,
    and where a machine asks whether the server is there.
 3. Nothing compressed is taken in, because a little of it can become a lot; but
    for what git sends to fetch, which `registry.api.git` counts as it comes out.
 4. Answers say that they are not to be kept, or sniffed at.

So whoever is not known costs nothing but a look into memory.
"""

import asyncio
import base64
from http import HTTPStatus

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from registry.api.bearer import bearer_of
from registry.api.chatbots import Answer, Chatbots
from registry.api.deps import GRANT, SECRET
from registry.api.git.telling import plain
from registry.api.grants import Grants
from registry.api.problems import respond
from registry.api.safe_headers import with_safe_headers
from registry.api.streams import Stream
from registry.errors import Invalid, NotSignedIn, RegistryError
from registry.writer import Clock

GUARDED = ("/v1/", "/git/")
GIT = "/git/"
SIGN_IN = ("POST", "/v1/sessions")

_NOT_KNOWN = HTTPStatus.UNAUTHORIZED


class Door:
    """The application; a server may ask it for `at_once` before it begins a task.

    Args:
    app: What is behind the door.
    chatbots: Without it, what chatbots read is answered by nobody.
    """

    def __init__(
        self,
        app: FastAPI,
        *,
        grants: Grants,
        clock: Clock,
        chatbots: Chatbots | None,
    ) -> None:
        self.behind = app
        self._grants = grants
        self._clock = clock
        self._chatbots = chatbots

    @property
    def leads(self) -> bool:
        """Whether this process does what happens by itself."""
        return bool(self.behind.state.parts.leads())

    def at_once(self, scope: Scope) -> Answer | None:
        """The answer, if it is one that chatbots get from memory."""
        if self._chatbots is None:
            return None
        asked = self._chatbots.asked(scope)
        if asked is None:
            return None
        answer = self._chatbots.at_once(asked, scope)
        if answer is not None and answer[0] == _NOT_KNOWN and self._is_new(scope):
            return None
        return answer

    def hold(
        self, scope: Scope, transport: asyncio.Transport
    ) -> tuple[Answer, Stream | None] | None:
        """As `Chatbots.hold`."""
        return None if self._chatbots is None else self._chatbots.hold(scope, transport)

    def end(self) -> None:
        """Hold no connection any longer: the server ends."""
        if self._chatbots is not None:
            self._chatbots.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.behind(scope, receive, send)
            return
        await self._look(scope)
        if self._chatbots is not None:  # (1)
            asked = self._chatbots.asked(scope)
            if asked is not None:
                await self._chatbots.answer(asked, scope, receive, send)
                return
        send = with_safe_headers(send)  # (4)
        try:
            self._let_in(scope)
        except RegistryError as error:
            told = plain if scope["path"].startswith(GIT) else respond
            await told(error)(scope, receive, send)
        else:
            await self.behind(scope, receive, send)

    def _is_new(self, scope: Scope) -> bool:
        secret = bearer_of(scope)
        return secret is not None and self._grants.is_new(secret)

    async def _look(self, scope: Scope) -> None:
        """Another process may have let somebody in a moment ago."""
        secret = bearer_of(scope)
        if secret is not None:
            await self._grants.look(secret)

    def _let_in(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        at = (scope["method"], scope["path"])
        if scope["path"].startswith(GUARDED) and at != SIGN_IN:  # (2)
            secret = _secret(headers, basic=scope["path"].startswith(GIT))
            scope[GRANT] = self._grants.get(secret, self._clock())
            scope[SECRET] = secret
        compressed = headers.get("content-encoding", "identity") != "identity"
        if compressed and not scope["path"].startswith(GIT):  # (3)
            raise Invalid(
                "a compressed body is not taken",
                hint="Send it as it is, without Content-Encoding.",
            )


def _secret(headers: Headers, *, basic: bool) -> str:
    """Args:
    basic: Whether it may be a password: git knows nothing else.
    """
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    if basic and scheme.lower() == "basic":
        return _password(secret)
    if scheme.lower() != "bearer" or not secret:
        raise NotSignedIn("this needs a session or a token")
    return secret.strip()


def _password(credentials: str) -> str:
    try:
        said = base64.b64decode(credentials.strip(), validate=True).decode()
    except ValueError:
        raise NotSignedIn("name and password cannot be read") from None
    return said.partition(":")[2].strip()
