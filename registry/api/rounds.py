"""Doing something again and again beside the requests, while an application runs."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from threading import Event, Thread

from anyio import to_thread

PAUSE_S = 1.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def rounds(
    works: Mapping[str, Callable[[], None]], *, pause_s: float = PAUSE_S
) -> AsyncIterator[None]:
    """Call each of *works* about every second while the block lasts.

    Each has a thread of its own, so that none waits for another.

    Args:
        works: By the name of the thread.
    """
    ending = Event()
    threads = [
        Thread(target=_run, args=(work, ending, pause_s), name=name)
        for name, work in works.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            await to_thread.run_sync(thread.join)


def _run(work: Callable[[], None], ending: Event, pause_s: float) -> None:
    while not ending.wait(pause_s):
        try:
            work()
        except Exception:
            # A mistake of ours must not end the only thread that hears of what
            # was revoked; it is logged, and the next round tries again.
            log.exception("a round failed")
