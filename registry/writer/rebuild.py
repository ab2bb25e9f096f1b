"""Rebuilding: the tables from the ledger, and the ledger from the tables.

Either can be lost.  Rows come out the same, and so do the ids of commits: both
follow from the events and the texts alone.  The branches `env/*` follow from both.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from registry import events
from registry.db.engine import reading, writing
from registry.db.projection import EVENT, clear, read_head
from registry.db.texts import ParsedDocuments, read_text
from registry.errors import Conflict, LedgerBroken
from registry.fold import EMPTY
from registry.ledger import Commit, Entry, Ledger
from registry.names import Digest
from registry.state import State
from registry.writer.afterwards import missing, steps_of
from registry.writer.fence import Fence
from registry.writer.replay import Progress, recorded, replay


def rebuild_tables(
    ledger: Ledger, engine: Engine, fence: Fence, progress: Progress
) -> State:
    """Make the projection again from the ledger, in one transaction.

    Raises:
        LedgerBroken: The ledger itself does not hold together; the tables stay
            as they were.
    """
    with fence.held(), writing(engine) as connection:
        clear(connection)
        return replay(
            connection,
            recorded(ledger, after=None),
            EMPTY,
            ParsedDocuments(),
            progress,
        )


def rebuild_ledger(
    engine: Engine, path: Path, fence: Fence, progress: Progress
) -> Commit | None:
    """Write the ledger again from the tables, to the new folder *path*.

    Raises:
        Conflict: The result is not what the tables say the ledger was.
        LedgerBroken: A text is missing from the tables, or damaged.
    """
    with (
        fence.held(),
        reading(engine) as connection,
        Ledger.create(path) as ledger,
    ):
        _, position = read_head(connection)
        commits = ledger.write_all(stored_entries(connection, progress))
        head = commits[-1] if commits else None
        if head != position:
            raise Conflict(
                "the ledger written from the tables ends at another commit than "
                "the one that they were made from",
                hint="Run `placet verify` to find what differs.",
            )
        return head


def rebuild_branches(
    ledger: Ledger, engine: Engine, fence: Fence, state: State
) -> None:
    """Make the branches `env/*` again, whatever somebody has made of them."""
    for name, environment in sorted(state.environments.items()):
        numbers = missing(environment, 0)
        steps = steps_of(ledger, engine, numbers) if numbers else []
        with fence.held():
            ledger.rederive(name, steps)


def stored_entries(connection: Connection, progress: Progress) -> Iterator[Entry]:
    """What the tables say that each commit of the ledger wrote, oldest first."""
    with connection.execute(
        select(EVENT.c.number, EVENT.c.body).order_by(EVENT.c.number),
        execution_options={"yield_per": 1000},
    ) as rows:
        for row in rows:
            body = bytes(row.body)
            event = events.parse(body)
            if event.number != row.number:
                raise LedgerBroken(f"row {row.number} holds event {event.number}")
            yield entry_of(event, body, lambda digest: read_text(connection, digest))
            progress(event.number)


def entry_of(
    event: events.Event, body: bytes, text: Callable[[Digest], bytes]
) -> Entry:
    """The commit of *event*, whose canonical bytes are *body*.

    Args:
        text: Gives the bytes of a digest.
    """
    files: dict[str, bytes | None] = {
        edit.path: None if edit.digest is None else text(edit.digest)
        for edit in event.edits
    }
    return Entry(
        files={**files, events.path_of(event.number): body},
        message=event.message,
        author=event.actor.handle,
        at=event.at,
    )
