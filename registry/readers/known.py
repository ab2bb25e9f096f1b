"""Who may come in at a reader: as the tables say, or as they said last.

* While the tables cannot be read, whoever could come in still can, until their token
  expires.  What was revoked meanwhile, a reader cannot know.
* While the tables are refused, because they are older than what was served, a token
  has to be in both: what a backup brings back was perhaps revoked since, and what is
  revoked now is refused now.
* Sessions are people's, and are not kept.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine

from registry.db.engine import reading
from registry.db.operations import Mark, Operations, Session, Token
from registry.db.people import StoredPeople
from registry.people import Person
from registry.readers.kept import Kept

_AWAY: Mark = ("away",)


class Known:
    """Args:
    engine: Where the projection is.
    kept: What is known before the tables have been read.
    away: Whether the tables cannot be read.
    refused: Whether they can, and are older than what was served.
    """

    def __init__(
        self,
        engine: Engine,
        operations: Operations,
        *,
        kept: Kept | None,
        away: Callable[[], bool],
        refused: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._operations = operations
        self._stored = StoredPeople()
        self._away = away
        self._refused = refused
        self.tokens: Mapping[str, Token] = {} if kept is None else kept.tokens
        self.people: Mapping[str, Person] = (
            {} if kept is None else {handle: _active(handle) for handle in kept.active}
        )

    @property
    def active(self) -> frozenset[str]:
        return frozenset(h for h, person in self.people.items() if person.active)

    def refresh(self) -> None:
        """Read again who is active.

        Raises:
            SQLAlchemyError: The tables cannot be read.
        """
        if self._away():
            return
        with reading(self._engine) as connection:
            people = self._stored.read(connection)
        if self._refused():
            active = self.active
            kept = {h: people[h] for h in people.keys() & active if people[h].active}
            people = self.people if kept.keys() == active else kept
        self.people = people

    def mark(self) -> Mark:
        """Changes with what `usable` gives."""
        if self._away():
            return _AWAY
        return (self._refused(), *self._operations.mark())

    def usable(
        self, now: datetime, idle: timedelta
    ) -> tuple[Iterable[Session], Mapping[str, Token], Mapping[str, datetime]]:
        """What somebody may come in with, as `Operations.usable` gives it."""
        if self._away():
            return (), self.tokens, {}
        sessions, tokens, resets = self._operations.usable(now, idle)
        if self._refused():
            sessions = ()
            tokens = {h: token for h, token in tokens.items() if h in self.tokens}
        self.tokens = tokens
        return sessions, tokens, resets


def _active(handle: str) -> Person:
    """All that is kept of somebody, and all that a reader asks of them."""
    return Person(handle=handle, roles=(), seats=(), active=True)
