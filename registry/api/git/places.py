"""Places: how many may clone and push at once.

* While git works for somebody they have a place: it keeps a process and its memory.
  Whoever comes when all places are taken waits a little.  Nobody has more than a few
  of them, so that one account leaves most of them to the others.
* What somebody sends is taken in before they have a place, so a slow sender keeps
  none.  It takes up a file; so nobody sends more than a few of these at once, either.
"""

import asyncio
from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from registry.errors import Unavailable

ALL = 8
EACH = 2
SENDING_EACH = 4
WAIT_S = 30.0


class Places:
    def __init__(self) -> None:
        self._all = Semaphore(ALL)
        self._each: dict[str, Semaphore] = {}
        self._sending: dict[str, Semaphore] = {}

    @asynccontextmanager
    async def held(self, handle: str) -> AsyncIterator[None]:
        """One place for somebody while the block lasts.

        Raises:
            Unavailable: None came free.
        """
        own = self._each.setdefault(handle, Semaphore(EACH))
        async with _entered(own, self._all):
            yield

    @asynccontextmanager
    async def sending(self, handle: str) -> AsyncIterator[None]:
        """Somebody sends something while the block lasts.

        Raises:
            Unavailable: They send too much at once already.
        """
        own = self._sending.setdefault(handle, Semaphore(SENDING_EACH))
        async with _entered(own):
            yield


@asynccontextmanager
async def _entered(*semaphores: Semaphore) -> AsyncIterator[None]:
    async with AsyncExitStack() as held:
        try:
            async with asyncio.timeout(WAIT_S):
                for one in semaphores:
                    await held.enter_async_context(one)
        except TimeoutError:
            raise Unavailable(
                "too many are cloning or pushing at this moment",
                hint="Try again in a minute.",
            ) from None
        yield
