"""`placet serve --workers`: several processes answer at one address."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.cli.reading import Database, Process, begin_on, reads, started
from tests.cli.worlds import Library, World, begin, is_not_served
from tests.databases import Postgres
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

WORKERS = 3
MANY = 24
"""Connections, each to whichever worker the system chooses."""


class Several:
    """A registry that several processes serve."""

    def __init__(self, served: Process, world: World) -> None:
        self.served = served
        self.world = world

    @property
    def pids(self) -> set[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.served.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return set(map(int, listed.stdout.split()))

    def ask_many(self, path: str, token: str | None = None) -> list[httpx2.Response]:
        return [self.served.get(path, token) for _ in range(MANY)]

    def leading(self) -> int:
        """How many of them lead, as far as those tell that were asked."""
        told = [answer.json()["leads"] for answer in self.ask_many("/readyz")]
        return sum(told)


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Several]:
    home = tmp_path / "registry"
    passwords = begin(home)
    with started("--home", home, "--workers", str(WORKERS)) as served:
        yield Several(served, World(served.url, home, passwords))


def test_all_of_them_answer_and_one_of_them_leads(several: Several):
    wait_for(lambda: 0 < several.leading() < MANY)

    assert len(several.pids) == WORKERS


def test_who_is_let_in_by_one_is_let_in_by_all_at_once(several: Several):
    person = several.world["operator"]
    asked = httpx2.post(
        several.served.url + "/v1/sessions",
        json={"handle": person.handle, "password": person.password},
    )

    found = several.ask_many("/v1/environments", asked.json()["token"])

    assert {answer.status_code for answer in found} == {200}


def test_what_one_of_them_wrote_all_of_them_tell_soon(
    several: Several, library: Library
):
    several.world.lives(library.folder, "development")
    token = reads(several.world)["token"]
    head = f"/v1/environments/development/bots/{library.bot}/head"
    wait_for(lambda: {a.status_code for a in several.ask_many(head, token)} == {200})
    library.write_tone("1.0.1", "Be brief.")
    several.world.lives(library.folder, "development")

    def told() -> set[str]:
        return {
            answer.headers["placet-seq"] for answer in several.ask_many(head, token)
        }

    wait_for(lambda: told() == {"2"})


def test_whoever_dies_is_replaced_and_somebody_leads(several: Several):
    before = several.pids

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    wait_for(lambda: len(several.pids) == WORKERS and not several.pids & before)
    wait_for(lambda: _is_answered(several.served))
    wait_for(lambda: several.leading() > 0)
    said = several.served.end()
    assert said.count("killed by signal 9") == WORKERS


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_all_of_them_end_when_the_first_is_told_to(several: Several, told):
    pids = several.pids

    several.served.process.send_signal(told)

    assert several.served.process.wait(timeout=30) == 0
    assert not any(map(_is_there, pids))


def test_nobody_is_left_when_the_first_is_killed(several: Several):
    pids = several.pids

    several.served.kill()

    wait_for(lambda: not any(map(_is_there, pids)))


def test_on_postgresql_they_are_told(
    tmp_path: Path, postgres: Postgres, library: Library
):
    database = Database(postgres)
    home = tmp_path / "registry"
    passwords = begin_on(database, home)
    words = ("--home", home, "--database", database.url, "--workers", str(WORKERS))
    with started(*words) as served:
        several = Several(served, World(served.url, home, passwords))
        several.world.lives(library.folder, "development")
        token = reads(several.world)["token"]
        head = f"/v1/environments/development/bots/{library.bot}/head"

        found = several.ask_many(head, token)

        assert {answer.status_code for answer in found} == {200}
        served.end()
    database.drop()


def test_a_second_server_on_one_folder_waits_and_takes_over(tmp_path: Path):
    home = tmp_path / "registry"
    begin(home)
    with started("--home", home) as first, started("--home", home) as second:
        told = second.get("/readyz").json()
        assert first.get("/readyz").json()["leads"]
        assert (told["leads"], told["writes"]) == (False, True)

        first.kill()

        wait_for(lambda: second.get("/readyz").json()["leads"])
        said = second.end()
        assert "Another process on this folder does what happens by itself" in said
        assert "from now on this process does what happens by itself" in said


def test_a_reader_is_one_process(tmp_path: Path):
    words = ("--reader", "--database", "postgresql://x", "--workers", "2")

    assert "a reader answers chatbots" in is_not_served(tmp_path, *words)


def _is_answered(served: Process) -> bool:
    try:
        return served.get("/readyz").status_code == 200
    except httpx2.TransportError:
        return False


def _is_there(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
