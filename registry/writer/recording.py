"""Recording an event: in the tables and in the ledger.

Writing, catching up and rebuilding all project an event in the same way.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from registry import events
from registry.db.projection import Rows, add_event, add_text, write_head, write_rows
from registry.effects import Documents
from registry.events import Event
from registry.fold import apply
from registry.ledger import Commit, Entry, Ledger
from registry.names import Digest, digest_of
from registry.state import State


def project(
    rows: Rows,
    event: Event,
    body: bytes,
    *,
    texts: Mapping[Digest, bytes],
    state: State,
    documents: Documents,
) -> State:
    """Put what *event* adds to the tables into *rows*; the state after it.

    Args:
        body: The event's canonical bytes.
        texts: Those that are new with it.
        state: The one before it.

    Raises:
        LedgerBroken: The event does not follow, or what is composed differs
            from what it says.
    """
    after = apply(state, event, digest_of(body))
    add_text(rows, texts)
    add_event(rows, event, body, before=state, after=after, documents=documents)
    return after


def record(
    connection: Connection,
    ledger: Ledger,
    event: Event,
    files: Mapping[str, bytes | None],
    *,
    position: Commit | None,
    state: State,
    documents: Documents,
) -> State:
    """Carry *event* out; the state after it.

    It has happened, durably, as soon as the ledger has it; the transaction of
    *connection* is still open when this returns.

    Args:
        position: Where the ledger stands.

    Raises:
        HeadMoved: It does not stand there.
        LedgerUnwritable: It cannot be written; the event may be in it.
    """
    body = events.dump(event)
    rows = Rows()
    after = project(
        rows, event, body, texts=texts_of(files), state=state, documents=documents
    )
    write_rows(connection, rows)
    entry = Entry(
        files={**files, events.path_of(event.number): body},
        message=event.message,
        author=event.actor.handle,
        at=event.at,
    )
    commit = ledger.append(entry, expected=position)
    write_head(
        connection, number=event.number, digest=after.head.digest, position=commit
    )
    return after


def texts_of(files: Mapping[str, bytes | None]) -> dict[Digest, bytes]:
    return {digest_of(data): data for data in files.values() if data is not None}
