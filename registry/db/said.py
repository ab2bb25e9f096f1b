"""What live documents say of their upkeep, read from the texts once.

A digest has only one content, so that what was read is kept; what is live nowhere
any more is forgotten.  Only texts that may say something are parsed.
"""

from collections.abc import Iterable
from threading import Lock
from typing import Any

from sqlalchemy import Engine, Row, select

from registry.answerable import NOTHING_SAID, Said, SaidBy, said_of
from registry.db.engine import reading
from registry.db.projection import TEXT
from registry.documents import accepted
from registry.names import Digest
from registry.state import State

BATCH = 500


class SaidTexts:
    """Threads may share it.

    Args:
        engine: Where the projection is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._environments: object = None
        self._kept: dict[Digest, Said] = {}

    def among(self, state: State) -> SaidBy:
        """What everything that is live in *state* says."""
        with self._lock:
            if self._environments is not state.environments:
                self._kept = self._read(state)
                self._environments = state.environments
            return self._kept.__getitem__

    def _read(self, state: State) -> dict[Digest, Said]:
        wanted = {
            live.document.digest
            for environment in state.environments.values()
            for live in environment.live.values()
        }
        found = {
            digest: said for digest, said in self._kept.items() if digest in wanted
        }
        unread = sorted(wanted - found.keys())
        with reading(self._engine) as connection:
            for begin in range(0, len(unread), BATCH):
                some = unread[begin : begin + BATCH]
                query = select(TEXT.c.digest, TEXT.c.body).where(
                    TEXT.c.digest.in_(some)
                )
                found.update(_said(connection.execute(query)))
        return found


def _said(rows: Iterable[Row[Any]]) -> Iterable[tuple[Digest, Said]]:
    for row in rows:
        body = bytes(row.body)
        # A key can be written with escapes, too.
        says = b"review_by" in body or b"\\" in body
        said = said_of(accepted(body)) if says else NOTHING_SAID
        yield Digest(row.digest), said
