"""Replaying: taking events that the ledger has into the projection.

Catching up after a crash and rebuilding everything are the same act, one event
or a hundred thousand of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from registry import events
from registry.db.projection import Rows, add_event, add_text, write_head, write_rows
from registry.db.texts import ParsedDocuments, StoredDocuments
from registry.errors import LedgerBroken
from registry.fold import apply
from registry.ledger import Commit, Ledger
from registry.names import Digest, digest_of
from registry.state import State

BATCH = 500
"""Events that are written to the tables at once."""

Progress = Callable[[int], None]
"""Is told the number of each event that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as the ledger has it, with the texts that are new with it."""

    commit: Commit
    event: events.Event
    body: bytes
    texts: dict[Digest, bytes]


def recorded(ledger: Ledger, *, after: Commit | None) -> Iterator[Recorded]:
    """The ledger's events after *after*, with their texts.

    A text is read once, however many paths it was written to.

    Raises:
        LedgerBroken: A text has not the digest that its event says.
    """
    known: set[Digest] = set()
    for commit, body in ledger.history(after=after):
        event = events.parse(body)
        paths = {
            edit.path: edit.digest
            for edit in event.edits
            if edit.digest is not None and edit.digest not in known
        }
        texts = {}
        for path, data in ledger.read(commit, paths) if paths else ():
            if digest_of(data) != paths[path]:
                raise LedgerBroken(
                    f"event {event.number}: {path} has not the digest that the "
                    "event says"
                )
            texts[digest_of(data)] = data
        known.update(texts)
        yield Recorded(commit=commit, event=event, body=body, texts=texts)


def replay(
    connection: Connection,
    entries: Iterator[Recorded],
    state: State,
    parsed: ParsedDocuments,
    progress: Progress,
) -> State:
    """Project *entries*, and give the state after them.

    Raises:
        LedgerBroken: The chain does not hold, or a projection differs from
            what its event says.
    """
    rows, unwritten = Rows(), dict[Digest, bytes]()
    documents = StoredDocuments(connection, parsed, unwritten)
    last: Recorded | None = None
    for entry in entries:
        after = apply(state, entry.event, digest_of(entry.body))
        add_text(rows, entry.texts)
        unwritten.update(entry.texts)
        add_event(
            rows,
            entry.event,
            entry.body,
            before=state,
            after=after,
            documents=documents,
        )
        state, last = after, entry
        if entry.event.number % BATCH == 0:
            write_rows(connection, rows)
            rows = Rows()
            unwritten.clear()
            progress(entry.event.number)
    write_rows(connection, rows)
    if last is not None:
        write_head(
            connection,
            number=last.event.number,
            digest=state.head.digest,
            position=last.commit,
        )
        progress(last.event.number)
    return state
