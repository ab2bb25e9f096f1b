"""Home: the folder of one registry, and how it is opened.

ledger.git       the ledger
registry.db      the projection, on SQLite
operations.db    accounts, sessions, tokens, on SQLite
fetches.db       what chatbots have fetched, counted, on SQLite
tables-are-in-postgresql   where they are, if not here
heads.db         signed heads, on SQLite
writer.lock      what writing processes lock
lead.lock        what the process has locked that does what nobody asks for, on SQLite
ledger.key       what signs the ledger's checkpoints
ledger.pub       what others check them with
ledger.signed    the last one that was signed
heads.keys       what signs heads
heads.lock       what processes that sign heads lock
git/             copies to be cloned, and pushes under way
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.clock import Clock, now
from registry.db.engine import disposing, open_engine, sqlite_url
from registry.db.schema import FETCHES, HEADS, OPERATIONS, PROJECTION, migrate
from registry.errors import Conflict, NotFound, Unavailable, WritesHalted
from registry.ledger import Ledger
from registry.writer.afterwards import Afterwards
from registry.writer.checkpoints import Checkpoints
from registry.writer.database_lead import DatabaseLead
from registry.writer.exchange import Exchange
from registry.writer.fence import Fence
from registry.writer.head_keys import HeadKeys
from registry.writer.keys import Keys, write_whole
from registry.writer.last_signed import LastSigned
from registry.writer.lead import Lead
from registry.writer.timer import Timer
from registry.writer.writer import Writer

PROJECTION_FILE = "registry.db"
OPERATIONS_FILE = "operations.db"
FETCHES_FILE = "fetches.db"
MOVED = "tables-are-in-postgresql"
_MOVED_TEXT = """\
The tables of this registry are in PostgreSQL: give --database with each command, or
set PLACET_DATABASE.  Without this file tables would be made anew in this folder, with
no accounts in them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a registry is.

    Attributes:
        database: A PostgreSQL URL for all sets of tables; without one they
            are SQLite files in `path`.
    """

    path: Path
    database: str | None = None

    @property
    def ledger_path(self) -> Path:
        return self.path / "ledger.git"

    def fence(self) -> Fence:
        return Fence(self.path / "writer.lock")

    def lead(self) -> Lead | DatabaseLead:
        """Over the folder, or over a database that other machines have, too."""
        if self.database is not None:
            return DatabaseLead(self.database)
        return Lead(self.path / "lead.lock")

    def keys(self) -> Keys:
        return Keys(self.path, self.fence())

    def last_signed(self) -> LastSigned:
        return LastSigned(self.path, self.fence())

    def open_projection(self) -> Engine:
        return self._open(PROJECTION_FILE, PROJECTION)

    def open_operations(self) -> Engine:
        return self._open(OPERATIONS_FILE, OPERATIONS)

    def open_fetches(self) -> Engine:
        return self._open(FETCHES_FILE, FETCHES)

    def open_heads(self) -> Engine:
        return self._open("heads.db", HEADS)

    def heads_fence(self) -> Fence:
        return Fence(self.path / "heads.lock")

    def head_keys(self) -> HeadKeys:
        return HeadKeys(self.path, self.heads_fence())

    def open_ledger(self) -> Ledger:
        """Raises:
        NotFound: No registry was ever begun here.
        """
        if not self.ledger_path.is_dir():
            raise NotFound(
                f"there is no registry in {self.path}",
                hint="Begin one with `placet init`, or name its folder with --home.",
            )
        return Ledger.open(self.ledger_path)

    def check(self) -> None:
        """Bring the tables to this version's form, once for many processes.

        Raises:
            NotFound: No registry was ever begun here.
            Unavailable: The database cannot be opened.
        """
        self.open_ledger().close()
        for opened in (
            *(self.open_projection, self.open_operations),
            *(self.open_fetches, self.open_heads),
        ):
            opened().dispose()

    def create(self) -> Ledger:
        """Make the folder with an empty ledger in it.

        Raises:
            Conflict: There is a registry already.
        """
        if self.ledger_path.exists():
            raise Conflict(
                f"there is a registry in {self.path} already",
                hint="Choose another folder with --home, or use the one that is there.",
            )
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Ledger.create(self.ledger_path)

    def url_of(self, file: str) -> str | URL:
        """Where the tables are that would be in *file* on SQLite."""
        return self.database or sqlite_url(self.path / file)

    def mark_moved(self) -> None:
        """Have nobody look for the tables in this folder any more."""
        write_whole(self.path / MOVED, _MOVED_TEXT, mode=0o644)

    def refuse_moved(self) -> None:
        """Raises:
        Conflict: The tables are elsewhere, and nobody has said where.
        """
        if self.database is None and (self.path / MOVED).exists():
            raise Conflict(
                f"the tables of the registry in {self.path} are in PostgreSQL",
                hint="Give its URL with --database, or in PLACET_DATABASE.",
            )

    def _open(self, file: str, tables: str) -> Engine:
        self.refuse_moved()
        engine = open_engine(
            self.url_of(file),
            flush=tables == OPERATIONS,  # nothing could make them again
        )
        try:
            # Two processes may open a new registry at once.
            with self.fence().held():
                migrate(engine, tables)
        except SQLAlchemyError as error:
            engine.dispose()
            raise Unavailable(
                f"the database cannot be opened: {getattr(error, 'orig', error)}",
                hint="See that it is there, and that this account may write to it.",
            ) from error
        return engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An open registry that can be written."""

    ledger: Ledger
    engine: Engine
    fence: Fence
    writer: Writer
    checkpoints: Checkpoints
    afterwards: Afterwards
    timer: Timer
    exchange: Exchange


@contextmanager
def opened(
    home: Home, *, clock: Clock = now, written: Callable[[], None] = lambda: None
) -> Iterator[Open]:
    """The registry at *home*, caught up with its ledger.

    With a ledger that is not what it was it can still be read; `writer.halted`
    says what is wrong.  The threads of `afterwards` and `timer` are not started.

    Args:
        written: Is called after each write, outside the fence.

    Raises:
        NotFound: No registry was ever begun here.
        Unavailable: The database cannot be opened.
    """
    fence = home.fence()
    with home.open_ledger() as ledger, disposing(home.open_projection()) as engine:
        writer = Writer(
            ledger=ledger, engine=engine, fence=fence, clock=clock, written=written
        )
        with fence.held():
            ledger.recover()
        with suppress(WritesHalted):
            writer.reconcile()
        checkpoints = Checkpoints(
            ledger=ledger,
            engine=engine,
            fence=fence,
            keys=Keys(home.path, fence),
            last=LastSigned(home.path, fence),
            state=lambda: writer.state,
        )
        afterwards = Afterwards(
            writer=writer,
            ledger=ledger,
            engine=engine,
            fence=fence,
            checkpoints=checkpoints,
        )
        yield Open(
            ledger=ledger,
            engine=engine,
            fence=fence,
            writer=writer,
            checkpoints=checkpoints,
            afterwards=afterwards,
            timer=Timer(writer),
            exchange=Exchange(
                ledger=ledger,
                ledger_path=home.ledger_path,
                folder=home.path / "git",
                writer=writer,
                afterwards=afterwards,
            ),
        )
