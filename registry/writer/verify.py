"""Verifying: everything is done again and compared.

 1. Every event of the ledger follows the one before it, every text has the digest
    that its event says, and what is composed again has the digests that the
    events say.
 2. Every commit is written again, from the events and texts alone, and has the
    id that it has: so every tree, message, author and time is as it was.
 3. The tables that are in use are those that step 1 makes, row for row.
 4. The checkpoints, in the ledger and those that were kept elsewhere, are signed by
    the ledger's keys and are of these events.
 5. The tables stand where the ledger does.
 6. The branches `env/*` are what the ledger makes of them.

The first thing that is wrong is named.  Others may write meanwhile: the tables
are read as they were in the beginning, and the branches before the last events.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, Row

from registry.db.engine import disposing, open_engine, reading, sqlite_url, writing
from registry.db.projection import HEAD
from registry.db.schema import PROJECTION, migrate
from registry.db.texts import ParsedDocuments
from registry.errors import HistoryRewritten, Invalid, LedgerBroken
from registry.fold import EMPTY
from registry.ledger import Commit, Entry, Ledger
from registry.signed_notes import VerifierKey
from registry.state import State
from registry.writer.afterwards import missing, steps_of
from registry.writer.comparing import compare_tables, last_event, read_heads
from registry.writer.rebuild import entry_of
from registry.writer.replay import Progress, Recorded, Replay, recorded
from registry.writer.signed import Held, SignedRoots, read_branch

_RESTORE = HistoryRewritten.hint
_TABLES = "Run `placet rebuild` to make the tables again."
_BRANCHES = "Run `placet rebuild --branches` to make it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found to be as it should.

    Attributes:
        head: SHA-256 of the last event; it stands for everything before it.
        root: Of all events, as checkpoints write it.
        checkpoints: How many there are.
        signed: How many events the last of them is of.
    """

    events: int
    rows: int
    environments: dict[str, int]
    head: str
    root: str
    checkpoints: int
    signed: int


def verify(
    ledger: Ledger,
    engine: Engine,
    progress: Progress,
    *,
    keys: Sequence[VerifierKey] = (),
    outside: Sequence[Held] = (),
    folder: Path | None = None,
) -> Verified:
    """Do everything again, beside what is there, and compare.

    Args:
        keys: Those of the ledger; without one nothing is looked at that was signed.
        outside: Checkpoints that were kept elsewhere.
        folder: Where the copies are made; the system's own place without.

    Raises:
        LedgerBroken: It names the first thing that is wrong.
    """
    with ExitStack() as stack:
        scratch = Path(
            stack.enter_context(TemporaryDirectory(prefix="placet-verify-", dir=folder))
        )
        copy = stack.enter_context(disposing(open_engine(sqlite_url(scratch / "copy"))))
        migrate(copy, PROJECTION)
        written = stack.enter_context(
            Ledger.create(scratch / "ledger.git", scratch=True)
        )
        doubts: list[LedgerBroken] = []
        branch = read_branch(ledger.checkpoints.notes(), keys, doubts) if keys else ()
        held = [*branch, *outside]
        roots = SignedRoots(held)
        again = _Again(ledger, written, copy, progress, roots)
        actual = stack.enter_context(reading(engine))
        again.replay(last_event(actual))  # (1) (2)
        with reading(copy) as expected:
            heads = read_heads(expected, actual)
            lost = heads[0] and heads[1] and heads[0].position != heads[1].position
            rows = compare_tables(  # (3)
                expected, actual, hint=_RESTORE if lost else _TABLES
            )
        branches = {name: _branch(ledger, name) for name in again.state.environments}
        again.replay(None)  # (1) (2)
        _check_signed(roots, doubts)  # (4)
        _compare_heads(*heads)  # (5)
        _compare_branches(branches, written, copy, again.state)  # (6)
    return Verified(
        events=again.state.head.number,
        rows=rows,
        environments={
            name: environment.seq
            for name, environment in again.state.environments.items()
        },
        head=again.state.head.digest,
        root=roots.root,
        checkpoints=len({one.checkpoint for one in held}),
        signed=roots.last,
    )


class _Again:
    """Everything done again, in an empty copy of the tables and of the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        written: Ledger,
        copy: Engine,
        progress: Progress,
        roots: SignedRoots,
    ) -> None:
        self.state = EMPTY
        self._ledger = ledger
        self._written = written
        self._copy = copy
        self._progress = progress
        self._roots = roots
        self._parsed = ParsedDocuments()

    def replay(self, last: int | None) -> None:
        """Go on up to event *last*, or as far as there are events."""
        number, onto = self.state.head.number, self._written.head()
        entries = recorded(self._ledger, after=onto, first=number + 1)
        commits: list[Commit] = []
        try:
            with writing(self._copy) as connection, closing(entries):
                replay = Replay(connection, self.state, self._parsed, self._progress)
                # git writes while we go on with the next event
                written = self._written.write_all(
                    self._entries(replay, islice(entries, last), commits), onto=onto
                )
                self.state = replay.finish()
        except (LedgerBroken, Invalid) as error:
            raise LedgerBroken(str(error), hint=_RESTORE) from error
        _compare_commits(written, commits, first=number + 1)

    def _entries(
        self, replay: Replay, recorded: Iterable[Recorded], commits: list[Commit]
    ) -> Iterator[Entry]:
        """What each commit writes, after its event was taken; notes the commits."""
        for each in recorded:
            replay.take(each)
            self._roots.take(each.body)
            commits.append(each.commit)
            yield entry_of(each.event, each.body, replay.text)


def _compare_commits(expected: list[Commit], found: list[Commit], first: int) -> None:
    pairs = zip(expected, found, strict=True)
    for number, (wanted, held) in enumerate(pairs, start=first):
        if wanted != held:
            raise LedgerBroken(
                f"the commit of event {number} does not hold what the event says: "
                "a file, the message, the author or the time differs",
                hint=_RESTORE,
            )


def _check_signed(roots: SignedRoots, doubts: Sequence[LedgerBroken]) -> None:
    roots.finish()
    for doubt in doubts:
        raise doubt


def _compare_heads(wanted: Row[Any] | None, found: Row[Any] | None) -> None:
    if wanted != found:
        raise LedgerBroken(
            f"the table {HEAD.name} does not stand where the ledger does",
            hint=_TABLES,
        )


def _branch(ledger: Ledger, environment: str) -> list[tuple[int, Commit]]:
    try:
        return ledger.derived_ids(environment)
    except LedgerBroken as error:
        raise LedgerBroken(
            f"the branch env/{environment}: {error}", hint=_BRANCHES
        ) from error


def _compare_branches(
    branches: Mapping[str, list[tuple[int, Commit]]],
    again: Ledger,
    copy: Engine,
    state: State,
) -> None:
    """A branch may be behind its environment, and nothing else."""
    for name, found in sorted(branches.items()):
        numbers = missing(state.environments[name], 0)[: len(found)]
        if numbers:
            again.derive(name, steps_of(again, copy, numbers))
        for wanted, held in zip_longest(again.derived_ids(name), found):
            if wanted != held:
                number = (held or wanted or (0,))[0]
                raise LedgerBroken(
                    f"the branch env/{name} differs from the ledger at event {number}",
                    hint=_BRANCHES,
                )
