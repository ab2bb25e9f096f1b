"""The snapshots that a server answers from, and how they are kept current.

A snapshot is replaced by assigning a name, so a reader takes either the old or
the new one, whole, and never waits for a writer.  `refresh` is called after
every write of this process, and every second for what others have written.

A reader goes on from what it has served, and from nothing else: tables that lack
some of it are those of a restored backup, or of another registry.  It keeps what it
has and says why, until the tables are of a higher epoch.

Where heads are signed, only what is signed is handed on: `registry.api.signed`.
"""

import logging
import math
import time
from collections.abc import Callable, Mapping
from threading import Lock

from sqlalchemy import Connection, Engine

from registry.api.signed import SignedSnapshots
from registry.db.engine import reading
from registry.db.heads import SignedHeads
from registry.db.live import is_behind, read_difference, read_snapshots
from registry.db.projection import read_head
from registry.errors import NotFound, Unavailable
from registry.snapshots import Snapshot, advance, why_not_onward

log = logging.getLogger(__name__)

STALE_AFTER_S = 5.0
"""Without a successful look at the tables for so long, answers say so."""


class LiveSnapshots:
    """Args:
    engine: Where the projection is.
    heads: The signed ones; None where there never was a key.
    kept: What a reader begins with, until the tables have been read; empty if it
        has never served anything.  `None` where whatever the tables have is taken.
    """

    def __init__(
        self,
        engine: Engine,
        heads: SignedHeads | None = None,
        *,
        kept: Mapping[str, Snapshot] | None = None,
    ) -> None:
        self._engine = engine
        self._signed = None if heads is None else SignedSnapshots(heads)
        self._refreshing = Lock()
        self._listeners: list[Callable[[], None]] = []
        self._onward = kept is not None
        self._fresh = False
        self._refused_at: tuple[int, str | None] | None = None
        self._problem: str | None = None
        self._away = True
        self._confirmed = -math.inf if self._onward else time.monotonic()
        self._newest: Mapping[str, Snapshot] = kept or {}
        self.current: Mapping[str, Snapshot] = self._newest
        self.refresh()

    @property
    def stale(self) -> bool:
        """Whether the tables could not be read for a while, or were refused."""
        return time.monotonic() - self._confirmed > STALE_AFTER_S

    @property
    def away(self) -> bool:
        """Whether the tables could not be read when they were last looked at."""
        return self._away

    @property
    def refused(self) -> bool:
        """Whether the tables could be read and are not taken."""
        return self._refused_at is not None

    @property
    def problem(self) -> str | None:
        """Why what is served is not what the tables have; `None` while it is."""
        return self._problem

    def get(self, environment: str) -> Snapshot:
        """Raises:
        NotFound: There is no such environment.
        Unavailable: The tables have never been read.
        """
        snapshot = self.current.get(environment)
        if snapshot is None and not self.current and self._away:
            raise Unavailable("nothing could be read from the tables yet")
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
                newest = self._read()
                found = None if newest is None else self._handed_on(newest)
            except Exception:
                self._away = True
                if self._problem is None:
                    log.exception("the snapshots could not be brought up to date")
                self._problem = self._problem or "the tables cannot be read"
                return
            self._away = False
            if newest is None or found is None:
                self._confirmed = -math.inf
                return
            self._newest, self.current, self._fresh = newest, found, True
            if _differ(found, newest):  # for longer than a moment, nobody signs
                self._problem = "what went live last is not signed yet"
            else:
                if self._problem is not None:
                    log.warning("the snapshots are brought up to date again")
                self._problem = None
                self._confirmed = time.monotonic()
            if _differ(before, self.current):
                self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            try:
                listener()
            except Exception:
                log.exception("somebody could not be told what is live now")

    def _read(self) -> Mapping[str, Snapshot] | None:
        """What is live in the tables; `None` if they are refused."""
        with reading(self._engine) as connection:
            if not self._newest or is_behind(connection, self._newest.values()):
                return self._begin_anew(connection)
            self._refused_at = None
            if not self._fresh:  # what was kept does for as long as it must
                return read_snapshots(connection)
            differences = {
                name: read_difference(connection, snapshot)
                for name, snapshot in self._newest.items()
            }
        if not any(differences.values()):
            return self._newest
        return {
            name: snapshot
            if (found := differences[name]) is None
            else advance(snapshot, found)
            for name, snapshot in self._newest.items()
        }

    def _handed_on(self, newest: Mapping[str, Snapshot]) -> Mapping[str, Snapshot]:
        """What is signed of *newest*; what is not stays where it was."""
        if self._signed is None:
            return newest
        signed = {**self.current, **self._signed.of(newest)}
        found = {name: signed[name] for name in newest if name in signed}
        is_same = found.keys() == self.current.keys() and all(
            found[name] is snapshot for name, snapshot in self.current.items()
        )
        return self.current if is_same else found

    def _begin_anew(self, connection: Connection) -> Mapping[str, Snapshot] | None:
        """All that the tables have, where it does not go on from what is served."""
        head = read_head(connection)
        if self._refused_at == head:
            return None  # to read all of it costs seconds, and nothing has changed
        found = read_snapshots(connection)
        why = self._why_not(found)
        if why is not None:
            if why != self._problem:
                log.error("%s; what was served before is served on", why)
            self._problem, self._refused_at = why, head
            return None
        self._refused_at = None
        return found

    def _why_not(self, found: Mapping[str, Snapshot]) -> str | None:
        if not (self._onward and self.current):
            return None
        served = next(iter(self.current.values())).source
        new = next(iter(found.values()), None)
        return why_not_onward(served, None if new is None else new.source)


def _differ(before: Mapping[str, Snapshot], after: Mapping[str, Snapshot]) -> bool:
    """A head that was signed again is no news: nobody is told anything else."""
    return before.keys() != after.keys() or any(
        (before[name].source, before[name].seq) != (after[name].source, after[name].seq)
        for name in after
    )
