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
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from rpds import HashTrieMap
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.clock import Clock
from registry.commands import Command, Create
from registry.db import fencing
from registry.db.engine import is_sqlite, reading, writing
from registry.db.projection import read_head
from registry.db.texts import ParsedDocuments, StoredDocuments
from registry.decide import decide
from registry.decisions import Situation, seal
from registry.errors import (
    HeadMoved,
    LedgerBroken,
    LedgerUnwritable,
    RegistryError,
    WritesHalted,
)
from registry.events import Event, dump
from registry.fingerprints import fingerprint
from registry.fold import EMPTY
from registry.ledger import Commit, Ledger
from registry.names import Digest, digest_of
from registry.people import Actor, Identity, recognise
from registry.state import State
from registry.writer.answers import Written, repeated, unwritable
from registry.writer.clock import Monotonic, Settling
from registry.writer.fence import Fence
from registry.writer.recording import record, texts_of
from registry.writer.replay import catch_up, folded

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_UNCERTAIN = (SQLAlchemyError, LedgerUnwritable, HeadMoved)
"""After one of these the event may be in the ledger."""


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
        self._settling = Settling(self._clock)
        self._written = written
        self._parsed = ParsedDocuments()
        self._state = EMPTY
        self._attempt: Event | None = None
        self._uncertain = True  # until the ledger has been looked at
        self._settling.begin_at(_LONG_AGO)
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

        Another process of this machine may have read the clock for an event and
        not have written it yet; then only what can be seen is over.
        """
        before = self._settling.before()
        if self._settling.begun or self._fence.is_free():
            return before
        return min(before, self._state.head.at or _LONG_AGO)

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
            self._settling.begin()
            self._attempt = None
            try:
                written = self._write(command, by, key)
            except _UNCERTAIN as error:
                written = self._after_failure(error)
            finally:
                if not self._uncertain:
                    self._settling.end()
        self._written()
        return written

    def reconcile(self) -> State:
        """Fold in whatever the ledger or another process has written.

        Raises:
            WritesHalted: The ledger was rewritten, or is behind the projection.
        """
        with self._fence.held():
            state = self._reconcile()
            self._settling.end()
        return state

    def behind(self) -> bool:
        """Whether there is something to reconcile; cheap, and without the fence."""
        if self._halted is not None or self._uncertain:
            return True
        with reading(self._engine) as connection:
            number, position = read_head(connection)
        try:
            head = self._ledger.head()
        except LedgerBroken:
            return True
        return (number, position) != (self._state.head.number, head)

    def catch_up(self) -> None:
        """Have the state be that of now, if another process has moved it on.

        What cannot be done now is done later; until then the state is what it was.
        """
        with suppress(SQLAlchemyError, RegistryError):
            if self._halted is None and self.behind():
                self.reconcile()

    @contextmanager
    def situation(self, by: Identity) -> Iterator[Situation]:
        """What a decision would be made on now, for asking without deciding.

        Its time is looked up before its state, and is over: nothing that the
        state does not have can still come in before it.
        """
        now = self.settled()
        with reading(self._engine) as connection:
            state = self._state
            yield Situation(
                state=state,
                actor=recognise(by, state.people),
                now=now,
                documents=StoredDocuments(connection, self._parsed, {}),
                signed_in_at=by.signed_in_at,
            )

    def _write(self, command: Command, by: Identity, key: str | None) -> Written:
        with self._transaction() as connection:
            written = self._carry_out(connection, command, by, key)
        self._see(written.state)
        return written

    def _carry_out(
        self, connection: Connection, command: Command, by: Identity, key: str | None
    ) -> Written:
        state, position = self._catch_up(connection)  # (0)
        actor = _actor(command, by, state)
        earlier = repeated(connection, state, command, actor, key)
        if earlier is not None:
            return earlier
        texts: dict[Digest, bytes] = {}
        situation = Situation(
            state=state,
            actor=actor,
            now=self._clock(),
            documents=StoredDocuments(connection, self._parsed, texts),
            signed_in_at=by.signed_in_at,
        )
        decision = decide(situation, command)  # (1)
        texts.update(texts_of(decision.files))
        event = seal(
            decision,
            head=state.head,
            actor=actor,
            key=key,
            command=fingerprint(command),
            now=situation.now,
        )
        self._attempt, self._uncertain = event, True
        after = record(  # (2) (3)
            connection,
            self._ledger,
            event,
            decision.files,
            position=position,
            state=state,
            documents=situation.documents,
        )
        return Written(event=event, state=after, repeated=False)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """The only writing transaction on any machine while the block lasts."""
        with writing(self._engine) as connection:
            if not is_sqlite(self._engine):
                fencing.hold(connection)
            yield connection

    def _reconcile(self) -> State:
        with self._transaction() as connection:
            state, _ = self._catch_up(connection)
        self._see(state)
        return state

    def _catch_up(self, connection: Connection) -> tuple[State, Commit | None]:
        state = folded(connection, self._state)
        try:
            caught_up = catch_up(connection, self._ledger, state, self._parsed)
        except LedgerBroken as error:
            self._state = state
            self._halted = str(error)
            if self._uncertain and state.head.at is not None:
                self._settling.begin_at(state.head.at)
            raise WritesHalted(f"nothing can be written: {error}") from error
        self._halted = None
        return caught_up

    def _see(self, state: State) -> None:
        """*state* is that of the ledger and of the tables."""
        self._state = state
        self._uncertain = False

    def _after_failure(self, error: Exception) -> Written:
        """Find out whether the event reached the ledger before something failed.

        If it did it has happened, and whoever asked is told so.
        """
        event = self._attempt
        try:
            state = self._reconcile()
            if event is not None and state.head.digest == digest_of(dump(event)):
                return Written(event=event, state=state, repeated=False)
        except _UNCERTAIN:
            raise unwritable(error) from error
        raise unwritable(error) from error


def _actor(command: Command, by: Identity, state: State) -> Actor:
    """Whoever begins a registry is one of its first people."""
    people = state.people
    if isinstance(command, Create):
        people = HashTrieMap({person.handle: person for person in command.people})
    return recognise(by, people)
