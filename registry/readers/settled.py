"""Settled: which moments are over, for a server that does not write.

What was live at a moment may be told when nothing more will happen before it.

 * Times of events only rise: what is before the newest one in the tables is over.
 * Whoever writes looks at the clock within the fence.  So while nobody is in it, what
   comes later is later than now, by the clock of whoever writes.  Clocks of machines
   differ, by less than a minute: that is taken off.
"""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from registry.clock import Clock
from registry.db.engine import reading
from registry.db.fencing import is_held, newest_at

CLOCKS_DIFFER = timedelta(minutes=1)


class Settled:
    """Args:
    engine: Where the projection is.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def __call__(self) -> datetime:
        """The time before which nothing more will happen."""
        now = self._clock() - CLOCKS_DIFFER
        with reading(self._engine) as connection:
            held = is_held(connection)
            newest = newest_at(connection)
        if newest is None:
            return now
        return newest if held else max(newest, now)
