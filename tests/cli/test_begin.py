"""`placet init`, `rebuild` and `verify`: on a registry's folder."""

import json
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError
from typer.testing import CliRunner, Result

from registry.cli.app import app
from registry.cli.beginning import (
    begin,
    demo_policies,
    make_password,
    parse_account,
)
from registry.writer import Home


def placet(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), prog_name="placet")


def accounts(home: Path) -> list[str]:
    """Who has an account in the registry's folder."""
    path = home / "operations.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT handle FROM account ORDER BY handle")
        return [handle for (handle,) in rows]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    done = placet("init", "--home", tmp_path / "registry", "--generate-passwords")
    assert done.exit_code == 0, done.output
    return tmp_path / "registry"


def test_a_registry_begins_with_two_administrators(tmp_path: Path):
    done = placet("init", "--home", tmp_path / "registry", "--json")

    passwords = json.loads(done.stdout)
    assert list(passwords) == ["admin", "admin2"]
    assert len(set(passwords.values())) == 2
    assert stat.S_IMODE((tmp_path / "registry").stat().st_mode) == 0o700


def test_a_registry_is_never_begun_over_another(home: Path):
    done = placet("init", "--home", home)

    assert done.exit_code == 2
    assert f"there is a registry in {home} already" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--person", "admin:emperor"), "has a role that does not exist"),
        (("--person", "author:author"), "a registry needs an administrator"),
        (("--person", "No Body:admin"), "cannot be a handle or a seat"),
    ],
)
def test_a_beginning_that_is_refused_leaves_nothing(
    tmp_path: Path, words: tuple[str, ...], said: str
):
    done = placet("init", "--home", tmp_path / "registry", "--json", *words)

    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "registry" / "ledger.git").exists()
    assert accounts(tmp_path / "registry") == []


def test_a_beginning_whose_passwords_cannot_be_kept_can_be_tried_again(tmp_path: Path):
    home = Home(path=tmp_path)
    home.open_operations().dispose()
    with closing(sqlite3.connect(tmp_path / "operations.db")) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON account WHEN new.handle = 'admin2' "
            "BEGIN SELECT raise(ABORT, 'no room'); END"
        )
    people = [
        parse_account(f"{handle}:admin", make_password())
        for handle in ("admin", "admin2")
    ]

    with pytest.raises(SQLAlchemyError, match="no room"):
        begin(home, demo_policies(), people)
    left = accounts(tmp_path)
    with closing(sqlite3.connect(tmp_path / "operations.db")) as connection:
        connection.execute("DROP TRIGGER full")
    begin(home, demo_policies(), people)

    assert left == []
    assert accounts(tmp_path) == ["admin", "admin2"]
    assert placet("verify", "--home", tmp_path).exit_code == 0


def test_an_untouched_registry_is_as_its_ledger_says(home: Path):
    done = placet("verify", "--home", home, "--json")

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["events"] == 1


def test_the_first_thing_that_is_wrong_is_named(home: Path):
    with sqlite3.connect(home / "registry.db") as connection:
        connection.execute("UPDATE event SET type = 'other'")
    connection.close()

    done = placet("verify", "--home", home)

    assert done.exit_code == 1
    assert "the table event differs from what the ledger makes of it" in done.stderr
    assert "placet rebuild" in done.stderr


def test_tables_that_were_tampered_with_are_made_again(home: Path):
    with sqlite3.connect(home / "registry.db") as connection:
        connection.execute("UPDATE event SET type = 'other'")
    connection.close()

    placet("rebuild", "--home", home)

    assert placet("verify", "--home", home).exit_code == 0


def test_a_lost_ledger_is_written_again_from_the_tables(home: Path):
    shutil.rmtree(home / "ledger.git")

    done = placet("rebuild", "--home", home, "--ledger")

    assert done.exit_code == 0, done.output
    assert placet("verify", "--home", home).exit_code == 0


def test_a_ledger_that_is_there_is_never_replaced(home: Path):
    done = placet("rebuild", "--home", home, "--ledger")

    assert done.exit_code == 2
    assert "there is a ledger" in done.stderr


def test_a_folder_without_a_registry_is_named(tmp_path: Path):
    done = placet("verify", "--home", tmp_path)

    assert done.exit_code == 2
    assert f"there is no registry in {tmp_path}" in done.stderr
    assert list(tmp_path.iterdir()) == []
