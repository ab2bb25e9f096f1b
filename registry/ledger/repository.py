"""Making a repository for a ledger, and recognising one."""

import os
from pathlib import Path

from registry.errors import Invalid, LedgerBroken, NotFound
from registry.ledger.processes import (
    FAILURES,
    SETTINGS,
    Processes,
    broken,
    flush,
    unwritable,
)
from registry.ledger.references import MAIN


def create(path: Path, processes: Processes) -> None:
    """Make an empty repository at *path*, durably.

    Raises:
        Invalid: There is something at *path* already.
        LedgerUnwritable: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise Invalid(
                f"{path} is not empty",
                hint="Choose another folder, or open the ledger that is there.",
            )
        branch = MAIN.removeprefix("refs/heads/")
        processes.run(
            "init", "--bare", "--quiet", "--template=", f"--initial-branch={branch}",
            "--object-format=sha1",
        )  # fmt: skip
        _set(processes, SETTINGS)
        _flush_all(path)
    except FAILURES as error:
        raise unwritable(error) from error


def check(path: Path, processes: Processes) -> None:
    """See that there is a bare repository at *path*, and mend its settings.

    Raises:
        NotFound: There is nothing.
        LedgerBroken: It is something else than a ledger's repository.
        LedgerUnwritable: A setting is missing, and cannot be written.
    """
    try:
        there, ours = path.exists(), (path / "HEAD").is_file()
        ours = ours and (path / "objects" / "pack").is_dir()
    except OSError as error:
        raise broken(error) from error
    if not there:
        raise NotFound(
            f"there is no ledger at {path}",
            hint="Check the path, or make a new registry with `placet init`.",
        )
    if not ours:
        raise _not_ours(path, "it is not a bare git repository")
    settings = _settings(processes)
    expected = {
        "core.bare": "true",
        "extensions.objectformat": "sha1",
        "extensions.refstorage": "files",
    }
    for key, value in expected.items():
        if settings.get(key, value) != value:
            raise _not_ours(path, f"its {key} is {settings[key]!r}")
    missing = {k: v for k, v in SETTINGS.items() if settings.get(k.lower()) != v}
    try:
        _set(processes, missing)
    except FAILURES as error:
        raise unwritable(error) from error


def clone_at(path: Path) -> Path:
    """The repository of the clone at *path*, with or without a working copy.

    Raises:
        Invalid: It is no repository, or only a part of one.
    """
    try:
        places = [path / ".git", path]
        found = [place for place in places if (place / "HEAD").is_file()]
        whole = bool(found) and not (found[0] / "shallow").exists()
    except OSError as error:
        raise Invalid(
            f"{path} cannot be read: {error.strerror}",
            hint="Give the folder that `git clone --mirror` made.",
        ) from error
    if not found:
        raise Invalid(
            f"{path} is not a git repository",
            hint="Give the folder that `git clone --mirror` made.",
        )
    if not whole:
        raise Invalid(
            f"{path} is a shallow clone, and has only a part of the ledger",
            hint="Clone all of it: `git clone --mirror`, without --depth.",
        )
    return found[0]


def _not_ours(path: Path, why: str) -> LedgerBroken:
    return LedgerBroken(
        f"{path} is not a ledger: {why}",
        hint="Give the path of the folder that `placet init` made.",
    )


def _settings(processes: Processes) -> dict[str, str]:
    """The repository's own settings, as git understands them."""
    try:
        listing = processes.run(
            "config", "--local", "--no-includes", "--null", "--list"
        )
    except FAILURES as error:
        raise broken(error) from error
    lines = (line.partition("\n") for line in listing.decode().split("\0") if line)
    return {key: value for key, _, value in lines}


def _set(processes: Processes, settings: dict[str, str]) -> None:
    for key, value in settings.items():
        processes.run("config", "--local", key, value)


def _flush_all(path: Path) -> None:
    """Git flushes what it stores, not the files that make a repository."""
    for folder, _, files in os.walk(path, topdown=False):
        for file in files:
            descriptor = os.open(Path(folder, file), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        flush(Path(folder))
    flush(path.parent)
