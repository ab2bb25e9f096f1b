"""The snapshots that a server answers from, and how they are kept current.

A snapshot is replaced by assigning a name, so a reader takes either the old or
the new one, whole, and never waits for a writer.  `refresh` is called after
every write of this process, and every second for what others have written.
"""

import logging
import time
from collections.abc import Callable, Mapping
from threading import Lock

from sqlalchemy import Engine

from registry.db.engine import reading
from registry.db.live import is_behind, read_difference, read_snapshots
from registry.errors import NotFound
from registry.snapshots import Snapshot, advance

log = logging.getLogger(__name__)

STALE_AFTER_S = 5.0
"""Without a successful look at the tables for so long, answers say so."""


class LiveSnapshots:
    """Args:
    engine: Where the projection is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._refreshing = Lock()
        self._confirmed = time.monotonic()
        self._listeners: list[Callable[[], None]] = []
        self.current: Mapping[str, Snapshot] = {}
        self.refresh()

    @property
    def stale(self) -> bool:
        """Whether the tables could not be read for a while."""
        return time.monotonic() - self._confirmed > STALE_AFTER_S

    def get(self, environment: str) -> Snapshot:
        """Raises:
        NotFound: There is no such environment.
        """
        snapshot = self.current.get(environment)
        if snapshot is None:
            raise NotFound(
                f"there is no environment {environment[:60]!r}",
                hint="There are " + ", ".join(sorted(self.current)) + ".",
            )
        return snapshot

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Have *listener* called after each change, in the thread that took it in.

        What is live then is in `current` already.  It must not wait.
        """
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Take in what the tables have; keep what there is if that fails.

        Whoever calls has something to answer that has happened already, or is
        the one thread that hears of what others wrote: neither may end here.
        What was good stays, and answers soon say that it is stale.
        """
        with self._refreshing:
            before = self.current
            try:
                self.current = self._read()
            except Exception:
                log.exception("the snapshots could not be brought up to date")
                return
            self._confirmed = time.monotonic()
            if _differ(before, self.current):
                self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            try:
                listener()
            except Exception:
                log.exception("somebody could not be told what is live now")

    def _read(self) -> Mapping[str, Snapshot]:
        with reading(self._engine) as connection:
            if not self.current or is_behind(connection, self.current.values()):
                return read_snapshots(connection)
            differences = {
                name: read_difference(connection, snapshot)
                for name, snapshot in self.current.items()
            }
        return {
            name: snapshot
            if (found := differences[name]) is None
            else advance(snapshot, found)
            for name, snapshot in self.current.items()
        }


def _differ(before: Mapping[str, Snapshot], after: Mapping[str, Snapshot]) -> bool:
    """Snapshots never change, so that what has not changed is the same object."""
    return before.keys() != after.keys() or any(
        before[name] is not after[name] for name in after
    )
