"""Moving the tables of a registry from SQLite to PostgreSQL.

 1. The database is empty, and nobody has this folder's tables open: SQLite tells,
    since it takes the only connection to leave its write-ahead log.  A mark in the
    folder keeps servers from being started on these tables meanwhile.
 2. Operational rows and what was fetched are copied; the projection is made from the
    ledger.
 3. All of it is compared, row by row, with what there was.
 4. The files are called otherwise, and the mark stays: without a database's URL
    nobody opens tables in this folder any more.

The ledger is not touched and nothing is lost, so the epoch stays.  What fails leaves
the database empty and the folder as it was.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, Table
from sqlalchemy.exc import SQLAlchemyError

from registry.db.engine import disposing, open_engine, reading, writing
from registry.db.rows import (
    COUNTED,
    OPERATIONAL,
    add_rows,
    read_rows,
    refuse_rows,
    take_rows_away,
)
from registry.db.schema import FETCHES, OPERATIONS, PROJECTION, migrate
from registry.errors import Conflict, Invalid, Unavailable
from registry.writer.comparing import compare_rows, compare_tables, read_heads
from registry.writer.home import (
    FETCHES_FILE,
    MOVED,
    OPERATIONS_FILE,
    PROJECTION_FILE,
    Home,
    opened,
)
from registry.writer.rebuild import rebuild_tables

_FILES = {
    PROJECTION_FILE: PROJECTION,
    OPERATIONS_FILE: OPERATIONS,
    FETCHES_FILE: FETCHES,
}
_COPIED: dict[str, Sequence[Table]] = {
    OPERATIONS_FILE: OPERATIONAL,
    FETCHES_FILE: COUNTED,
}
_AGAIN = "Nothing was moved. Run `placet verify`, and then try again."
_WAIT_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedTables:
    """Attributes:
    events: How many the ledger has.
    rows: How many were compared.
    kept: The files that were in use before.
    """

    events: int
    rows: int
    kept: tuple[Path, ...]


def move(home: Home, url: str, progress: Callable[[int], None]) -> MovedTables:
    """Move the tables in the folder of *home* to the PostgreSQL database at *url*.

    Args:
        progress: Is told the number of each event that is in the new tables.

    Raises:
        Conflict: The database is not empty, or a server is at work in the folder.
        LedgerBroken: What was copied is not what there was.
        Unavailable: The database cannot be used.
    """
    home.refuse_moved()
    there = Home(path=home.path, database=url)
    try:
        with disposing(open_engine(url)) as target:
            if target.dialect.name != "postgresql":
                raise Invalid(
                    "tables are moved to PostgreSQL",
                    hint="Give a URL as postgresql+psycopg://USER@HOST/DATABASE.",
                )
            refuse_rows(target)
            with opened(home) as registry:
                registry.writer.reconcile()
            with _marked(home), _emptied_if_it_fails(target):
                _refuse_used(home)
                moved = _move(home, there, target, progress)
    except SQLAlchemyError as error:
        raise Unavailable(
            f"the database cannot be used: {getattr(error, 'orig', None) or error}",
            hint="See that it is there, and that its user may make tables in it.",
        ) from error
    return moved


@contextmanager
def _marked(home: Home) -> Iterator[None]:
    home.mark_moved()
    try:
        yield
    except BaseException:
        (home.path / MOVED).unlink()
        raise


@contextmanager
def _emptied_if_it_fails(target: Engine) -> Iterator[None]:
    try:
        yield
    except BaseException:
        take_rows_away(target)
        raise


def _refuse_used(home: Home) -> None:
    """Raises:
    Conflict: Somebody has a file of the tables open.
    """
    for file in _FILES:
        path = home.path / file
        if not path.exists():
            continue
        with closing(
            sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
        ) as connection:
            try:
                (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            except sqlite3.OperationalError:
                mode = "wal"
        if mode != "delete":
            raise Conflict(
                f"{path} is in use",
                hint="End the server of this registry, and then move its tables.",
            )


def _move(
    home: Home, there: Home, target: Engine, progress: Callable[[int], None]
) -> MovedTables:
    for tables in _FILES.values():
        migrate(target, tables)
    rows = 0
    with ExitStack() as stack:
        for file, tables_of in _COPIED.items():
            source = stack.enter_context(disposing(open_engine(home.url_of(file))))
            migrate(source, _FILES[file])
            rows += _copy(source, target, tables_of)
        source = stack.enter_context(
            disposing(open_engine(home.url_of(PROJECTION_FILE)))
        )
        with there.open_ledger() as ledger:
            state = rebuild_tables(ledger, target, there.fence(), progress)
        rows += _compare_projection(source, target)
    kept = tuple(_kept(home.path / file) for file in _FILES)
    return MovedTables(events=state.head.number, rows=rows, kept=kept)


def _copy(source: Engine, target: Engine, tables: Sequence[Table]) -> int:
    with reading(source) as old:
        with writing(target) as new:
            for table in tables:
                columns = [column.name for column in table.columns]
                add_rows(new, table.name, columns, read_rows(old, table))
        with reading(target) as new:
            what = "what it is copied from"
            return sum(
                compare_rows(old, new, table, what=what, hint=_AGAIN)
                for table in tables
            )


def _compare_projection(source: Engine, target: Engine) -> int:
    with reading(source) as old, reading(target) as new:
        rows = compare_tables(old, new, hint=_AGAIN)
        if len(set(read_heads(old, new))) != 1:
            raise Conflict("the tables do not stand where the ledger does", hint=_AGAIN)
        return rows


def _kept(path: Path) -> Path:
    """SQLite has folded its log into the file, since nobody else has it open."""
    kept = path.with_name(f"{path.name}.before-postgresql")
    path.rename(kept)
    return kept
