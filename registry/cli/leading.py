"""Leading: one process of many does what happens by itself, and another after it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from registry.rounds import Rounds
from registry.writer import LOOKS_S, Home, Lead

log = logging.getLogger(__name__)


@contextmanager
def leading(home: Home) -> Iterator[Lead]:
    """The lead over *home*: taken at once, or as soon as nobody else has it."""
    lead = home.lead()

    def once() -> None:
        if not lead.held() and lead.take():
            log.warning("from now on this process does what happens by itself")

    lead.take()
    waiting = Rounds(once, name="lead", rest_s=lambda: LOOKS_S)
    waiting.start()
    try:
        yield lead
    finally:
        waiting.close()
        lead.give_back()
