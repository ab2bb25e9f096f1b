"""Places: how many may clone and push at once.

Each of them keeps a process of git's, and a file.  Whoever comes when all places are
taken waits a little; nobody takes all of them.
"""

import asyncio
from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from registry.errors import Unavailable

ALL = 8
EACH = 4
WAIT_S = 30.0


class Places:
    def __init__(self) -> None:
        self._all = Semaphore(ALL)
        self._each: dict[str, Semaphore] = {}

    @asynccontextmanager
    async def held(self, handle: str) -> AsyncIterator[None]:
        """One place for somebody while the block lasts.

        Raises:
            Unavailable: None came free.
        """
        own = self._each.setdefault(handle, Semaphore(EACH))
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(WAIT_S):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._all)
            except TimeoutError:
                raise Unavailable(
                    "too many are cloning or pushing at this moment",
                    hint="Try again in a minute.",
                ) from None
            yield
