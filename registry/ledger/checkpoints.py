"""The branch of checkpoints: what was signed, in the repository that it is about.

Each commit holds the newest checkpoint and the verifier keys so far.  Anybody who
clones the ledger has them, and whoever rewrites `main` leaves them behind.  The
branch is only ever continued.  Nothing in this folder knows what a signature is.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.errors import LedgerBroken
from registry.ledger import objects
from registry.ledger.entries import Commit
from registry.ledger.history import commits
from registry.ledger.imports import Import
from registry.ledger.processes import Processes, flush
from registry.ledger.references import CHECKPOINTS, References

NOTE = "checkpoint"
KEYS = "ledger.pub"
_AUTHOR = "placet"
_TRACKED = "refs/remotes/origin/checkpoints"
"""Where a clone with a working copy has the branch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a commit of the branch holds.

    Attributes:
        note: The signed note, as bytes that nobody has looked at.
        keys: A verifier key a line.
    """

    note: bytes
    keys: bytes


class CheckpointBranch:
    def __init__(
        self, path: Path, processes: Processes, references: References
    ) -> None:
        self._packs = path / "objects" / "pack"
        self._processes = processes
        self._references = references

    def tip(self) -> Commit | None:
        """Its last commit; reads one small file."""
        return self._references.read(CHECKPOINTS) or self._references.read(_TRACKED)

    def read(self, commit: Commit) -> Stored:
        """Raises:
        LedgerBroken: The commit holds something else.
        """
        (note,) = self._files([commit], NOTE)
        (keys,) = self._files([commit], KEYS)
        return Stored(note=note, keys=keys)

    def notes(self) -> Iterator[bytes]:
        """Every checkpoint, oldest first.

        Raises:
            LedgerBroken: The branch is not a line of them.
        """
        tip = self.tip()
        if tip is not None:
            yield from self._files(commits(self._processes, tip, after=None), NOTE)

    def append(
        self, stored: Stored, *, message: str, at: datetime, expected: Commit | None
    ) -> Commit:
        """Continue the branch; called under the writer's fence.

        Raises:
            HeadMoved: The branch is not at *expected*.
            LedgerUnwritable: The disk is full, or the repository is read-only.
        """
        files = {NOTE: stored.note, KEYS: stored.keys}
        with Import(self._processes, onto=expected) as importing:
            importing.add_files(files, message=message, author=_AUTHOR, at=at)
            commit = importing.finish()[-1]
        flush(self._packs)
        self._references.move(CHECKPOINTS, commit, old=expected)
        return commit

    def _files(
        self, line: Iterator[Commit] | list[Commit], path: str
    ) -> Iterator[bytes]:
        asked: deque[Commit] = deque()

        def names() -> Iterator[str]:
            for commit in line:
                asked.append(commit)
                yield f"{commit}:{path}"

        for found in objects.read(self._processes, names()):
            commit = asked.popleft()
            if found is None or found.type != "blob":
                raise LedgerBroken(
                    f"the branch checkpoints holds no {path} at {commit[:12]}"
                )
            yield found.data
