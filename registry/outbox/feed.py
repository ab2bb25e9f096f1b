"""The feed: events, one after the other, with the state before and after each.

The states are folded beside the writer's, because notices are made after an event
was answered, when the writer may be further already.  At the start the writer's
state is taken if it is at the right event; only after a crash, or after another
process was at work, everything is folded once more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from registry import events
from registry.db.engine import reading
from registry.db.history import read_bodies
from registry.db.projection import read_head
from registry.errors import LedgerBroken
from registry.events import Event
from registry.fold import EMPTY, apply
from registry.names import digest_of
from registry.state import State

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An event, and what it leads from and to."""

    before: State
    after: State
    event: Event


class Feed:
    """Args:
    engine: Where the projection is.
    latest: The state of the registry at this moment.
    """

    def __init__(self, engine: Engine, latest: Callable[[], State]) -> None:
        self._engine = engine
        self._latest = latest
        self._state = EMPTY

    def read(self, after: int) -> list[Step]:
        """What came after event number *after*, oldest first, a batch at most."""
        self._come_to(after)
        return self._next(BATCH)

    def read_number(self) -> int:
        """Of the last event that there is, whoever wrote it."""
        with reading(self._engine) as connection:
            return read_head(connection)[0]

    def keep(self, step: Step) -> None:
        """Go on from there the next time."""
        self._state = step.after

    def _come_to(self, number: int) -> None:
        if self._state.head.number == number:
            return
        latest = self._latest()
        if latest.head.number == number:
            self._state = latest
            return
        if self._state.head.number > number:
            self._state = EMPTY
        while self._state.head.number < number:
            steps = self._next(min(BATCH, number - self._state.head.number))
            if not steps:
                return
            self.keep(steps[-1])

    def _next(self, limit: int) -> list[Step]:
        with reading(self._engine) as connection:
            bodies = read_bodies(connection, after=self._state.head.number, limit=limit)
        try:
            return _folded(self._state, bodies)
        except LedgerBroken:
            # The history may be another one since a backup came back.
            self._state = EMPTY
            raise


def _folded(state: State, bodies: Iterable[bytes]) -> list[Step]:
    steps = []
    for body in bodies:
        event = events.parse(body)
        after = apply(state, event, digest_of(body))
        steps.append(Step(before=state, after=after, event=event))
        state = after
    return steps
