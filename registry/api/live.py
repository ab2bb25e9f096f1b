"""The snapshots that a server answers from, and how they are kept current.

A snapshot is replaced by assigning a name, so a reader takes either the old or
the new one, whole, and never waits for a writer.  `refresh` is called after
every write of this process, and every second for what others have written.
"""

import time
from collections.abc import Mapping
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.db.engine import reading
from registry.db.live import read_difference, read_snapshots
from registry.errors import NotFound
from registry.snapshots import Snapshot, advance

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

    def refresh(self) -> None:
        """Take in what the tables have; keep what there is if they cannot be read."""
        with self._refreshing:
            try:
                self.current = self._read()
            except SQLAlchemyError:
                return
            self._confirmed = time.monotonic()

    def _read(self) -> Mapping[str, Snapshot]:
        with reading(self._engine) as connection:
            if not self.current:
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
