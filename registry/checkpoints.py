"""Checkpoints: what the ledger was at a size, signed (C2SP tlog-checkpoint).

* A checkpoint says: the ledger with this origin had so many events, and the root of
  their Merkle tree was this.  A leaf is the canonical bytes of an event.
* It is a signed note.  Its first line is the origin, `placet/` and the repository's
  id; the ledger's key has the same name, and is Ed25519.  Only its signature says that
  the registry signed: one of another key, a witness's say, is kept and stands in for
  nothing.
* The registry signs nothing but what goes on from what it has signed.  It cannot keep
  somebody who has its key and its files from signing another history: whoever holds
  two checkpoints of one key that no single list of events explains holds the proof.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from registry import signed_notes
from registry.errors import Invalid
from registry.signed_notes import ED25519, SignedNote, SigningKey, VerifierKey

_ROOT_BYTES = 32
_MAX_DIGITS = 15
_SIZE = re.compile(r"(0|[1-9][0-9]*)\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Attributes:
    size: How many events.
    root: Of their Merkle tree, 32 bytes.
    extensions: Further lines, which mean nothing to us and are kept.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...]


def origin_of(repository: str) -> str:
    """What the ledger of this repository is called in its checkpoints."""
    return f"placet/{repository}"


def dump(checkpoint: Checkpoint) -> str:
    """The text that is signed."""
    lines = (
        checkpoint.origin,
        str(checkpoint.size),
        root_text(checkpoint),
        *checkpoint.extensions,
    )
    return "".join(f"{line}\n" for line in lines)


def root_text(checkpoint: Checkpoint) -> str:
    """The root as it is written, wherever people compare it."""
    return base64.b64encode(checkpoint.root).decode()


def parse(text: str) -> Checkpoint:
    """Raises:
    Invalid: It is not the text of a checkpoint.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise _no_checkpoint("it has not three lines: origin, size and root")
    origin, size, encoded, *extensions = lines
    if not _SIZE.match(size) or len(size) > _MAX_DIGITS:
        raise _no_checkpoint(f"{size[:30]!r} is not a size")
    try:
        root = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        root = b""
    if len(root) != _ROOT_BYTES or base64.b64encode(root).decode() != encoded:
        raise _no_checkpoint("its root is not base64 of 32 bytes")
    return Checkpoint(
        origin=origin, size=int(size), root=root, extensions=tuple(extensions)
    )


def own_keys(origin: str, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Those of *keys* that a ledger of this origin signs with."""
    return [key for key in keys if (key.name, key.type) == (origin, ED25519)]


def sign(checkpoint: Checkpoint, key: SigningKey) -> SignedNote:
    return signed_notes.sign(dump(checkpoint), key)


def _no_checkpoint(why: str) -> Invalid:
    return Invalid(
        f"this is not a checkpoint: {why}",
        hint="Give the whole text, as `GET /v1/ledger/checkpoint` answers it.",
    )
