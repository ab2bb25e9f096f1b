"""`placet evidence`: from a server, from its folder, and from a clone alone."""

import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from registry.cli.app import app
from registry.db.engine import disposing
from registry.db.observations import Observation, Observations
from registry.errors import Invalid, NotFound
from registry.remote import Remote
from registry.writer import Home
from tests.cli.worlds import Library, World


@pytest.fixture
def change(world: World, library: Library) -> int:
    """A change that is live in production, and signed."""
    number = world["author"].reads(
        *("submit", str(library.folder), "--env", "development"),
        *("--title", "Take it live"),
    )["id"]
    world["operator"].does("activate", str(number))
    signed(world)
    return number


def signed(world: World) -> None:
    """Wait until everything that was written is signed."""
    (last,) = world["viewer"].reads("log", "development", "--limit", "1")
    for _ in range(100):
        note = world["viewer"].does("ledger", "checkpoint")
        if int(note.splitlines()[1]) >= last_event(world):
            return
        time.sleep(0.1)
    raise AssertionError(last)


def last_event(world: World) -> int:
    words = ["git", "--git-dir", world.home / "ledger.git", "rev-list", "--count"]
    counted = subprocess.run([*words, "main"], check=True, capture_output=True)
    return int(counted.stdout)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def alone(*words: str | Path) -> str:
    """Run `placet` without a session."""
    done = CliRunner().invoke(
        app,
        list(map(str, words)),
        env={"XDG_CONFIG_HOME": "/nowhere", "PLACET_URL": None, "PLACET_TOKEN": None},
        prog_name="placet",
    )
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.slow
def test_a_server_its_folder_and_a_clone_give_the_same_bytes(
    world: World, change: int, tmp_path: Path
):
    clone = tmp_path / "ledger.git"
    words = ["git", "clone", "--quiet", "--mirror", world.home / "ledger.git", clone]
    subprocess.run(words, check=True)
    kept = tmp_path / "kept"
    world["viewer"].does("ledger", "checkpoint", "--to", str(kept))
    begin = datetime.now(UTC) - timedelta(days=1)
    end = datetime.now(UTC)
    questions = [
        [str(change)],
        ["--environment", "development", "--at", end.isoformat()],
        ["--from", begin.isoformat(), "--to", end.isoformat()],
    ]

    for number, question in enumerate(questions):
        options = ["--checkpoint", str(kept), "-o"]
        served = tmp_path / f"served-{number}"
        told = world["viewer"].does("evidence", *question, *options, str(served))
        here, there = tmp_path / f"home-{number}", tmp_path / f"clone-{number}"
        alone("evidence", *question, *options, here, "--home", world.home)
        alone("evidence", *question, *options, there, "--ledger", clone)

        assert files(served) == files(here) == files(there)
        assert f"Written to {served}" in told
        assert "verify.py --key 'placet/" in told


@pytest.mark.slow
def test_when_a_client_was_last_seen_is_told_where_the_registry_knows(
    world: World, library: Library, change: int, tmp_path: Path
):
    library.write_tone("1.1.0", "Be calm.")
    later = world["author"].reads(
        *("submit", str(library.folder), "--env", "development"),
        *("--title", "Calm down"),
    )["id"]
    world["operator"].does("activate", str(later))
    signed(world)
    seen = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    before = world["viewer"].reads("show", str(change))
    observed = Observation(
        environment="development",
        bot=library.bot,
        role="main",
        seq=before["seq"],
        bundle="sha256:" + "0" * 64,
        response_model="m",
        fingerprint="",
        binding="",
        first_seen=seen,
        last_seen=seen,
        count=1,
    )
    with disposing(Home(path=world.home).open_operations()) as engine:
        Observations(engine).add([observed], [])

    for name, source in (("served", ()), ("home", ("--home", str(world.home)))):
        world["viewer"].does(
            "evidence", str(later), "-o", str(tmp_path / name), *source
        )
        page = (tmp_path / name / "evidence.md").read_text()
        assert "last client seen on an earlier seq | 2026-01-02 03:04:05 UTC" in page
    ledger = ("--ledger", str(world.home / "ledger.git"))
    alone("evidence", str(later), "-o", tmp_path / "clone", *ledger)
    told = files(tmp_path / "clone")
    assert b"last client seen on an earlier seq | not measured" in told["evidence.md"]
    differing = {n for n, d in files(tmp_path / "served").items() if told[n] != d}
    assert differing == {
        *("evidence.json", "evidence.md", "evidence.html", "manifest.json")
    }


def test_a_folder_with_something_in_it_is_not_written_over(
    world: World, tmp_path: Path
):
    (tmp_path / "mine.txt").write_text("mine")

    said = world["viewer"].is_refused("evidence", "1", "-o", str(tmp_path))

    assert "there is something in" in said
    assert files(tmp_path) == {"mine.txt": b"mine"}


def test_an_empty_folder_is_filled_and_nothing_is_left_beside_it(
    world: World, tmp_path: Path
):
    target = tmp_path / "empty"
    target.mkdir()

    world["viewer"].does(
        *("evidence", "--from", "2020-01-01", "--to", "2020-02-01", "-o", str(target))
    )

    assert (target / "verify.py").is_file()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "evidence is of a change, of a moment or of a period"),
        (("1", "--at", "2026-05-03"), "of a change, of a moment or of a period"),
        (("--at", "2026-05-03"), "a moment is one of an environment"),
        (("--from", "2026-05-03"), "a period has a beginning and an end"),
        (("--from", "2026-05-03", "--to", "2026-05-03"), "ends before it begins"),
        (("--env", "production", "--at", "2999-01-01"), "is not over yet"),
        (("--from", "2026-05-03", "--to", "2999-01-01"), "is not over yet"),
        (("--env", "production", "--at", "yesterday"), "is not a time"),
        (("99999",), "there is no change 99999"),
        (("--env", "nowhere", "--from", "2026-01-01", "--to", "2026-02-01"), "nowhere"),
        (("1", "--ledger", "a", "--home", "b"), "two ways to say where the ledger is"),
        (("1", "--checkpoint", "nowhere.txt"), "nowhere.txt cannot be read"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_nothing_is_written(
    words: tuple[str, ...], said: str, world: World, tmp_path: Path
):
    target = tmp_path / "out"

    told = world["viewer"].is_refused("evidence", *words, "-o", str(target))

    assert said in told
    assert list(tmp_path.iterdir()) == []


def test_a_text_is_read_by_its_digest_and_one_that_no_event_brought_is_not_found(
    world: World,
):
    (view,) = world["viewer"].reads("policy", "show", "development")
    session = (
        world.home.parent / "configuration-viewer/placet/session.json"
    ).read_text()
    token = session.split('"token":"')[1].split('"')[0]

    with Remote(world.url, token) as remote:
        source = remote.ledger.text(view["digest"])
        assert source.decode() == view["source"]
        with pytest.raises(NotFound, match="no event brought the text"):
            remote.ledger.text("sha256:" + "0" * 64)
        with pytest.raises(Invalid, match="is not a digest"):
            remote.ledger.text("nonsense")
