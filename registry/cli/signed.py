"""Signed: what a server that writes signs, for as long as it serves."""

from registry.db.heads import SignedHeads
from registry.writer import HeadSigning, Home, Open, now


def signing_of(home: Home, registry: Open, heads: SignedHeads) -> HeadSigning:
    """What signs for the registry in *home*; everything is signed already."""
    signing = HeadSigning(
        engine=registry.engine,
        heads=heads,
        keys=home.head_keys(),
        fence=home.heads_fence(),
        clock=now,
    )
    signing.written()
    return signing
