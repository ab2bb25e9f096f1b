"""A machine is lost, and another one goes on from the database alone."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.reading import Database, begin_on, reads, started
from tests.cli.worlds import PLACET, Library, World
from tests.databases import Postgres

pytestmark = pytest.mark.slow


def history(home: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "-C", home / "ledger.git", "rev-list", "--reverse", "main"],
        check=True,
        capture_output=True,
        text=True,
    )
    return listed.stdout.split()


def test_another_machine_goes_on_with_the_same_commits(
    tmp_path: Path, postgres: Postgres, library: Library
):
    database = Database(postgres)
    lost, other = tmp_path / "lost", tmp_path / "other"
    passwords = begin_on(database, lost)
    with started("--home", lost, "--database", database.url) as server:
        world = World(server.url, lost, passwords)
        world.lives(library.folder, "development")
        token = reads(world)["token"]
        server.kill()
    before = history(lost)

    on = ("--home", other, "--database", database.url)
    subprocess.run([PLACET, "rebuild", "--ledger", *on], check=True)

    assert history(other) == before
    with started(*on) as server:
        bot = f"/v1/environments/development/bots/{library.bot}"
        assert server.get(bot, token).headers["placet-seq"] == "1"
        library.write_tone("1.0.1", "Be brief.")
        World(server.url, other, passwords).lives(library.folder, "development")
        assert server.get(bot, token).headers["placet-seq"] == "2"
        server.end()
    assert history(other)[: len(before)] == before
    with started("--home", lost, "--database", database.url) as server:
        assert not server.get("/readyz").json()["writes"]
    database.drop()
