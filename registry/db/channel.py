"""The channel: how a process on PostgreSQL hears that another one has written.

 * Whoever has written tells the channel.  A message has no content: it only wakes,
   and what is new is read from the tables.
 * Whoever hears it looks at once.  A message may be lost, and a connection may be
   dead without anybody noticing: so everybody looks about every second as well,
   whatever they hear.
 * A connection that was lost is made again, after a pause that grows and is never
   the same twice, so that a hundred readers do not come back in one moment.  What
   was said meanwhile is not said again: having come back is a message, too.

On SQLite there is no channel.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from registry.db.engine import is_sqlite, writing

CHANNEL = "placet_written"

log = logging.getLogger(__name__)


@contextmanager
def telling(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write; committed, it has everybody look."""
    with writing(engine) as connection:
        yield connection
        if not is_sqlite(engine):
            connection.execute(text(f"NOTIFY {CHANNEL}"))


def tell(engine: Engine) -> None:
    """Have everybody look now; that they look anyway makes a failure harmless."""
    if is_sqlite(engine):
        return
    try:
        with telling(engine):
            pass
    except SQLAlchemyError as error:
        log.warning("nobody is told of a write, but they look all the same: %s", error)
