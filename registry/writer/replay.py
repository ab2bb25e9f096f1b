"""Replaying: taking events that the ledger has into the projection.

Catching up after a crash and rebuilding everything are the same act, one event
or a hundred thousand of them.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, select

from registry import events
from registry.db.projection import EVENT, Rows, read_head, write_head, write_rows
from registry.db.texts import ParsedDocuments, StoredDocuments, read_text
from registry.errors import LedgerBroken, RegistryError
from registry.fold import EMPTY, apply
from registry.ledger import Commit, Files, Ledger, Place
from registry.names import Digest, digest_of
from registry.state import State
from registry.writer.recording import project

BATCH = 500
"""Events that are written to the tables at once."""

AHEAD = 50
"""Events whose texts are asked for at once: git finds them while we go on."""

Progress = Callable[[int], None]
"""Is told the number of each event that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as the ledger has it, with the texts that are new with it."""

    commit: Commit
    event: events.Event
    body: bytes
    texts: dict[Digest, bytes]


def folded(connection: Connection, state: State) -> State:
    """The state of the last event in the tables.

    Args:
        state: An earlier one to go on from.  If the tables do not contain it
            (somebody has made them again from another ledger), they are folded
            from the first event.
    """
    with connection.execute(
        select(EVENT.c.body)
        .where(EVENT.c.number >= state.head.number)
        .order_by(EVENT.c.number),
        execution_options={"yield_per": 1000},
    ) as rows:
        bodies = (bytes(body) for body in rows.scalars())
        if state.head.number and digest_of(next(bodies, b"")) != state.head.digest:
            return folded(connection, EMPTY)
        for body in bodies:
            state = apply(state, events.parse(body), digest_of(body))
    return state


def catch_up(
    connection: Connection, ledger: Ledger, state: State, parsed: ParsedDocuments
) -> tuple[State, Commit | None]:
    """Take in what the ledger has and the tables have not.

    Args:
        state: That of the last event in the tables.

    Returns:
        The state of the ledger's last event, and where the ledger stands.

    Raises:
        LedgerBroken: It was rewritten, is behind the tables, or does not hold
            together.
    """
    position = _position(connection)
    if ledger.head() == position:
        return state, position
    ledger.recover()
    entries = recorded(ledger, after=position, first=state.head.number + 1)
    state = replay(connection, entries, state, parsed, lambda _: None)
    return state, _position(connection)


def recorded(
    ledger: Ledger, *, after: Commit | None, first: int = 1
) -> Generator[Recorded, None, None]:
    """The ledger's events after *after*, with their texts.

    A text is read once, however many paths it was written to.

    Args:
        first: The number of the first of them.

    Raises:
        LedgerBroken: One is not an event of this format, or a text has not the
            digest that its event says.
    """
    known: set[Digest] = set()
    history = enumerate(ledger.history(after=after), start=first)
    with ledger.files() as files:
        while ahead := list(islice(history, AHEAD)):
            yield from _read_ahead(files, ahead, known)


class Replay:
    """Takes events into the tables, one after the other; many are written at once.

    Args:
        state: The state before the first of them.
        progress: Is told after each batch, and at the end.
    """

    def __init__(
        self,
        connection: Connection,
        state: State,
        parsed: ParsedDocuments,
        progress: Progress,
    ) -> None:
        self.state = state
        self._connection = connection
        self._progress = progress
        self._rows = Rows()
        self._unwritten: dict[Digest, bytes] = {}
        self._documents = StoredDocuments(connection, parsed, self._unwritten)
        self._last: Recorded | None = None

    def take(self, entry: Recorded) -> None:
        """Raises:
        LedgerBroken: The chain does not hold, or a projection differs from
            what its event says.
        """
        self._unwritten.update(entry.texts)
        try:
            self.state = project(
                self._rows,
                entry.event,
                entry.body,
                texts=entry.texts,
                state=self.state,
                documents=self._documents,
            )
        except RegistryError as error:
            raise _broken(entry.event.number, str(error)) from error
        except KeyError as error:
            why = f"there is no {error} that it could be about"
            raise _broken(entry.event.number, why) from error
        self._last = entry
        if entry.event.number % BATCH == 0:
            self._write()

    def finish(self) -> State:
        """Write what is left; the state after the last event."""
        self._write()
        if self._last is not None:
            write_head(
                self._connection,
                number=self._last.event.number,
                digest=self.state.head.digest,
                position=self._last.commit,
            )
        return self.state

    def text(self, digest: Digest) -> bytes:
        """A text of an event that was taken."""
        text = self._unwritten.get(digest)
        return read_text(self._connection, digest) if text is None else text

    def _write(self) -> None:
        write_rows(self._connection, self._rows)
        self._rows = Rows()
        self._unwritten.clear()
        if self._last is not None:
            self._progress(self._last.event.number)


def replay(
    connection: Connection,
    entries: Iterable[Recorded],
    state: State,
    parsed: ParsedDocuments,
    progress: Progress,
) -> State:
    """Project *entries*, and give the state after them.

    Raises:
        LedgerBroken: The chain does not hold, or a projection differs from
            what its event says.
    """
    replaying = Replay(connection, state, parsed, progress)
    for entry in entries:
        replaying.take(entry)
    return replaying.finish()


def _read_ahead(
    files: Files, ahead: Sequence[tuple[int, tuple[Commit, bytes]]], known: set[Digest]
) -> Iterator[Recorded]:
    """Asks for the texts of all of *ahead* at once; what is wrong is told in its turn.

    Args:
        known: The texts that were read before; those that are new join them.
    """
    parsed: list[tuple[int, Commit, events.Event, bytes, dict[Place, Digest]]] = []
    wrong: LedgerBroken | None = None
    for number, (commit, body) in ahead:
        try:
            event = events.parse(body)
            new = _new_texts(commit, event, known)
        except RegistryError as error:
            wrong = _broken(number, str(error))
            break
        known.update(new.values())
        parsed.append((number, commit, event, body, new))
    found = files.at(place for *_, new in parsed for place in new)
    for number, commit, event, body, new in parsed:
        try:
            texts = _texts(new, found)
        except RegistryError as error:
            raise _broken(number, str(error)) from error
        yield Recorded(commit=commit, event=event, body=body, texts=texts)
    if wrong is not None:
        raise wrong


def _new_texts(
    commit: Commit, event: events.Event, known: set[Digest]
) -> dict[Place, Digest]:
    return {
        Place(commit, edit.path): edit.digest
        for edit in event.edits
        if edit.digest is not None and edit.digest not in known
    }


def _texts(new: Mapping[Place, Digest], found: Iterator[bytes]) -> dict[Digest, bytes]:
    texts = {}
    for (place, digest), text in zip(new.items(), found, strict=False):
        if digest_of(text) != digest:
            raise LedgerBroken(f"{place.path} has not the digest that the event says")
        texts[digest] = text
    return texts


def _broken(number: int, why: str) -> LedgerBroken:
    return LedgerBroken(f"event {number} does not hold: {why}")


def _position(connection: Connection) -> Commit | None:
    _, position = read_head(connection)
    return None if position is None else Commit(position)
