"""The assembly of a reader: chatbots are answered, and nothing is governed here.

It takes a database that somebody else writes.  What is new there is read when the
channel says so, and about every second whatever it says.  It changes no table but
the counts of what was fetched.
"""

import logging
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from registry.api.chatbots import Chatbots
from registry.api.grants import Grants
from registry.api.live import LiveSnapshots
from registry.api.reader_door import ReaderDoor
from registry.cli.counted import counted
from registry.clock import now
from registry.db.engine import disposing, is_sqlite, open_engine
from registry.db.heads import SignedHeads
from registry.db.listening import Listening
from registry.db.operations import Operations
from registry.errors import Invalid
from registry.readers import Kept, Known, Settled, Shelf
from registry.rounds import Rounds

FOLDER = "reader"
"""Within the home folder, so that nothing else in one is ever touched."""

KEEPS_EVERY_S = 5.0
"""A crash can lose what went live in that time: it is read from the tables again."""

log = logging.getLogger(__name__)


@contextmanager
def reader(
    database: str, home: Path, registry: str | None, *, standby: bool = False
) -> Iterator[ReaderDoor]:
    """The application, with its threads running.

    It starts without its database if it has kept something.

    Args:
        home: The folder in which it keeps the last good snapshot.
        registry: Where the registry itself answers, if that is known.
        standby: Whether it waits to become the registry itself.

    Raises:
        Conflict: Another reader keeps its snapshot in that folder.
        Invalid: It is no PostgreSQL database.
    """
    shelf = Shelf(home / FOLDER)
    with ExitStack() as stack:
        engine = stack.enter_context(disposing(_engine(database)))
        stack.enter_context(shelf.held())
        kept = shelf.read()
        live = LiveSnapshots(
            engine, SignedHeads(engine), kept={} if kept is None else kept.snapshots
        )
        known = Known(
            engine,
            Operations(engine),
            kept=kept,
            away=lambda: live.away,
            refused=lambda: live.refused,
        )
        known.refresh()
        grants = Grants(known, people=lambda: known.people, clock=now)
        looking = _looking(live, known, grants)
        keeping = Keeping(shelf, live, known)
        stack.callback(keeping.finish)
        for rounds in (looking, keeping.rounds):
            rounds.start()
            stack.callback(rounds.close)
        listening = Listening(engine, looking.wake)
        listening.start()
        stack.callback(listening.close)
        chatbots = Chatbots(
            live=live,
            grants=grants,
            counting=stack.enter_context(counted(engine)),
            engine=engine,
            clock=now,
            settled=Settled(engine, now),
        )
        yield ReaderDoor(
            chatbots=chatbots, live=live, registry=registry, standby=standby
        )


class Keeping:
    """Keeps what is served, some seconds after it changed."""

    def __init__(self, shelf: Shelf, live: LiveSnapshots, known: Known) -> None:
        self._shelf = shelf
        self._live = live
        self._known = known
        self._last: Kept | None = None
        self.rounds = Rounds(self.once, name="keeping", rest_s=lambda: KEEPS_EVERY_S)

    def once(self) -> None:
        """Raises:
        OSError: It could not be written; what was kept before is there still.
        """
        kept = Kept(
            at=now(),
            snapshots=self._live.current,
            tokens=self._known.tokens,
            active=self._known.active,
        )
        if kept.snapshots and not _is_same(kept, self._last):
            self._shelf.write(kept)
            self._last = kept

    def finish(self) -> None:
        """The last time, when nothing changes any more."""
        try:
            self.once()
        except OSError as error:
            log.error("what is served could not be kept: %s", error)  # noqa: TRY400


def _is_same(kept: Kept, last: Kept | None) -> bool:
    return last is not None and (
        kept.snapshots is last.snapshots
        and kept.tokens == last.tokens
        and kept.active == last.active
    )


def _looking(live: LiveSnapshots, known: Known, grants: Grants) -> Rounds:
    def once() -> None:
        live.refresh()
        known.refresh()
        grants.keep_current()

    return Rounds(once, name="tables", rest_s=_about_a_second)


def _about_a_second() -> float:
    """Never the same twice, so that a hundred readers do not ask in one moment."""
    return random.uniform(0.75, 1.25)  # noqa: S311


def _engine(database: str) -> Engine:
    """Raises:
    Invalid: It is no PostgreSQL database.
    """
    engine = open_engine(database)
    if is_sqlite(engine):
        raise Invalid(
            "a reader reads PostgreSQL, and that is a file",
            hint="On the machine of the file: placet serve --workers 4.",
        )
    return engine
