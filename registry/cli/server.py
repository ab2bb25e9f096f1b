"""The server: uvicorn, as every process of Placet runs it."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from registry.api.protocol import Http


class Server(uvicorn.Server):
    """Args:
    application: It can answer at once: `registry.api.protocol`.
    ready: Is called once, when requests are answered.
    """

    def __init__(self, application: ASGIApp, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                loop="uvloop",
                http=Http,
                lifespan="on",
                log_level="warning",
                access_log=False,
                server_header=False,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
