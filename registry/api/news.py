"""News: requests that wait until something else is live, and how they are woken.

* The thread that takes in what is live wakes the event loop, once for a change and
  not once for whoever waits.
* In the loop each that waits is asked whether it was this that it waits for.  That
  goes on in slices, so that reads are answered between them.
* Streams and waiting requests together are bounded: whoever comes beyond that is
  told to come back later, and meanwhile polls.
* When the server ends, nobody waits any longer.
"""

import asyncio
import random
import resource
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from itertools import islice
from typing import TypeVar

from starlette.types import Receive

from registry.api.live import LiveSnapshots
from registry.errors import NotYetThere, Unavailable

MAX_HELD = 20_000
"""How many connections one process holds open for news: about 160 MB of them."""

SEQ_WAIT_S = 2.0
"""How long `?min_seq=` waits for a sequence number before it gives up."""

SLICE = 100
"""How many are told before reads have their turn: about two milliseconds."""

COME_BACK_S = (20, 60)
"""After how long whoever found no place is told to try again, at random."""

T = TypeVar("T")


class TooManyWaiting(Unavailable):
    """As many connections as are held for news are open already."""

    hint = "Ask without waiting meanwhile, and come back after `Retry-After` seconds."

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class News:
    """Args:
    most: How many may be held at once; None for what the process may have open.
    """

    def __init__(self, live: LiveSnapshots, *, most: int | None) -> None:
        self._live = live
        self._most = _may_hold() if most is None else most
        self._held = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[asyncio.Future[None], Callable[[], bool]] = {}
        self._listeners: list[Callable[[], None]] = []
        self._ended = False
        live.subscribe(self._changed)

    @property
    def held(self) -> int:
        """How many connections are open for news, streams as well."""
        return self._held

    @property
    def waiting(self) -> int:
        """How many requests wait just now; streams do not count."""
        return len(self._waiting)

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Have *listener* called in the loop, after each change."""
        self._listeners.append(listener)

    def take_place(self) -> None:
        """Hold one more, in this loop; look at what is live after this.

        Raises:
            TooManyWaiting: There are too many, or the server is ending.
        """
        if self._held >= self._most or self._ended:
            raise TooManyWaiting(
                "as many connections as this server holds for news are open already",
                retry_after_s=random.randint(*COME_BACK_S),  # noqa: S311
            )
        self._held += 1
        self._loop = asyncio.get_running_loop()

    def leave_place(self) -> None:
        self._held -= 1

    async def until(
        self, is_so: Callable[[], bool], receive: Receive, *, within_s: float
    ) -> bool:
        """Wait until *is_so*, or until whoever asked has gone.

        Args:
            is_so: Asked now and after each change; it must not wait or raise.

        Raises:
            TooManyWaiting: Too many wait already.
        """
        if is_so() or self._ended:
            return is_so()
        self.take_place()
        woken = asyncio.get_running_loop().create_future()
        self._waiting[woken] = is_so
        leaving = asyncio.ensure_future(_until_gone(receive))
        leaving.add_done_callback(lambda _: _wake(woken))
        try:
            if not is_so():
                with suppress(TimeoutError):
                    async with asyncio.timeout(within_s):
                        await woken
        finally:
            leaving.cancel()
            del self._waiting[woken]
            self.leave_place()
        return is_so()

    async def until_seq(self, environment: str, seq: int, receive: Receive) -> None:
        """Raises:
        NotFound: There is no such environment.
        NotYetThere: It did not come to *seq* in time.
        TooManyWaiting: Too many wait already.
        """
        self._live.get(environment)

        def is_there() -> bool:
            snapshot = self._live.current.get(environment)
            return snapshot is not None and snapshot.seq >= seq

        if not await self.until(is_there, receive, within_s=SEQ_WAIT_S):
            raise NotYetThere(f"{environment} has not come to seq {seq} here")

    def end(self) -> None:
        """Answer everybody who waits, with what there is."""
        self._ended = True
        for woken in self._waiting:
            _wake(woken)

    def in_slices(
        self,
        those: Collection[T],
        act: Callable[[T], None],
        *,
        then: Callable[[], None],
    ) -> None:
        """Do *act* to each of *those*, which must not change, with reads in between."""
        self._next_slice(iter(those), act, then)

    def _next_slice(
        self, rest: Iterator[T], act: Callable[[T], None], then: Callable[[], None]
    ) -> None:
        done = 0
        for one in islice(rest, SLICE):
            act(one)
            done += 1
        if done < SLICE:
            then()
        else:
            loop = asyncio.get_running_loop()
            loop.call_soon(self._next_slice, rest, act, then)

    def _changed(self) -> None:
        """In the thread that takes in what is live."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it has ended, and who waited in it
                loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
        self.in_slices(tuple(self._waiting.items()), _wake_if_so, then=_nothing)


def _wake_if_so(one: tuple[asyncio.Future[None], Callable[[], bool]]) -> None:
    woken, is_so = one
    if is_so():
        _wake(woken)


def _wake(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)


def _may_hold() -> int:
    """A quarter of the files that may be open is left for everything else."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        MAX_HELD if files == resource.RLIM_INFINITY else min(MAX_HELD, files * 3 // 4)
    )


def _nothing() -> None:
    """There is nothing more to do."""


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
