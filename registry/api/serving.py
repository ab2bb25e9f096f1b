"""Serving: a registry in a folder, with everything that answers for it.

Whoever writes through this process is seen by the next read: snapshots are
renewed before the answer goes out.  What other processes have written, or what
they have granted and revoked, is taken in about every second.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from registry.api.app import create_app, grants_of
from registry.api.chatbots import Chatbots
from registry.api.live import LiveSnapshots
from registry.writer import Clock, Home, now, opened


@contextmanager
def opened_app(home: Home, *, clock: Clock = now) -> Iterator[ASGIApp]:
    """The application of the registry at *home*, until the block ends.

    Raises:
        NotFound: No registry was ever begun here.
    """
    after_writing: list[Callable[[], None]] = []

    def written() -> None:
        for act in after_writing:
            act()

    with opened(home, clock=clock, written=written) as registry:
        operations = home.open_operations()
        try:
            writer = registry.writer
            live = LiveSnapshots(registry.engine)
            grants = grants_of(registry, operations, writer.now)
            after_writing += [live.refresh, registry.afterwards.wake]
            chatbots = Chatbots(
                live=live,
                grants=grants,
                engine=registry.engine,
                clock=writer.now,
                settled=writer.settled,
            )
            registry.afterwards.start()
            yield create_app(
                registry,
                operations,
                writer.now,
                chatbots,
                grants=grants,
                every_second=(live.refresh,),
            )
        finally:
            registry.afterwards.close()
            operations.dispose()
