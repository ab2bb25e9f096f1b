"""A ledger in which everything happened, and packs that are made of it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from registry.cli.app import app
from registry.events import Event, dump
from registry.evidence_packs.history import History, history_of
from registry.evidence_packs.signed import Record
from registry.names import digest_of
from registry.writer import Home
from tests.evidence_packs.story import live_through, make_home

Pack = Callable[..., Path]


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[Event]]:
    """The registry, and all of its events; nobody may write to it."""
    home = make_home(tmp_path_factory.mktemp("lived") / "registry")
    return home, live_through(home)


@pytest.fixture(scope="session")
def clone(lived: tuple[Home, list[Event]], tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("clone") / "ledger.git"
    words = ["git", "clone", "--quiet", "--mirror", lived[0].ledger_path, path]
    subprocess.run(words, check=True)
    return path


@pytest.fixture(scope="session")
def events(lived: tuple[Home, list[Event]]) -> list[Event]:
    return lived[1]


@pytest.fixture(scope="session")
def history(events: list[Event]) -> History:
    return recorded(events)


def recorded(events: list[Event]) -> History:
    return history_of(
        Record(event=event, body=dump(event), digest=digest_of(dump(event)))
        for event in events
    )


def placet(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), prog_name="placet")


@pytest.fixture(scope="session")
def packs(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Makes a pack of the clone, once for each question."""
    made: dict[tuple[str, ...], Path] = {}

    def pack(*question: str) -> Path:
        if question not in made:
            folder = tmp_path_factory.mktemp("packs") / "pack"
            done = placet("evidence", *question, "--ledger", clone, "-o", folder)
            assert done.exit_code == 0, done.output
            made[question] = folder
        return made[question]

    return pack


@pytest.fixture
def copied(packs: Pack, tmp_path: Path) -> Pack:
    """A pack of one's own, to break."""

    def copy(*question: str) -> Path:
        return shutil.copytree(packs(*question), tmp_path / "copy")

    return copy


def check(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the pack's own program, away from everything that is installed."""
    return subprocess.run(
        [sys.executable, "-S", "-E", folder / "verify.py", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
