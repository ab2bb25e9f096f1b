"""Where the ledger's branches are, and moving them.

* A branch is read from its file, so that asking costs no process.
* It is moved by `git update-ref`, only from where the caller believes it to be,
  and is durable when the move returns.  The process is kept: starting one takes
  longer than moving the branch.
"""

import re
from pathlib import Path

from registry.errors import HeadMoved, LedgerBroken
from registry.ledger.entries import Commit
from registry.ledger.processes import (
    FAILURES,
    Process,
    Processes,
    broken,
    flush,
    unwritable,
)

MAIN = "refs/heads/main"
DERIVED = "refs/heads/env/"
CHECKPOINTS = "refs/heads/checkpoints"

_NOWHERE = "0" * 40
_REFERENCE = re.compile(rb"[0-9a-f]{40}\n?\Z")


class References:
    def __init__(self, path: Path, processes: Processes) -> None:
        self._path = path
        self._processes = processes
        self._updater: Process | None = None

    def read(self, name: str) -> Commit | None:
        """Where the branch is; None if there is no such branch.

        Raises:
            LedgerBroken: The repository is gone, or the branch's file is damaged.
        """
        try:
            text = _loose(self._path / name)
            if text is None:
                text = _packed(self._path / "packed-refs", name)
            if text is None and not (self._path / "HEAD").is_file():
                raise LedgerBroken(f"there is no repository at {self._path} any more")
        except OSError as error:
            raise broken(error) from error
        if text is None:
            return None
        if not is_reference(text):
            raise LedgerBroken(f"the file of {name} does not hold a commit")
        return Commit(text.decode().strip())

    def move(self, name: str, new: Commit | None, *, old: Commit | None) -> None:
        """Move a branch from *old* to *new*; None stands for no branch.

        Raises:
            HeadMoved: It is not at *old*.
            LedgerUnwritable: The disk is full, or the repository is read-only.
        """
        if new is None:
            command = f"delete {name} {old}"
        else:
            command = f"update {name} {new} {old or _NOWHERE}"
        try:
            self._transact(command)
        except FAILURES as error:
            self.close()
            now = self.read(name)
            if now != old:
                raise HeadMoved(f"{name} is not where it was expected") from error
            raise unwritable(error) from error
        if new is not None:
            flush((self._path / name).parent)

    def close(self) -> None:
        if self._updater is not None:
            self._updater.stop()
            self._updater.close()
            self._updater = None

    def _transact(self, command: str) -> None:
        if self._updater is None or not self._updater.running:
            self.close()
            self._updater = self._processes.start("update-ref", "--stdin")
        updater = self._updater
        updater.stdin.write(f"start\n{command}\nprepare\ncommit\n".encode())
        updater.stdin.flush()
        for step in (b"start", b"prepare", b"commit"):
            if updater.stdout.readline() != step + b": ok\n":
                updater.finish()
                raise BrokenPipeError


def is_reference(text: bytes) -> bool:
    """Whether the file of a branch may say so."""
    return _REFERENCE.match(text) is not None


def _loose(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _packed(path: Path, name: str) -> bytes | None:
    """Where `git pack-refs` puts branches that have not moved for long."""
    wanted = name.encode()
    for line in (_loose(path) or b"").splitlines():
        commit, _, packed = line.partition(b" ")
        if packed == wanted:
            return commit
    return None
