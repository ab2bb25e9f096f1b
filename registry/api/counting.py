"""Counting what is fetched, beside the reads and never before them.

* A read that is answered adds one to a number in memory: no lock, no table, and no
  clock but the one that the read has looked at already.
* What counts is an answer that says what is live: 200, 304, and 410 for what was
  deleted.  Reads of the past, of a digest, and of an environment's own head say
  nothing about who has what.
* Every two seconds a thread takes away what was counted, and writes what it took away
  the time before: so no read still adds to what is written.  A crash loses the counts
  of the last four seconds.
* What cannot be written is kept and written later, and said once in the log; reads
  never hear of it.
"""

import logging
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from registry.api.asked import Asked
from registry.api.grants import Grant
from registry.clock import Clock
from registry.db.fetches import Fetch, Fetches, hour_of
from registry.names import Ref

EVERY_S = 2.0

MAX_WAITING = 100_000
"""Counts that are kept while they cannot be written: about 50 MB."""

log = logging.getLogger(__name__)

_Key = tuple[str, str, str, Ref, int]


class _Count:
    __slots__ = ("first", "last", "number")

    def __init__(self, at: datetime) -> None:
        self.number = 1
        self.first = at
        self.last = at


class Counting:
    """Args:
    fetches: Where counts are written.
    most: Counts that are kept while they cannot be written.
    """

    def __init__(
        self, fetches: Fetches, clock: Clock, *, most: int = MAX_WAITING
    ) -> None:
        self.fetches = fetches
        self._clock = clock
        self._most = most
        self._counted: dict[_Key, _Count] = {}
        self._taken: dict[_Key, _Count] = {}
        self._waiting: dict[tuple[_Key, datetime], Fetch] = {}
        self._pruned: datetime | None = None
        self._failing = False

    def add(self, grant: Grant, asked: Asked, seq: int, at: datetime) -> None:
        """Count one answer; chatbots wait for this."""
        key = (grant.handle, grant.via, asked.environment, asked.ref, seq)
        try:
            known = self._counted[key]
        except KeyError:
            self._counted[key] = _Count(at)
        else:
            known.number += 1
            known.last = at

    def flush(self) -> None:
        """Write what was taken away last, and take away what was counted since."""
        taken, self._taken = self._taken, self._counted
        self._counted = {}
        self._keep(taken)
        try:
            self._write()
        except SQLAlchemyError as error:
            if not self._failing:
                log.error("fetches cannot be counted just now: %s", error)  # noqa: TRY400
            self._failing = True
        else:
            if self._failing:
                log.warning("fetches are counted again")
            self._failing = False

    def finish(self) -> None:
        """Write everything, when nobody reads any more."""
        self.flush()
        self.flush()

    def _keep(self, taken: dict[_Key, _Count]) -> None:
        for key, count in taken.items():
            if not key[3]:  # an environment's own head: no document
                continue
            place = (key, hour_of(count.first))
            known = self._waiting.get(place)
            if known is not None:
                self._waiting[place] = replace(
                    known, count=known.count + count.number, last_seen=count.last
                )
            elif len(self._waiting) < self._most:
                self._waiting[place] = _fetch(key, count)

    def _write(self) -> None:
        self.fetches.add(self._waiting.values())
        self._waiting = {}
        now = self._clock()
        if self._pruned is None or hour_of(now) > self._pruned:
            self.fetches.prune(now)
            self._pruned = hour_of(now)


def _fetch(key: _Key, count: _Count) -> Fetch:
    handle, via, environment, document, seq = key
    return Fetch(
        environment=environment,
        document=document,
        seq=seq,
        handle=handle,
        via=via,
        first_seen=count.first,
        last_seen=count.last,
        count=count.number,
    )
