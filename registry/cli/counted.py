"""Counted: what chatbots fetch from a server, for as long as it serves."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from registry.api.counting import EVERY_S, Counting
from registry.clock import now
from registry.db.engine import disposing
from registry.db.fetches import Fetches
from registry.rounds import Rounds


@contextmanager
def counted(engine: Engine) -> Iterator[Counting]:
    """What is fetched while the block lasts; at its end everything is written.

    Args:
        engine: Where it is counted; at the end no connection of it is open.
    """
    with disposing(engine):
        counting = Counting(Fetches(engine), now)
        rounds = Rounds(counting.flush, name="fetches", rest_s=lambda: EVERY_S)
        rounds.start()
        try:
            yield counting
        finally:
            rounds.close()
            counting.finish()
