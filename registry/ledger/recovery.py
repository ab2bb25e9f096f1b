"""Clearing away what a writer that was killed, or had no room, has left behind.

Some of it stands in the way of the next writer.  A lock does; so does the mark by
which fast-import keeps its pack, when the same entry is tried again; so does a
damaged NEXT.  Everything else only takes up room.

A writer that lost its fence may still be running, and git's lock is then all that
keeps two writers apart.  So a lock is taken for left behind only when it has stood
for longer than a living writer holds it.

The caller holds the fence.
"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from registry.ledger.imports import NEXT
from registry.ledger.processes import unwritable
from registry.ledger.references import is_reference

Lock = tuple[Path, int, int]
"""A lock's file, and what tells it from a later one of the same name."""

PATIENCE_S = 1.0
"""A living writer holds a lock for some milliseconds, on a slow disk for tens."""

_LITTER = ("fast_import_crash_*", "objects/pack/tmp_*", "objects/pack/.tmp-*")
_MARK = b"fast-import"


def recover(path: Path) -> bool:
    """Clear away what is left; return whether any of it stood in the way.

    Raises:
        LedgerUnwritable: It cannot be removed.
    """
    try:
        locks = _locks(path)
        obstacles = [*_abandoned(path, locks), *_marks(path), *_damaged(path)]
        litter = [file for pattern in _LITTER for file in path.glob(pattern)]
        for file in (*obstacles, *litter):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(error) from error
    return bool(locks or obstacles)


def _abandoned(path: Path, locks: set[Lock]) -> Iterator[Path]:
    """Those of *locks* that are still the same ones after a while."""
    deadline = time.monotonic() + PATIENCE_S
    while locks and time.monotonic() < deadline:
        time.sleep(PATIENCE_S / 50)
        locks = locks & _locks(path)
    for file, _, _ in locks:
        yield file


def _locks(path: Path) -> set[Lock]:
    found = set()
    for file in (*path.glob("*.lock"), *path.glob("refs/**/*.lock")):
        with contextlib.suppress(FileNotFoundError):
            status = file.stat()
            found.add((file, status.st_ino, status.st_mtime_ns))
    return found


def _marks(path: Path) -> Iterator[Path]:
    """The marks of fast-import; a person may have made others, also empty ones."""
    for mark in path.glob("objects/pack/*.keep"):
        pack = mark.with_suffix(".pack")
        if not pack.exists() or mark.read_bytes().strip() == _MARK:
            yield mark


def _damaged(path: Path) -> Iterator[Path]:
    next_commit = path / NEXT
    if next_commit.exists() and not is_reference(next_commit.read_bytes()):
        yield next_commit
