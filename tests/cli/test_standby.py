"""A machine is lost, and another one goes on from the database alone."""

import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.cli.reading import Database, Process, begin_on, reads, started
from tests.cli.worlds import PLACET, Library, World, is_not_served
from tests.databases import Postgres
from tests.waiting import wait_for

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


def leads(server: Process) -> bool:
    try:
        return server.get("/readyz").json().get("leads", False)
    except httpx2.TransportError:  # between the reader and the registry
        return False


def test_whoever_stands_by_takes_over_from_whoever_is_killed(
    tmp_path: Path, postgres: Postgres, library: Library
):
    database = Database(postgres)
    one, other = tmp_path / "one", tmp_path / "other"
    passwords = begin_on(database, one)
    here = ("--home", one, "--database", database.url)
    there = ("--home", other, "--database", database.url)
    bot = f"/v1/environments/development/bots/{library.bot}"
    with started(*here) as first, started("--standby", *there) as second:
        world = World(first.url, one, passwords)
        world.lives(library.folder, "development")
        token = reads(world)["token"]
        wait_for(lambda: second.get(bot, token).status_code == 200)
        assert second.get("/readyz").json()["standby"]
        assert second.get("/v1/changes", token).status_code == 404
        assert not (other / "ledger.git").exists()
        before = history(one)

        first.kill()

        wait_for(lambda: leads(second))
        assert history(other) == before
        assert second.get(bot, token).headers["placet-seq"] == "1"
        library.write_tone("1.0.1", "Be brief.")
        World(second.url, other, passwords).lives(library.folder, "development")
        after = history(other)
        assert after[: len(before)] == before != after
        with started("--standby", *here) as again:
            assert again.get("/readyz").json()["standby"]
            second.kill()

            wait_for(lambda: leads(again))
            assert history(one) == after
            assert again.get(bot, token).headers["placet-seq"] == "2"
            assert (one / "ledger.git.left-1").is_dir()
            assert "the ledger here was left behind" in again.end()
    database.drop()


def test_a_standby_needs_a_database_of_others(tmp_path: Path):
    assert "a standby is one process" in is_not_served(tmp_path, "--standby")
