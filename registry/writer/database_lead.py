"""The lead over a PostgreSQL database, of processes on whichever machine they are.

It is a lock of the session: PostgreSQL takes it back when the connection ends, and is
told to find out soon when a machine is gone.  Whoever loses the connection has lost
the lead, and tries to have it again at once; a standby waits longer than that takes.
"""

from contextlib import suppress

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from registry.db import fencing
from registry.db.engine import open_engine

_GONE_SOON = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 3",
    "SET tcp_keepalives_count = 3",
)


class DatabaseLead:
    """As `Lead`, which is on one folder.

    Args:
        database: A PostgreSQL URL.
    """

    def __init__(self, database: str) -> None:
        self._engine = open_engine(database)
        self._connection: Connection | None = None

    def held(self) -> bool:
        """Whether this process leads, as far as it knows."""
        return self._connection is not None

    def take(self) -> bool:
        """Lead, if nobody else does; or find out whether this process still does."""
        with suppress(SQLAlchemyError):
            if self._connection is None:
                return self._try()
            self._connection.execute(text("SELECT 1"))
            return True
        self._drop()
        return False

    def is_free(self) -> bool:
        """Whether nobody leads; no, if the database does not say."""
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            return not fencing.is_held(connection, fencing.LEADING)
        return False

    def give_back(self) -> None:
        self._drop()
        self._engine.dispose()

    def _try(self) -> bool:
        connection = self._engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        )
        try:
            for setting in _GONE_SOON:
                connection.execute(text(setting))
            taken = fencing.take(connection, fencing.LEADING)
        except SQLAlchemyError:
            connection.invalidate()
            connection.close()
            raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def _drop(self) -> None:
        """The lock is the session's: a connection that had it is not used again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
