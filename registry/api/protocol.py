"""The head of a request, kept small.

uvicorn's faster protocol takes in headers without an end, before any application
sees them: 64 MB of them were answered with 200.  Here a connection whose head has
not come to its end after 64 KiB is closed.
"""

import asyncio
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

MAX_HEAD_BYTES = 64 * 2**10


class SmallHeads(HttpToolsProtocol):
    """For `uvicorn.Config(http=...)`."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """What is read at once is small; only what is still a head is counted.

        A head has come to its end when the newest request has its scope.
        """
        super().data_received(data)
        if getattr(self.cycle, "scope", None) is self.scope:
            self._head_bytes = 0
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self.transport.close()
