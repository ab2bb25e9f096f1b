"""A ledger in a temporary folder, real git to look at it with, entries to write."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.events import path_of
from registry.ledger import Commit, Entry, Ledger

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
PLAIN = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}

Files = Mapping[str, bytes | None]


def make_entry(number: int, files: Files | None = None, **changes) -> Entry:
    """The entry of event *number*; *changes* replace its other fields."""
    fields = {
        "files": {path_of(number): b'{"number":%d}' % number, **(files or {})},
        "message": f"Do thing {number}\n\nActor: author",
        "author": "author",
        "at": NOON + timedelta(seconds=number, microseconds=number),
    }
    return Entry(**{**fields, **changes})


@pytest.fixture
def entry() -> Callable[..., Entry]:
    return make_entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.git"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.create(path) as ledger:
        yield ledger


@pytest.fixture
def write(ledger: Ledger) -> Callable[..., Commit]:
    """Append the next event with these files; `write.commits` has them all."""

    def write(files: Files | None = None, **changes) -> Commit:
        entry = make_entry(len(write.commits) + 1, files, **changes)
        write.commits.append(ledger.append(entry, expected=ledger.head()))
        return write.commits[-1]

    write.commits = []
    return write


@pytest.fixture
def git(path: Path) -> Callable[..., str]:
    """Run git on the ledger, as a person would with a configuration of none."""

    def git(*arguments: str, given: str = "", **variables: str) -> str:
        run = subprocess.run(
            ["git", "-c", "user.name=p", "-c", "user.email=p@placet", *arguments],
            cwd=path,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", **PLAIN, **variables},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    return git


@pytest.fixture
def contents(git) -> Callable[[str], dict[str, str]]:
    """Every file of a tree with its text, as git shows it."""

    def contents(tree: str) -> dict[str, str]:
        paths = git("ls-tree", "-r", "--name-only", tree).split()
        return {path: git("cat-file", "blob", f"{tree}:{path}") for path in paths}

    return contents
