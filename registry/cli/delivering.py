"""Delivering: the outbox of a server, for as long as it serves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from registry.outbox import Outbox, Outgoing, Sender
from registry.writer import Open, now


@contextmanager
def delivering(
    registry: Open,
    operations: Engine,
    outgoing: Outgoing,
    leads: Callable[[], bool],
) -> Iterator[Outbox]:
    """Notices of what happens while the block lasts, and of what did before it.

    Args:
        leads: Whether they are this process's to send.
    """
    outbox = Outbox(
        engine=registry.engine,
        operations_engine=operations,
        state=lambda: registry.writer.state,
        clock=now,
        sender=Sender(outgoing, operations),
    )
    registry.afterwards.then(outbox.wake)
    outbox.only_if(leads)
    outbox.start()
    try:
        yield outbox
    finally:
        outbox.close()
