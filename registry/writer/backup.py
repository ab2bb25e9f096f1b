"""A backup, taken while the registry is at work.

 1. Under the fence, which is held for milliseconds: where the ledger's branches are,
    a transaction that sees the operational tables as they are now, and the small
    files of the home folder.  So everything is of one moment.
 2. Without it: rows and objects are written out, into a folder beside the one that
    is to be there.
 3. Everything is read back: every file has its digest, and git takes the ledger in
    again and ends at the same event.
 4. The folder gets its name.  Before that there is no backup.

Tables that are made again from the ledger are not in it, nor what was fetched, nor
who is signed in.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import msgspec
from sqlalchemy import Connection, select

from registry.db.engine import disposing, reading
from registry.db.rows import OPERATIONAL, dump_row, read_rows
from registry.db.schema import OPERATIONS, revisions
from registry.epochs import REGISTRY_PATH
from registry.errors import Conflict, LedgerBroken, Unavailable
from registry.ledger import MAIN, Clone, Commit, read_archive, write_archive
from registry.names import digest_of
from registry.writer.home import Home
from registry.writer.keys import write_whole
from registry.writer.manifest import (
    ARCHIVE,
    FORMAT,
    HOME,
    MANIFEST,
    ROWS,
    Manifest,
    TableOf,
    check_files,
    damaged,
    described,
    dump_manifest,
    is_kept,
    is_secret,
)

SESSIONS = "session"
"""The one table that is left out: everybody signs in again."""

STEPS = 4
"""How often `done` is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What belongs together, and can be read after the fence was left.

    Attributes:
        files: The small ones, by name.
    """

    branches: Mapping[str, Commit]
    rows: Connection
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What `registry.json` says that matters here."""

    repository: str
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A backup that was taken, and read back."""

    path: Path
    manifest: Manifest


def back_up(
    home: Home, into: Path, *, now: datetime, keys: bool, done: Callable[[int], None]
) -> Taken:
    """Take a backup, as a new folder in the folder *into*.

    Args:
        keys: Whether secret keys go with it.
        done: Is told how many of the steps are done.

    Raises:
        Conflict: There is one of this very moment.
        LedgerBroken: What was written cannot be read back.
        Unavailable: It cannot be written.
    """
    try:
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = Path(mkdtemp(prefix=".placet-backup-", dir=into))
        try:
            manifest = _write(home, beside, now, keys, done)
            path = into / name_of(manifest)
            if path.exists():
                raise Conflict(
                    f"there is {path} already", hint="Try again in a second."
                )
            beside.rename(path)
            _flush(into)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise Unavailable(
            f"the backup cannot be written: {error.strerror or error}",
            hint="See that there is room, and that this account may write there.",
        ) from error
    done(STEPS)
    return Taken(path=path, manifest=manifest)


def name_of(manifest: Manifest) -> str:
    """Sorted by name backups are sorted by time."""
    return f"placet-{manifest.taken:%Y%m%dT%H%M%SZ}-event-{manifest.event}"


def _write(
    home: Home, folder: Path, now: datetime, keys: bool, done: Callable[[int], None]
) -> Manifest:
    with _moment(home, keys=keys) as moment:
        tables = tuple(_write_rows(moment.rows, folder / ROWS))
    done(1)
    write_archive(home.ledger_path, moment.branches, folder / ARCHIVE)
    done(2)
    (folder / HOME).mkdir(mode=0o700)
    for name, data in moment.files.items():
        write_whole(folder / HOME / name, data.decode(), mode=0o600)
    event, head, about = _last_event(home.ledger_path, moment.branches)
    manifest = Manifest(
        format=FORMAT,
        placet=version("placet-server"),
        taken=now,
        repository=about.repository,
        epoch=about.epoch,
        event=event,
        head=head,
        revision=revisions(OPERATIONS)[-1],
        tables=tables,
        keys=any(map(is_secret, moment.files)),
        files=tuple(described(folder)),
    )
    for path in sorted(folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        _flush(path)
    _read_back(folder, manifest)
    write_whole(folder / MANIFEST, dump_manifest(manifest), mode=0o600)
    done(3)
    return manifest


@contextmanager
def _moment(home: Home, *, keys: bool) -> Iterator[Moment]:
    with ExitStack() as stack:
        ledger = stack.enter_context(home.open_ledger())
        engine = stack.enter_context(disposing(home.open_operations()))
        with home.fence().held():
            rows = stack.enter_context(reading(engine))
            rows.execute(select(OPERATIONAL[0]).limit(1)).all()  # it begins with this
            files = {
                path.name: path.read_bytes()
                for path in sorted(home.path.iterdir())
                if is_kept(path.name) and (keys or not is_secret(path.name))
            }
            branches = ledger.branches(())
        if MAIN not in branches:
            raise Conflict(
                f"nothing has happened in {home.path} yet",
                hint="Begin the registry with `placet init`.",
            )
        yield Moment(branches=branches, rows=rows, files=files)


def _write_rows(connection: Connection, folder: Path) -> Iterator[TableOf]:
    folder.mkdir(mode=0o700)
    for table in OPERATIONAL:
        if table.name == SESSIONS:
            continue
        count = 0
        with (folder / f"{table.name}.jsonl").open("wb") as file:
            for row in read_rows(connection, table):
                file.write(dump_row(row))
                count += 1
        columns = tuple(str(column.name) for column in table.columns)
        yield TableOf(name=str(table.name), columns=columns, rows=count)


def _last_event(ledger: Path, branches: Mapping[str, Commit]) -> tuple[int, str, About]:
    """Its number and digest, and what the ledger says there about the registry.

    Raises:
        LedgerBroken: One of them is missing.
    """
    clone = Clone(ledger)
    commit = branches[MAIN]
    number = clone.last_event(commit)
    body = clone.event(commit, number)
    if body is None:
        raise LedgerBroken(f"event {number} is missing", hint="Run `placet verify`.")
    with clone.files() as files:
        ((_, about),) = files.read(commit, [REGISTRY_PATH])
    return number, digest_of(body), msgspec.json.decode(about, type=About)


def _read_back(folder: Path, manifest: Manifest) -> None:
    check_files(folder, manifest, lambda _: None)
    with TemporaryDirectory(prefix=".read-back-", dir=folder) as scratch:
        ledger = Path(scratch) / "ledger.git"
        read_archive(folder / ARCHIVE, ledger, scratch=True)
        head = Clone(ledger).head()
        assert head is not None  # noqa: S101 (an archive without main is refused)
        number, digest, _ = _last_event(ledger, {MAIN: head})
    if (number, digest) != (manifest.event, manifest.head):
        raise damaged(folder, "its ledger ends at another event")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
