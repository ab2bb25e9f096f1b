"""Backing up, restoring and moving the registry in a folder, with a bar for each."""

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from registry.cli import screen
from registry.cli.proving import read_files, read_keys
from registry.db.engine import disposing, reading
from registry.db.projection import read_head
from registry.errors import RegistryError
from registry.writer import Home, now
from registry.writer import move as moves
from registry.writer import new_epoch as epochs
from registry.writer import restore as restoring
from registry.writer.backup import STEPS as STEPS
from registry.writer.backup import Taken, back_up
from registry.writer.keys import __name__ as key_log
from registry.writer.manifest import read_manifest
from registry.writer.move import MovedTables
from registry.writer.new_epoch import Asked, Raised
from registry.writer.restore import Restored


def take(home: Home, folder: Path, *, keys: bool, done: Callable[[int], None]) -> Taken:
    moment = now().replace(microsecond=0)
    return back_up(home, folder, now=moment, keys=keys, done=done)


def remove_older(folder: Path, taken: Taken, keep: int) -> list[str]:
    """Remove all but the newest *keep* backups of the same registry; their names."""
    found = []
    for path in folder.iterdir():
        try:
            manifest = read_manifest(path)
        except RegistryError:
            continue  # whatever it is, it is not ours to remove
        if manifest.repository == taken.manifest.repository:
            found.append((manifest.taken, path))
    removed = [path for _, path in sorted(found, reverse=True)[keep:]]
    for path in removed:
        shutil.rmtree(path)
    return [path.name for path in removed]


def restore(
    backup: Path,
    home: Home,
    reason: str,
    checkpoints: Sequence[Path],
    keys: Sequence[str],
) -> Restored:
    with _telling_later(), _asked(backup, reason, checkpoints, keys) as asked:
        return restoring.restore(backup, home, asked)


def try_out(
    backup: Path, reason: str, checkpoints: Sequence[Path], keys: Sequence[str]
) -> Restored:
    """Restore it to a place that is then thrown away."""
    with TemporaryDirectory(prefix="placet-restore-") as folder:
        home = Home(path=Path(folder) / "registry")
        words = reason if reason.strip() else "To see whether it can be restored."
        return restore(backup, home, words, checkpoints, keys)


def raise_here(
    home: Home, reason: str, checkpoints: Sequence[Path], keys: Sequence[str]
) -> Raised:
    asked = Asked(
        reason=reason,
        checkpoints=read_files(checkpoints),
        keys=read_keys(keys),
        clock=now,
        progress=lambda _: None,
    )
    with _telling_later():
        return epochs.raise_here(home, asked)


def move(home: Home, url: str) -> MovedTables:
    home.open_ledger().close()  # there is a registry, or it says so
    with disposing(home.open_projection()) as engine, reading(engine) as connection:
        number, _ = read_head(connection)
    with screen.progress("Moving the tables", number) as progress:
        return moves.move(home, url, progress)


@contextmanager
def _telling_later() -> Iterator[None]:
    """The new key is told at the end, and by then it is in another place."""
    log = logging.getLogger(key_log)
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def _asked(
    backup: Path, reason: str, checkpoints: Sequence[Path], keys: Sequence[str]
) -> Iterator[Asked]:
    """Every event is taken twice: into the tables, and when all is verified."""
    total = 2 * read_manifest(backup).event
    with screen.progress("Restoring", total) as progress:
        yield Asked(
            reason=reason,
            checkpoints=read_files(checkpoints),
            keys=read_keys(keys),
            clock=now,
            progress=progress,
        )
