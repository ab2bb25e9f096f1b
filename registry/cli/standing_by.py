"""Standing by: another machine on the same PostgreSQL, which goes on if one is lost.

Until then it answers chatbots, as a reader does.  When nobody has led for some seconds
it takes the lead, has a ledger that goes on from the tables, and serves as the first
one did.  A database that is started anew frees the lead for a moment: whoever had it
takes it again sooner than anybody who stands by.
"""

import logging
import socket

from registry.cli import screen
from registry.cli.reader import reader
from registry.cli.rebuilding import write_ledger
from registry.cli.server import Server
from registry.rounds import Rounds
from registry.writer import DatabaseLead, Home
from registry.writer.lost_ledger import goes_on, move_aside

LOOKS_S = 0.5
FREE_LOOKS = 12
"""So many looks in a row nobody led: six seconds, and the first one is back in one."""

log = logging.getLogger(__name__)


def stand_by(
    home: Home, listening: socket.socket, registry: str | None, say: str
) -> DatabaseLead:
    """Answer chatbots for as long as somebody else leads; the lead, taken.

    Args:
        home: With a PostgreSQL that others have, too.

    Raises:
        KeyboardInterrupt: This process was told to end.
    """
    database = home.database or ""
    lead = DatabaseLead(database)
    free = 0

    def look() -> None:
        nonlocal free
        free = free + 1 if lead.is_free() else 0
        if free >= FREE_LOOKS and lead.take():
            server.should_exit = True

    with reader(database, home.path, registry, standby=True) as application:
        server = Server(application, lambda: screen.note(say))
        looking = Rounds(look, name="standby", rest_s=lambda: LOOKS_S)
        looking.start()
        try:
            server.run(sockets=[listening.dup()])
        finally:
            looking.close()
    log.warning("nobody else leads any more: this server takes over")
    _have_ledger(home)
    return lead


def _have_ledger(home: Home) -> None:
    """Whatever there was is kept; what the tables have is what happened."""
    if goes_on(home):
        return
    aside = move_aside(home)
    if aside is not None:
        log.warning("the ledger here was left behind, and is kept as %s", aside)
    write_ledger(home)
