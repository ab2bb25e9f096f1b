"""What is live in an environment, as one digest.

 * There is a line for each live document, `document KINDS/NAME DIGEST`, with its
   composed digest, and one for each bot, `bundle NAME DIGEST`, with its bundle's.
   What was deleted has none.  A line ends in a newline; its key is what stands
   before the digest.
 * A line's group is the first byte of SHA-256 over its key.  A group's digest is
   SHA-256 over its lines, in the order of their bytes.
 * The content's digest is SHA-256 over `placet-content-v1`, a newline, and the 256
   digests of the groups, 32 bytes each.

So what changes one document in 10,000 hashes forty lines again, and not all of them;
and who has the lines of one group and the digests of the others can prove one line.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from registry.names import Digest, Ref, digest_of

DOMAIN = b"placet-content-v1\n"
GROUPS = 256

_Lines = Mapping[str, Digest]


@dataclass(frozen=True, slots=True)
class Contents:
    """The lines of one environment, by group, and the groups' digests."""

    groups: tuple[_Lines, ...]
    digests: tuple[bytes, ...]

    @property
    def digest(self) -> Digest:
        return digest_of(DOMAIN + b"".join(self.digests))

    def changed(self, lines: Mapping[str, Digest | None]) -> "Contents":
        """The contents with *lines*, by their keys, in them; None takes one out."""
        changes: dict[int, dict[str, Digest | None]] = {}
        for key, digest in lines.items():
            changes.setdefault(group_of(key), {})[key] = digest
        groups, digests = list(self.groups), list(self.digests)
        for number, some in changes.items():
            merged = {**groups[number], **some}
            groups[number] = {key: one for key, one in merged.items() if one}
            digests[number] = _digest(groups[number])
        return Contents(tuple(groups), tuple(digests))


def group_of(key: str) -> int:
    return hashlib.sha256(key.encode()).digest()[0]


def document_key(document: Ref) -> str:
    return f"document {document}"


def bundle_key(bot: str) -> str:
    return f"bundle {bot}"


def _digest(lines: _Lines) -> bytes:
    text = "".join(sorted(f"{key} {digest}\n" for key, digest in lines.items()))
    return hashlib.sha256(text.encode()).digest()


NOTHING = Contents(({},) * GROUPS, (_digest({}),) * GROUPS)
