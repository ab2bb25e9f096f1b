"""Copies: a repository for each environment, for people to clone.

Whoever may fetch from a repository may fetch any object in it: git's protocol
takes the id of an object, whether a branch leads to it or not.  So somebody who may
see one environment gets a repository with nothing in it but that environment's
branch, as `main`.  A copy is made from the ledger and follows it; it can be thrown
away.

The caller sees to it that one thread of one process at a time writes to a copy.
"""

import shutil
from pathlib import Path

from registry.errors import LedgerBroken, LedgerUnwritable
from registry.ledger import repository
from registry.ledger.entries import Commit
from registry.ledger.processes import FAILURES, Processes, broken, flush, unwritable
from registry.ledger.references import MAIN, References

MANY_PACKS = 50


class Copy:
    """Args:
    path: Where it is, or will be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._processes = Processes(self.path)
        self._is_whole = False

    def tip(self) -> Commit | None:
        """Where its `main` is; None if there is nothing yet.

        Raises:
            LedgerBroken: It is damaged.
        """
        if not self.path.exists():
            return None
        return References(self.path, self._processes).read(MAIN)

    def follow(self, ledger: Processes, tip: Commit | None) -> None:
        """Bring it to where *tip* is in the ledger, durably.

        A copy that cannot go on from where it is, is made again.  Whether it has
        everything that it should is looked at once, and not each time.

        Raises:
            LedgerUnwritable: The disk is full, or the folder is read-only.
        """
        try:
            self._check_whole()
            self._follow(ledger, tip)
        except (LedgerBroken, LedgerUnwritable):
            self._remove()
            self._follow(ledger, tip)
        self._is_whole = True

    def _check_whole(self) -> None:
        tip = self.tip()
        if self._is_whole or tip is None:
            return
        try:
            self._processes.run("rev-list", "--quiet", "--objects", tip)
        except FAILURES as error:
            raise broken(error) from error

    def _follow(self, ledger: Processes, tip: Commit | None) -> None:
        self._create()
        old = self.tip()
        if tip == old:
            return
        references = References(self.path, self._processes)
        try:
            if tip is not None:
                self._bring(ledger, tip, old)
            references.move(MAIN, tip, old=old)
        finally:
            references.close()

    def _bring(self, ledger: Processes, tip: Commit, old: Commit | None) -> None:
        wanted = f"{tip}\n" if old is None else f"{tip}\n^{old}\n"
        packing = ("pack-objects", "--revs", "--stdout", "--thin", "-q")
        packs = self.path / "objects" / "pack"
        try:
            with ledger.start(*packing) as from_ledger:
                from_ledger.stdin.write(wanted.encode())
                from_ledger.stdin.close()
                with self._processes.start("index-pack", "--stdin", "--fix-thin") as to:
                    shutil.copyfileobj(from_ledger.stdout, to.stdin)
                    from_ledger.finish()
                    to.finish()
            if sum(1 for _ in packs.glob("*.pack")) > MANY_PACKS:
                self._processes.run("repack", "-d", "-n", "-q", "--geometric=2")
        except FAILURES as error:
            raise unwritable(error) from error
        flush(packs)

    def _create(self) -> None:
        """Under another name first: what is there is whole, whenever it ends."""
        if self.path.exists():
            return
        beside = self.path.with_suffix(".new")
        try:
            shutil.rmtree(beside, ignore_errors=True)
            repository.create(beside, Processes(beside))
            beside.rename(self.path)
        except OSError as error:
            raise unwritable(error) from error

    def _remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
