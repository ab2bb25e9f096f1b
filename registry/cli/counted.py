"""Counted: what chatbots fetch from a server, for as long as it serves."""

from collections.abc import Iterator
from contextlib import contextmanager

from registry.api.counting import EVERY_S, Counting
from registry.db.engine import disposing
from registry.db.fetches import Fetches
from registry.rounds import Rounds
from registry.writer import Home, now


@contextmanager
def counted(home: Home) -> Iterator[Counting]:
    """What is fetched while the block lasts; at its end everything is written."""
    with disposing(home.open_fetches()) as engine:
        counting = Counting(Fetches(engine), now)
        rounds = Rounds(counting.flush, name="fetches", rest_s=lambda: EVERY_S)
        rounds.start()
        try:
            yield counting
        finally:
            rounds.close()
            counting.finish()
