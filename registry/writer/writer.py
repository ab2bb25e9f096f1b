"""One way to write.

For every command, whoever sends it and however it arrives:

 fence  One writer at a time.
 (0)    Reconcile: fold in what the ledger has and the projection has not.  If
        the ledger was rewritten, or is behind the projection, writing halts.
 (1)    Decide, on the state as it is inside the fence.
 (2)    Project the event into the tables, not committed yet: a fault here stops
        the act and not the ledger.
 (3)    Commit to the ledger, durably: from here on it has happened.  Then
        commit the tables.
 (4)    Answer.
 (5)    Afterwards, and not here: the derived branches, repacking.

A crash leaves nothing, or one event that reconciling folds in.  A client that
got no answer sends its idempotency key again and gets the same event.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from rpds import HashTrieMap
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from registry import events
from registry.commands import Command, Create, fingerprint
from registry.db.engine import is_sqlite, reading, writing
from registry.db.projection import (
    EVENT,
    Rows,
    add_event,
    add_text,
    read_head,
    write_head,
    write_rows,
)
from registry.db.texts import ParsedDocuments, StoredDocuments
from registry.decide import decide
from registry.decisions import Decision, Situation, seal
from registry.errors import (
    KeyReused,
    LedgerBroken,
    Unavailable,
    WritesHalted,
)
from registry.events import Event
from registry.fold import EMPTY, apply
from registry.ledger import Commit, Entry, Ledger
from registry.names import Digest, digest_of
from registry.people import Actor, Identity, recognise
from registry.state import State
from registry.writer.clock import Clock, Monotonic
from registry.writer.fence import Fence
from registry.writer.replay import recorded, replay

ADVISORY_LOCK = 0x506C61636574
"""PostgreSQL's lock that stands for the fence between machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of a command.

    Attributes:
        state: The state right after the event; later ones may exist already.
        repeated: The event was there before, under the same idempotency key.
    """

    event: Event
    state: State
    repeated: bool


class Writer:
    """Args:
    clock: Tells the time; it may stand still or go back, events do not.
    written: Is called after each write, outside the fence.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        engine: Engine,
        fence: Fence,
        clock: Clock,
        written: Callable[[], None] = lambda: None,
    ) -> None:
        self._ledger = ledger
        self._engine = engine
        self._fence = fence
        self._clock = Monotonic(clock)
        self._written = written
        self._parsed = ParsedDocuments()
        self._state = EMPTY
        self._in_flight: datetime | None = None
        self._halted: str | None = None

    @property
    def state(self) -> State:
        """The last state that is durable; an immutable value."""
        return self._state

    @property
    def halted(self) -> str | None:
        """Why nothing can be written, `None` while it can."""
        return self._halted

    def now(self) -> datetime:
        return self._clock()

    def settled(self) -> datetime:
        """The time before which nothing more will happen.

        The clock is read before looking for a write in flight, and a write
        announces itself before it reads the clock, so none slips in between.
        """
        now = self._clock()
        in_flight = self._in_flight
        return now if in_flight is None else min(now, in_flight)

    def write(
        self, command: Command, *, by: Identity, key: str | None = None
    ) -> Written:
        """Carry *command* out, durably when this returns.

        Raises:
            RegistryError: It was refused and nothing happened; of the family
                `Unavailable`, that something may have happened: send the
                command again with the same key.
        """
        with self._fence.held():
            try:
                written = self._write(command, by, key)
            except SQLAlchemyError as error:
                written = self._after_failure(command, by, key, error)
            finally:
                self._in_flight = None
        self._written()
        return written

    def reconcile(self) -> State:
        """Fold in whatever the ledger or another process has written.

        Raises:
            WritesHalted: The ledger was rewritten, or is behind the projection.
        """
        with self._fence.held(), self._transaction() as connection:
            self._state, _ = self._catch_up(connection)
        return self._state

    def behind(self) -> bool:
        """Whether there is something to reconcile; cheap, and without the fence."""
        with reading(self._engine) as connection:
            number, position = read_head(connection)
        return (number, position) != (self._state.head.number, self._ledger.head())

    @contextmanager
    def situation(self, by: Identity) -> Iterator[Situation]:
        """What a decision would be made on now, for asking without deciding."""
        with reading(self._engine) as connection:
            state = self._state
            yield Situation(
                state=state,
                actor=recognise(by, state.people),
                now=self._clock(),
                documents=StoredDocuments(connection, self._parsed, {}),
            )

    def _write(self, command: Command, by: Identity, key: str | None) -> Written:
        self._in_flight = self._clock()
        with self._transaction() as connection:
            state, position = self._catch_up(connection)  # (0)
            self._state = state
            actor = _actor(command, by, state)
            repeated = self._repeated(connection, command, actor, key)
            if repeated is not None:
                return repeated
            texts: dict[Digest, bytes] = {}
            documents = StoredDocuments(connection, self._parsed, texts)
            situation = Situation(
                state=state, actor=actor, now=self._clock(), documents=documents
            )
            decision = decide(situation, command)  # (1)
            event = seal(
                decision,
                head=state.head,
                actor=actor,
                key=key,
                command=fingerprint(command),
                now=situation.now,
            )
            body = events.dump(event)
            after = apply(state, event, digest_of(body))
            texts.update(_texts(decision))
            rows = Rows()
            add_text(rows, texts)
            add_event(rows, event, body, before=state, after=after, documents=documents)
            write_rows(connection, rows)  # (2)
            commit = self._append(event, body, decision, position)  # (3)
            write_head(
                connection,
                number=event.number,
                digest=after.head.digest,
                position=commit,
            )
        self._state = after
        return Written(event=event, state=after, repeated=False)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """The only writing transaction on any machine while the block lasts."""
        with writing(self._engine) as connection:
            if not is_sqlite(self._engine):
                connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))
            yield connection

    def _catch_up(self, connection: Connection) -> tuple[State, Commit | None]:
        """The state of the last event anywhere, and where the ledger stands."""
        state = self._folded(connection)
        position = _position(connection)
        try:
            if self._ledger.head() != position:
                self._ledger.recover()
                state = replay(
                    connection,
                    recorded(self._ledger, after=position),
                    state,
                    self._parsed,
                    lambda _: None,
                )
                position = _position(connection)
        except LedgerBroken as error:
            self._halted = str(error)
            raise WritesHalted(f"nothing can be written: {error}") from error
        self._halted = None
        return state, position

    def _folded(self, connection: Connection) -> State:
        """The state of the last event in the tables.

        Another process may have written some, or have rebuilt the tables.
        """
        number, _ = read_head(connection)
        state = self._state if self._state.head.number <= number else EMPTY
        rows = connection.execute(
            select(EVENT.c.body)
            .where(EVENT.c.number > state.head.number)
            .order_by(EVENT.c.number)
        ).scalars()
        for row in rows:
            body = bytes(row)
            state = apply(state, events.parse(body), digest_of(body))
        return state

    def _repeated(
        self,
        connection: Connection,
        command: Command,
        actor: Actor,
        key: str | None,
    ) -> Written | None:
        answered = self._state.answered.get((actor.handle, key)) if key else None
        if answered is None:
            return None
        if answered.command != fingerprint(command):
            raise KeyReused(f"the idempotency key {key!r} was used for something else")
        body = connection.execute(
            select(EVENT.c.body).where(EVENT.c.number == answered.number)
        ).scalar_one()
        event = events.parse(bytes(body))
        return Written(event=event, state=self._state, repeated=True)

    def _append(
        self,
        event: Event,
        body: bytes,
        decision: Decision,
        position: Commit | None,
    ) -> Commit:
        entry = Entry(
            files={**decision.files, events.path_of(event.number): body},
            message=event.message,
            author=event.actor.handle,
            at=event.at,
        )
        return self._ledger.append(entry, expected=position)

    def _after_failure(
        self,
        command: Command,
        by: Identity,
        key: str | None,
        error: SQLAlchemyError,
    ) -> Written:
        """Find out whether the event reached the ledger before the tables failed.

        If it did it has happened, and whoever asked is told so.
        """
        number = self._state.head.number
        try:
            with self._transaction() as connection:
                state, _ = self._catch_up(connection)
                self._state = state
                for row in connection.execute(
                    select(EVENT.c.body).where(EVENT.c.number > number)
                ).scalars():
                    event = events.parse(bytes(row))
                    if (event.actor.handle, event.key, event.command) == (
                        by.handle,
                        key,
                        fingerprint(command),
                    ):
                        return Written(event=event, state=state, repeated=False)
        except SQLAlchemyError:
            raise _unwritable(error) from error
        raise _unwritable(error) from error


def _actor(command: Command, by: Identity, state: State) -> Actor:
    """Whoever begins a registry is one of its first people."""
    people = state.people
    if isinstance(command, Create):
        people = HashTrieMap({person.handle: person for person in command.people})
    return recognise(by, people)


def _texts(decision: Decision) -> dict[Digest, bytes]:
    return {
        digest_of(data): data for data in decision.files.values() if data is not None
    }


def _position(connection: Connection) -> Commit | None:
    _, position = read_head(connection)
    return None if position is None else Commit(position)


def _unwritable(error: SQLAlchemyError) -> Unavailable:
    return Unavailable(
        f"the database did not take it: {getattr(error, 'orig', error)}",
        hint="Free space or mend the database, then repeat with the same key.",
    )
