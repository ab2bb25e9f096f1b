"""Signed: what a server that writes signs, for as long as it serves."""

from sqlalchemy import Engine

from registry.db.heads import SignedHeads
from registry.writer import HeadSigning, Home, now


def signing_of(home: Home, engine: Engine, heads: SignedHeads) -> HeadSigning:
    """What signs with the keys in *home*; everything in *engine* is signed already."""
    signing = HeadSigning(
        engine=engine,
        heads=heads,
        keys=home.head_keys(),
        fence=home.heads_fence(),
        clock=now,
    )
    signing.written()
    return signing
