"""Noticing: whether another process has written to an SQLite file.

SQLite counts the commits of others for each connection, in memory that the processes
of a machine share: to look takes microseconds, so it can be done often.
"""

from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection


class Noticing:
    """For one thread.

    Args:
        engine: Of the file.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: PoolProxiedConnection | None = None
        self._version: int | None = None

    def has_changed(self) -> bool:
        """Whether anybody else has committed since the last look; once, the first time.

        Raises:
            SQLAlchemyError: The file cannot be opened.
        """
        if self._connection is None:
            self._connection = self._engine.raw_connection()
        cursor = self._connection.cursor()
        cursor.execute("PRAGMA data_version")
        (version,) = cursor.fetchone() or (None,)
        cursor.close()
        before, self._version = self._version, version
        return version != before

    def close(self) -> None:
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                self._connection.close()
            self._connection = None
