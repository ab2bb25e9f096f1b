"""What a reader keeps: enough to go on by itself, and no secret.

Of tokens there are hashes, of people who is active.  Whoever reads it can read what
is live, as if they had a token for all of it: the folder is for one account alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.db.operations import Token
from registry.names import Digest
from registry.snapshots import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Attributes:
    at: When it was kept.
    snapshots: Every environment, by name.
    tokens: Those that could be used, by the hash of their secret.
    active: The handles of the people who were.
    """

    at: datetime
    snapshots: Mapping[str, Snapshot]
    tokens: Mapping[str, Token]
    active: frozenset[str]

    def bodies(self) -> dict[Digest, bytes]:
        """What is served, by digest: much of it in several environments."""
        return {
            digest: body
            for snapshot in self.snapshots.values()
            for digest, body in _bodies(snapshot)
        }


def _bodies(snapshot: Snapshot) -> Iterator[tuple[Digest, bytes]]:
    for served in snapshot.documents.values():
        yield served.digest, served.body
    for told in snapshot.bots.values():
        if told.bundle is not None:
            yield told.bundle.digest, told.bundle.body
