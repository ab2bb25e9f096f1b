"""Hearing: what other processes write is seen soon, for as long as a server serves.

On PostgreSQL they tell the channel.  On SQLite the files are looked at, many times a
second.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sqlalchemy import Engine

from registry.db.engine import is_sqlite
from registry.db.noticing import Noticing
from registry.rounds import Rounds

LOOKS_S = 0.04
"""With what comes after it, well within 100 ms of a write."""


@contextmanager
def hearing(
    engine: Engine, wake: Callable[[], None], files: Sequence[Engine]
) -> Iterator[None]:
    """Args:
    engine: Where the projection is.
    wake: Is called when somebody has written; it must not wait.
    files: What is looked at, on SQLite; nothing where nobody else is expected.
    """
    with ExitStack() as stack:
        if is_sqlite(engine):
            _look_at(files, wake, stack)
        else:
            from registry.db.listening import Listening  # its driver is an extra

            listening = Listening(engine, wake)
            listening.start()
            stack.callback(listening.close)
        yield


def _look_at(
    files: Sequence[Engine], wake: Callable[[], None], stack: ExitStack
) -> None:
    noticing = [Noticing(file) for file in files]

    def once() -> None:
        changed = [each.has_changed() for each in noticing]
        if any(changed):
            wake()

    for each in noticing:
        stack.callback(each.close)
    if noticing:
        looking = Rounds(once, name="noticing", rest_s=lambda: LOOKS_S)
        looking.start()
        stack.callback(looking.close)
