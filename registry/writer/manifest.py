"""The manifest of a backup: what is in it, and of when.

A backup is a folder:

manifest.json       what is in it: this
ledger.bundle       the ledger's branches, in one file that git can clone
operations/*.jsonl  rows that stand in no ledger: accounts, tokens, notices
home/*              the small files of the home folder, keys among them

It says the size and SHA-256 of every other file.  Nobody signs it: it shows that a
backup is whole, not who made it.  What proves the ledger in it are its checkpoints.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from registry.errors import Invalid, NotFound

MANIFEST = "manifest.json"
ARCHIVE = "ledger.bundle"
ROWS = "operations"
HOME = "home"
FORMAT = 1

KEPT = (".key", ".keys", ".pub", ".signed")
"""How the small files of a home end that go with a backup."""

SECRET = (".key", ".keys")
"""How those of them end that nobody else may read."""

MAX_BYTES = 2**20
_CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOf:
    """A file of the backup, by its path below the backup's folder."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOf:
    name: str
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Attributes:
    format: Of the backup.
    placet: The version that made it.
    taken: When it was; everything in it is of that moment.
    event: The number of the last event in it.
    head: SHA-256 of that event.
    revision: The form of the tables that the rows are from.
    keys: Whether secret keys are in it.
    """

    format: int
    placet: str
    taken: datetime
    repository: str
    epoch: int
    event: int
    head: str
    revision: str
    tables: tuple[TableOf, ...]
    keys: bool
    files: tuple[FileOf, ...]


def is_kept(name: str) -> bool:
    return name.endswith(KEPT) and "/" not in name


def is_secret(name: str) -> bool:
    return name.endswith(SECRET)


def read_manifest(folder: Path) -> Manifest:
    """Raises:
    NotFound: There is no backup in *folder*.
    Invalid: It is damaged, or of a later version.
    """
    try:
        with (folder / MANIFEST).open("rb") as file:
            text = file.read(MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(
            f"there is no backup in {folder}",
            hint=f"Give the folder that has {MANIFEST} in it, as `placet backup` "
            "named it.",
        ) from None
    except OSError as error:
        raise damaged(folder, error.strerror or str(error)) from error
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise damaged(folder, f"its {MANIFEST} says something else: {error}") from None
    if manifest.format > FORMAT:
        raise Invalid(
            f"{folder} was made by placet {manifest.placet[:40]}, whose backups this "
            "version cannot read",
            hint="Restore it with that version, or a later one.",
        )
    return manifest


def dump_manifest(manifest: Manifest) -> str:
    return json.dumps(msgspec.to_builtins(manifest), indent=2) + "\n"


def described(folder: Path) -> Iterator[FileOf]:
    """Every file below *folder*, as it is now, by path."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield describe(folder, path)


def describe(folder: Path, path: Path) -> FileOf:
    digest = hashlib.sha256()
    count = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            count += len(chunk)
    return FileOf(
        path=path.relative_to(folder).as_posix(), bytes=count, sha256=digest.hexdigest()
    )


def check_files(folder: Path, manifest: Manifest, done: Callable[[int], None]) -> None:
    """Read every file of a backup again.

    Raises:
        Invalid: One is missing, or not as it was.
    """
    for number, expected in enumerate(manifest.files, start=1):
        path = folder / expected.path
        if not path.resolve().is_relative_to(folder.resolve()):
            raise damaged(folder, f"{expected.path[:80]} is outside of it")
        try:
            found = describe(folder, path)
        except OSError as error:
            raise damaged(folder, f"{expected.path}: {error.strerror}") from error
        if found != expected:
            raise damaged(folder, f"{expected.path} is not as it was")
        done(number)


def damaged(folder: Path, why: str) -> Invalid:
    return Invalid(
        f"the backup in {folder} is damaged: {why}", hint="Take another backup."
    )
