"""Archives: branches of a ledger in one file, which git calls a bundle.

An archive is of commits, not of branches: whatever is written meanwhile is not in
it, and what is in it belongs together.  `git clone FILE` reads one as well, without
any of our code.
"""

import shutil
from collections.abc import Mapping
from io import FileIO
from pathlib import Path

from registry.errors import Invalid
from registry.ledger import repository
from registry.ledger.entries import Commit, parse_commit
from registry.ledger.gitpython import CommandError
from registry.ledger.processes import FAILURES, Processes, broken, flush
from registry.ledger.references import CHECKPOINTS, DERIVED, MAIN, References
from registry.names import check_environment

_FIRST_LINE = b"# v2 git bundle\n"
_MAX_LINE_BYTES = 1024
_TRIES = 3
"""A pack may be joined to others while it is read: then reading begins again."""


def write_archive(ledger: Path, branches: Mapping[str, Commit], path: Path) -> None:
    """Put *branches* of the ledger, with all that they lead to, into the file *path*.

    Raises:
        LedgerBroken: git cannot read an object.
        OSError: The file cannot be written.
    """
    processes = Processes(ledger.absolute())
    for left in reversed(range(_TRIES)):
        try:
            _write(processes, branches, path)
        except CommandError as error:
            if not left:
                raise broken(error) from error
        else:
            return


def read_archive(path: Path, ledger: Path, *, scratch: bool = False) -> None:
    """Make a ledger of the archive *path* in the new folder *ledger*.

    Args:
        scratch: As for `Ledger.create`.

    Raises:
        Invalid: It is no archive.
        LedgerBroken: An object is damaged or missing.
        LedgerUnwritable: The disk is full.
    """
    ledger = ledger.absolute()
    processes = Processes(ledger, quick=scratch)
    repository.create(ledger, processes)
    with path.open("rb", buffering=0) as file:  # git goes on where we stop reading
        branches = _branches(file, path)
        try:
            with processes.start(
                "index-pack", "--stdin", "--strict", given=file
            ) as indexing:
                indexing.answer()
            processes.run("rev-list", "--quiet", "--objects", *branches.values())
        except FAILURES as error:
            raise broken(error) from error
    flush(ledger / "objects" / "pack")
    references = References(ledger, processes)
    try:
        for name, commit in sorted(branches.items()):
            references.move(name, commit, old=None)
    finally:
        references.close()


def _write(processes: Processes, branches: Mapping[str, Commit], path: Path) -> None:
    with path.open("wb") as file:
        file.write(_FIRST_LINE)
        for name, commit in sorted(branches.items()):
            file.write(f"{commit} {name}\n".encode())
        file.write(b"\n")
        with processes.start(
            "pack-objects", "--revs", "--stdout", "--delta-base-offset", "-q"
        ) as packing:
            wanted = "".join(f"{commit}\n" for commit in set(branches.values()))
            packing.stdin.write(wanted.encode())
            packing.stdin.close()
            shutil.copyfileobj(packing.stdout, file)
            packing.finish()


def _branches(file: FileIO, path: Path) -> dict[str, Commit]:
    """What stands before the pack; the file is then where that begins."""
    if file.readline(_MAX_LINE_BYTES) != _FIRST_LINE:
        raise _no_archive(path)
    found = {}
    while (line := file.readline(_MAX_LINE_BYTES)) != b"\n":
        commit, _, name = line.decode("utf-8", "replace").rstrip("\n").partition(" ")
        if not line.endswith(b"\n") or not _is_ours(name):
            raise _no_archive(path)
        try:
            found[name] = parse_commit(commit)
        except Invalid as error:
            raise _no_archive(path) from error
    if MAIN not in found:
        raise _no_archive(path)
    return found


def _is_ours(name: str) -> bool:
    if name.startswith(DERIVED):
        try:
            check_environment(name.removeprefix(DERIVED))
        except Invalid:
            return False
        return True
    return name in {MAIN, CHECKPOINTS}


def _no_archive(path: Path) -> Invalid:
    return Invalid(
        f"{path} is not the archive of a ledger",
        hint="Give a backup as `placet backup` made it.",
    )
