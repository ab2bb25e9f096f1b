"""Signed: what a server that writes signs, for as long as it serves."""

from collections.abc import Iterator
from contextlib import contextmanager

from registry.db.engine import disposing
from registry.db.heads import SignedHeads
from registry.rounds import Rounds
from registry.writer import HeadSigning, Home, Open, now


@contextmanager
def signed(home: Home, registry: Open) -> Iterator[tuple[HeadSigning, SignedHeads]]:
    """Everything is signed when the block begins, and stays so while it lasts."""
    with disposing(home.open_heads()) as engine:
        heads = SignedHeads(engine)
        signing = HeadSigning(
            engine=registry.engine,
            heads=heads,
            keys=home.head_keys(),
            fence=home.heads_fence(),
            clock=now,
        )
        signing.written()
        rounds = Rounds(signing.once, name="heads")
        rounds.start()
        try:
            yield signing, heads
        finally:
            rounds.close()
