"""The ledger: one branch, written on top of what the writer knows.

How an entry is written:

 1. The branch must be where the writer expects it.
 2. fast-import makes the commit under a name that nobody reads, and flushes it.
 3. The folder of packs is flushed, so that the commit is there after a power cut.
 4. The branch moves from where it was expected to the new commit, or not at all.
 5. The folder of branches is flushed.

A failure or a kill before 4 leaves the ledger as it was, after 4 it leaves the
entry; `head` says which.  Everything that writes is called under the writer's
fence, by one thread at a time.  Reading needs no fence.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from registry.errors import (
    HeadMoved,
    HistoryRewritten,
    LedgerUnwritable,
)
from registry.ledger import derived, history, objects, repository
from registry.ledger.checkpoints import CheckpointBranch
from registry.ledger.copies import Copy
from registry.ledger.entries import Commit, Entry, Step, parse_commit
from registry.ledger.files import Files
from registry.ledger.imports import Import
from registry.ledger.processes import FAILURES, Processes, broken, flush, unwritable
from registry.ledger.recovery import recover
from registry.ledger.references import CHECKPOINTS, DERIVED, MAIN, References
from registry.names import check_environment

MANY_PACKS = 50
"""Each entry leaves a pack; reading slows down with their number."""


class Ledger:
    """Open one with `create` or `open`, and close it."""

    def __init__(self, path: Path, processes: Processes) -> None:
        self._path = path
        self._processes = processes
        self._references = References(path, processes)
        self.checkpoints = CheckpointBranch(path, processes, self._references)

    @classmethod
    def create(cls, path: Path, *, scratch: bool = False) -> Self:
        """Make an empty ledger at *path*.

        Args:
            scratch: For a copy that is compared and thrown away: nothing in it
                survives a power cut, but its commits have the same ids.

        Raises:
            Invalid: There is something at *path* already.
            LedgerUnwritable: It cannot be made.
        """
        path = path.absolute()
        processes = Processes(path, quick=scratch)
        repository.create(path, processes)
        return cls(path, processes)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the ledger at *path*, and mend its settings.

        Raises:
            NotFound: There is nothing.
            LedgerBroken: It is something else.
            LedgerUnwritable: Settings are missing, and it is read-only.
        """
        path = path.absolute()
        processes = Processes(path)
        repository.check(path, processes)
        return cls(path, processes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that is kept for moving branches."""
        self._references.close()

    def head(self) -> Commit | None:
        """The last commit; None before the first.  Reads one small file.

        Raises:
            LedgerBroken: The repository is gone, or its branch is damaged.
        """
        return self._references.read(MAIN)

    def append(self, entry: Entry, *, expected: Commit | None) -> Commit:
        """Commit *entry* on top of *expected*, durably.

        Raises:
            HeadMoved: The ledger is not at *expected*.  Nothing was written that
                anyone can see.
            Invalid: The entry breaks a rule of `entries`, or does not fit the tree.
            LedgerUnwritable: The disk is full, or the repository is read-only.
        """
        retried = False
        while True:
            try:
                return self._append([entry], expected)[-1]
            except LedgerUnwritable:
                if not recover(self._path) or retried:
                    raise
                retried = True

    def write_all(
        self, entries: Iterable[Entry], *, onto: Commit | None = None
    ) -> list[Commit]:
        """Commit many entries, and move the ledger once, after the last.

        The ids depend on the entries and on *onto*, and on nothing else.

        Raises:
            HeadMoved: The ledger is not at *onto*.
            Invalid: An entry breaks a rule of `entries`, or does not fit the tree.
            LedgerUnwritable: The disk is full, or the repository is read-only.
        """
        return self._append(entries, onto)

    def history(self, *, after: Commit | None = None) -> Iterator[tuple[Commit, bytes]]:
        """Every commit after *after*, oldest first, with the bytes of its event.

        Raises:
            HistoryRewritten: The ledger does not contain *after*.
            LedgerBroken: It is not a line, or an event is missing.
        """
        head = self.head()
        if head == after:
            return
        if head is None:
            raise HistoryRewritten("the ledger is empty, and was not before")
        known = None if after is None else parse_commit(after)
        yield from history.events(self._processes, head, after=known)

    def newest(self, commit: Commit, count: int) -> list[Commit]:
        """*commit* and what is before it, *count* at most, oldest first.

        Raises:
            LedgerBroken: *commit* is not in the ledger.
        """
        return history.newest(self._processes, parse_commit(commit), count)

    @contextmanager
    def files(self) -> Iterator[Files]:
        """Reads files at any commit while the block lasts.

        Raises:
            LedgerBroken: git cannot read its objects.
        """
        with objects.reader(self._processes, whole=True) as reader:
            yield Files(reader)

    def derive(self, environment: str, steps: Sequence[Step]) -> None:
        """Continue the branch `env/<environment>` with a commit for each step.

        Raises:
            Invalid: A step breaks a rule, or is not after those that are there.
            LedgerBroken: A step's commit is missing, or the branch is not ours.
            LedgerUnwritable: The disk is full, or the repository is read-only.
        """
        self._derive(environment, steps, onto=self._derived_tip(environment))

    def rederive(self, environment: str, steps: Sequence[Step]) -> None:
        """Replace the branch `env/<environment>`; no steps remove it.

        Raises:
            Invalid: A step breaks a rule, or the numbers do not grow.
            LedgerBroken: A step's commit is missing.
            LedgerUnwritable: The disk is full, or the repository is read-only.
        """
        self._derive(environment, steps, onto=None)

    def derived(self, environment: str) -> int | None:
        """The number of the last event in `env/<environment>`; None without branch.

        Raises:
            LedgerBroken: The branch holds a commit that is not ours.
        """
        tip = self._derived_tip(environment)
        return None if tip is None else derived.number_at(self._processes, tip)

    def derived_ids(self, environment: str) -> list[tuple[int, Commit]]:
        """The events of `env/<environment>`, each with its commit, oldest first.

        Raises:
            LedgerBroken: The branch holds a commit that is not ours.
        """
        tip = self._derived_tip(environment)
        return [] if tip is None else list(derived.numbered(self._processes, tip))

    def copy(self, environment: str, into: Copy) -> Commit | None:
        """Have *into* be a copy of `env/<environment>`; where that is.

        Raises:
            LedgerUnwritable: The disk is full, or the folder is read-only.
        """
        tip = self._derived_tip(environment)
        into.follow(self._processes, tip)
        return tip

    def branches(self, environments: Iterable[str]) -> dict[str, Commit]:
        """Where each branch that a mirror has is, by its whole name."""
        derived = (DERIVED + check_environment(name) for name in environments)
        found = {name: self._references.read(name) for name in (CHECKPOINTS, *derived)}
        found[MAIN] = self.head()  # last: it is never behind what is made from it
        return {name: tip for name, tip in found.items() if tip is not None}

    def pack_count(self) -> int:
        return sum(1 for _ in self._packs.glob("*.pack"))

    def repack(self, *, beyond: int = MANY_PACKS) -> None:
        """Join small packs, if there are more than *beyond*.

        Raises:
            LedgerUnwritable: The disk is full, or the repository is read-only.
        """
        if self.pack_count() <= beyond:
            return
        try:
            self._processes.run("repack", "-d", "-n", "--quiet", "--geometric=2")
        except FAILURES as error:
            raise unwritable(error) from error
        flush(self._packs)
        self._references.close()  # it holds the old packs open

    def fsck(self) -> None:
        """Let git check every object that it has.

        Raises:
            LedgerBroken: One is damaged or missing.
        """
        try:
            self._processes.run("fsck", "--strict", "--full", "--no-dangling")
        except FAILURES as error:
            raise broken(error) from error

    def recover(self) -> None:
        """Clear away what a killed writer has left; call it when starting to write.

        Raises:
            LedgerUnwritable: The repository is read-only.
        """
        recover(self._path)

    @property
    def _packs(self) -> Path:
        return self._path / "objects" / "pack"

    def _append(self, entries: Iterable[Entry], onto: Commit | None) -> list[Commit]:
        # (1) Is it where it was expected?
        if self.head() != onto:
            raise HeadMoved("the ledger is not where the writer expected it")
        # (2) Make the commits, where nobody reads them.
        with Import(self._processes, onto=onto) as importing:
            for entry in entries:
                importing.add(entry)
            commits = importing.finish()
        # (3) Flush the names of the packs.
        flush(self._packs)
        # (4) and (5) Move the branch, and flush its name.
        if commits:
            self._references.move(MAIN, commits[-1], old=onto)
        return commits

    def _derived_tip(self, environment: str) -> Commit | None:
        return self._references.read(DERIVED + check_environment(environment))

    def _derive(
        self, environment: str, steps: Sequence[Step], *, onto: Commit | None
    ) -> None:
        old = self._derived_tip(environment)
        new = onto
        if steps:
            new = derived.write(self._processes, environment, steps, onto=onto)
            flush(self._packs)
        if new != old:
            self._references.move(DERIVED + environment, new, old=old)
