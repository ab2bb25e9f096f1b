"""The snapshots that a server answers from, and how they are kept current.

A snapshot is replaced by assigning a name, so a reader takes either the old or
the new one, whole, and never waits for a writer.  `refresh` is called after
every write of this process, and every second for what others have written.
Where heads are signed, only what is signed is handed on: `registry.api.signed`.
"""

import logging
import time
from collections.abc import Mapping
from threading import Lock

from sqlalchemy import Engine

from registry.api.signed import SignedSnapshots
from registry.db.engine import reading
from registry.db.heads import SignedHeads
from registry.db.live import is_behind, read_difference, read_snapshots
from registry.errors import NotFound
from registry.snapshots import Snapshot, advance

log = logging.getLogger(__name__)

STALE_AFTER_S = 5.0
"""Without a successful look at the tables for so long, answers say so."""


class LiveSnapshots:
    """Args:
    engine: Where the projection is.
    heads: The signed ones; None where there never was a key.
    """

    def __init__(self, engine: Engine, heads: SignedHeads | None = None) -> None:
        self._engine = engine
        self._signed = None if heads is None else SignedSnapshots(heads)
        self._newest: Mapping[str, Snapshot] = {}
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
        """Take in what the tables have; keep what there is if that fails.

        Whoever calls has something to answer that has happened already, or is
        the one thread that hears of what others wrote: neither may end here.
        What was good stays, and answers soon say that it is stale.
        """
        with self._refreshing:
            try:
                self._newest = self._read()
                self.current = self._handed_on(self._newest)
            except Exception:
                log.exception("the snapshots could not be brought up to date")
                return
            self._confirmed = time.monotonic()

    def _handed_on(self, newest: Mapping[str, Snapshot]) -> Mapping[str, Snapshot]:
        """What is signed of *newest*; what is not stays where it was."""
        if self._signed is None:
            return newest
        found = {**self.current, **self._signed.of(newest)}
        return {name: found[name] for name in newest if name in found}

    def _read(self) -> Mapping[str, Snapshot]:
        with reading(self._engine) as connection:
            if not self._newest or is_behind(connection, self._newest.values()):
                return read_snapshots(connection)
            differences = {
                name: read_difference(connection, snapshot)
                for name, snapshot in self._newest.items()
            }
        return {
            name: snapshot
            if (found := differences[name]) is None
            else advance(snapshot, found)
            for name, snapshot in self._newest.items()
        }
