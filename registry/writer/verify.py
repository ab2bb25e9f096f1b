"""Verifying: everything is done again and compared.

 1. Every event of the ledger follows the one before it, and every text has the
    digest that its event says.
 2. Every event is folded and projected into an empty database: what is composed
    has the digests that the events say.
 3. Every commit is written again, from the events and texts alone, and has the
    id that it has: so every tree, message, author and time is as it was.
 4. The tables that are in use are those of step 2, row for row.
 5. The branches `env/*` are what the ledger makes of them.

The first thing that is wrong is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, Row, Table, select

from registry.db.engine import open_engine, reading, sqlite_url, writing
from registry.db.projection import HEAD, TABLES
from registry.db.schema import PROJECTION, migrate
from registry.db.texts import ParsedDocuments
from registry.errors import LedgerBroken
from registry.fold import EMPTY
from registry.ledger import Ledger
from registry.state import State
from registry.writer.afterwards import missing, steps_of
from registry.writer.rebuild import stored_entries
from registry.writer.replay import Progress, Recorded, recorded, replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found to be as it should.

    Attributes:
        head: SHA-256 of the last event; it stands for everything before it.
    """

    events: int
    rows: int
    environments: dict[str, int]
    head: str


def verify(
    ledger: Ledger, engine: Engine, progress: Progress, *, folder: Path | None = None
) -> Verified:
    """Do everything again, beside what is there, and compare.

    Args:
        folder: Where the copies are made; the system's own place without.

    Raises:
        LedgerBroken: It names the first thing that is wrong.
    """
    with TemporaryDirectory(prefix="placet-verify-", dir=folder) as scratch:
        copy = open_engine(sqlite_url(Path(scratch) / "registry.db"))
        try:
            migrate(copy, PROJECTION)
            commits: list[str] = []
            with writing(copy) as connection:
                state = replay(  # (1) (2)
                    connection,
                    _noting(ledger, commits),
                    EMPTY,
                    ParsedDocuments(),
                    progress,
                )
            with (
                reading(copy) as expected,
                Ledger.create(Path(scratch) / "ledger.git", scratch=True) as again,
            ):
                _compare_commits(expected, again, commits)  # (3)
                with reading(engine) as actual:
                    rows = _compare_tables(expected, actual)  # (4)
                _compare_derived(ledger, again, copy, state)  # (5)
        finally:
            copy.dispose()
    return Verified(
        events=state.head.number,
        rows=rows,
        environments={
            name: environment.seq for name, environment in state.environments.items()
        },
        head=state.head.digest,
    )


def _noting(ledger: Ledger, commits: list[str]) -> Iterator[Recorded]:
    for entry in recorded(ledger, after=None):
        commits.append(entry.commit)
        yield entry


def _compare_commits(connection: Connection, again: Ledger, commits: list[str]) -> None:
    written = again.write_all(stored_entries(connection, lambda _: None))
    for number, (expected, found) in enumerate(zip_longest(written, commits), start=1):
        if expected != found:
            raise LedgerBroken(
                f"the commit of event {number} does not hold what the event says: "
                "a file, the message, the author or the time differs"
            )


def _compare_tables(expected: Connection, actual: Connection) -> int:
    """How many rows there are, all of them alike."""
    return sum(_compare_table(expected, actual, table) for table in (HEAD, *TABLES))


def _compare_table(expected: Connection, actual: Connection, table: Table) -> int:
    query = select(table).order_by(*table.primary_key.columns)
    streams = [
        connection.execution_options(yield_per=1000).execute(query)
        for connection in (expected, actual)
    ]
    number = 0
    for number, (wanted, found) in enumerate(zip_longest(*streams), start=1):
        if wanted is None or found is None or tuple(wanted) != tuple(found):
            raise LedgerBroken(
                f"the table {table.name} differs from what the ledger makes of it, "
                f"at {_place(table, wanted or found)}",
                hint="Run `placet rebuild` to make the tables again.",
            )
    return number


def _place(table: Table, row: Row[tuple[object, ...]] | None) -> str:
    if row is None:
        return "its end"
    values = [row._mapping[column.name] for column in table.primary_key.columns]
    return ", ".join(map(str, values))


def _compare_derived(ledger: Ledger, again: Ledger, copy: Engine, state: State) -> None:
    for name, environment in sorted(state.environments.items()):
        found = ledger.derived_ids(name)
        numbers = missing(environment, 0)[: len(found)]
        if numbers:
            again.derive(name, steps_of(again, copy, numbers))
        for wanted, held in zip_longest(again.derived_ids(name), found):
            if wanted != held:
                number = (held or wanted or (0,))[0]
                raise LedgerBroken(
                    f"the branch env/{name} differs from the ledger at event {number}",
                    hint="Run `placet rebuild --branches` to make it again.",
                )
