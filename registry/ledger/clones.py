"""Reading somebody's clone of a ledger, and changing nothing in it.

A clone may have been made by anybody, and so may what is in it.  Git is run in it
with our settings alone: it fetches nothing and runs no hook.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.events import path_of
from registry.ledger import objects, repository
from registry.ledger.checkpoints import CheckpointBranch
from registry.ledger.entries import Commit
from registry.ledger.files import Files
from registry.ledger.history import commits, last_event
from registry.ledger.processes import Processes
from registry.ledger.references import MAIN, References

_TRACKED = "refs/remotes/origin/main"


class Clone:
    """Args:
    path: The folder that `git clone` made, with or without a working copy.

    Raises:
        Invalid: It is not a repository, or only a part of one.
    """

    def __init__(self, path: Path) -> None:
        path = repository.clone_at(path.absolute())
        self._processes = Processes(path)
        self._references = References(path, self._processes)
        self.checkpoints = CheckpointBranch(path, self._processes, self._references)

    def head(self) -> Commit | None:
        """Raises:
        LedgerBroken: The file of the branch is damaged.
        """
        return self._references.read(MAIN) or self._references.read(_TRACKED)

    def brought(self) -> Iterator[tuple[Commit, bytes | None]]:
        """Each commit, oldest first, and the n-th event as the n-th commit has it.

        Raises:
            LedgerBroken: The commits are not a line, or git cannot read them.
        """
        head = self.head()
        if head is None:
            return
        line = commits(self._processes, head, after=None)
        asked: deque[Commit] = deque()

        def names() -> Iterator[str]:
            for number, commit in enumerate(line, start=1):
                asked.append(commit)
                yield f"{commit}:{path_of(number)}"

        for found in objects.read(self._processes, names()):
            blob = found is not None and found.type == "blob"
            yield asked.popleft(), found.data if blob and found else None

    def last_event(self, commit: Commit) -> int:
        """The number of the last event in the tree of *commit*, 0 if it has none."""
        return last_event(self._processes, commit)

    def event(self, commit: Commit, number: int) -> bytes | None:
        """An event, as it stands in the tree of *commit*."""
        (found,) = objects.read(self._processes, [f"{commit}:{path_of(number)}"])
        return found.data if found is not None and found.type == "blob" else None

    @contextmanager
    def files(self) -> Iterator[Files]:
        """Reads files at any commit while the block lasts."""
        with objects.reader(self._processes, whole=True) as reader:
            yield Files(reader)
