"""The pulse: whether the tables can be read, found out once a second.

Load balancers ask often and need no token, so that what they are answered must
be at hand.  Whoever looks may wait for a database that does not answer; that
nobody has looked for a while is an answer, too.
"""

import math
import time

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.db.engine import reading
from registry.db.projection import read_head

STALE_AFTER_S = 5.0


class Pulse:
    """Args:
    engine: Where the projection is; it has just been read.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._confirmed = time.monotonic()

    @property
    def readable(self) -> bool:
        """Whether the tables could be read when somebody last looked."""
        return time.monotonic() - self._confirmed <= STALE_AFTER_S

    def look(self) -> None:
        """Raises:
        SQLAlchemyError: The tables cannot be read.
        """
        try:
            with reading(self._engine) as connection:
                read_head(connection)
        except SQLAlchemyError:
            self._confirmed = -math.inf
            raise
        self._confirmed = time.monotonic()
