"""Leading: one process of many does what happens by itself, and another after it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from registry.rounds import Rounds
from registry.writer import LOOKS_S, DatabaseLead, Home, Lead

log = logging.getLogger(__name__)


@contextmanager
def leading(
    home: Home, lead: Lead | DatabaseLead | None
) -> Iterator[Lead | DatabaseLead]:
    """The lead over *home*: taken at once, or as soon as nobody else has it.

    Args:
        lead: One that this process has already.
    """
    lead = lead or home.lead()

    def once() -> None:
        held = lead.held()
        if lead.take() and not held:
            log.warning("from now on this process does what happens by itself")
        if held and not lead.held():
            log.warning("another process may do now what happens by itself")

    lead.take()
    waiting = Rounds(once, name="lead", rest_s=lambda: LOOKS_S)
    waiting.start()
    try:
        yield lead
    finally:
        waiting.close()
        lead.give_back()
