"""`placet verify` of a clone, and what is kept of a checkpoint: with nothing else."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from registry import checkpoints, signed_notes
from registry.checkpoints import Checkpoint
from registry.cli.app import app
from registry.writer import Home, opened
from tests.cli.worlds import World


def placet(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), prog_name="placet")


def git(*words: str | Path) -> str:
    return subprocess.run(
        ["git", *words], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    done = placet("init", "--home", tmp_path / "registry", "--generate-passwords")
    assert done.exit_code == 0, done.output
    with opened(Home(path=tmp_path / "registry")) as registry:
        registry.afterwards.once()
    return tmp_path / "registry"


@pytest.fixture
def clone(home: Path, tmp_path: Path) -> Path:
    git("clone", "--quiet", "--mirror", home / "ledger.git", tmp_path / "clone.git")
    return tmp_path / "clone.git"


@pytest.fixture
def kept(clone: Path, tmp_path: Path) -> Path:
    """A checkpoint in a file of its own."""
    note = git("--git-dir", clone, "show", "checkpoints:checkpoint")
    path = tmp_path / "kept.txt"
    path.write_text(f"{note}\n")
    return path


def test_the_beginning_prints_the_key_that_verifies(tmp_path: Path):
    done = placet("init", "--home", tmp_path / "registry", "--generate-passwords")

    key = (tmp_path / "registry" / "ledger.pub").read_text().strip()
    assert key in done.stdout.splitlines()
    assert key.startswith("placet/")


def test_a_clone_is_proved_with_the_key_alone(home: Path, clone: Path, kept: Path):
    key = (home / "ledger.pub").read_text().strip()
    home.rename(home.with_name("elsewhere"))

    done = placet("verify", "--ledger", clone, "--key", key, "--checkpoint", kept)

    assert done.exit_code == 0, done.output
    assert "Every event is there, unchanged, and signed." in done.stdout
    assert "1 event, 1 checkpoint" in done.stdout


def test_a_program_reads_what_was_proved(home: Path, clone: Path):
    done = placet("verify", "--ledger", clone, "--key", home / "ledger.pub", "--json")

    proven = json.loads(done.stdout)
    assert (proven["events"], proven["checkpoints"]) == (1, 1)


def test_a_registry_is_compared_with_the_last_checkpoint_beside_its_key(
    home: Path, tmp_path: Path
):
    key = (
        Home(path=home).keys().signing((home / "ledger.pub").read_text().split("+")[0])
    )
    longer = Checkpoint(origin=key.name, size=2, root=bytes(32), extensions=())
    note = signed_notes.dump(checkpoints.sign(longer, key))
    assert placet("verify", "--home", home).exit_code == 0

    (home / "ledger.signed").write_bytes(note)
    done = placet("verify", "--home", home)

    assert done.exit_code == 1
    assert "event 2 and what came after it was cut off" in done.stderr
    assert "ledger.signed" in done.stderr


def test_what_does_not_hold_is_told_with_the_status_1(home: Path, clone: Path):
    git("--git-dir", clone, "update-ref", "-d", "refs/heads/checkpoints")

    done = placet("verify", "--ledger", clone, "--key", home / "ledger.pub")

    assert done.exit_code == 1
    assert "nothing in the clone is signed" in done.stderr


def test_a_registry_is_compared_with_what_was_kept(home: Path, kept: Path):
    done = placet("verify", "--home", home, "--checkpoint", kept)

    assert done.exit_code == 0, done.output
    assert "1 checkpoint, the last one of event 1" in done.stdout


@pytest.mark.parametrize("altered", ["1\n", "root"])
def test_a_kept_checkpoint_that_was_altered_is_found(
    altered: str, home: Path, kept: Path
):
    text = kept.read_text()
    lines = text.splitlines(keepends=True)
    lines[1 if altered == "1\n" else 2] = (
        "2\n" if altered == "1\n" else "A" * 43 + "=\n"
    )
    kept.write_text("".join(lines))

    done = placet("verify", "--home", home, "--checkpoint", kept)

    assert done.exit_code == 1
    assert "is not right" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--ledger", "{clone}"), "without a key nothing can be proved"),
        (("--ledger", "{clone}", "--key", "nonsense"), "is not a verifier key"),
        (("--ledger", "{clone}", "--key", "{kept}"), "is not a verifier key"),
        (("--ledger", "{home}", "--key", "{key}"), "is not a git repository"),
        (
            ("--ledger", "{clone}", "--key", "{key}", "--checkpoint", "{key}"),
            "is not a signed note",
        ),
        (
            ("--ledger", "{clone}", "--key", "{key}", "--checkpoint", "nowhere.txt"),
            "nowhere.txt cannot be read",
        ),
    ],
)
def test_wrong_input_is_refused_with_the_status_2(
    words: tuple[str, ...], said: str, home: Path, clone: Path, kept: Path
):
    places = {"clone": clone, "kept": kept, "home": home, "key": home / "ledger.pub"}

    done = placet("verify", *(word.format(**places) for word in words))

    assert done.exit_code == 2, done.output
    assert said in done.stderr.replace("this is not", "is not")


def test_a_checkpoint_is_kept_and_proves_the_registry_later(
    world: World, tmp_path: Path
):
    kept = tmp_path / "kept.txt"

    world["viewer"].does("ledger", "checkpoint", "--to", str(kept))

    assert world["viewer"].does("ledger", "checkpoint").startswith("placet/")
    assert "cannot be written" in world["viewer"].is_refused(
        "ledger", "checkpoint", "--to", str(kept)
    )
    done = placet("verify", "--home", world.home, "--checkpoint", kept)
    assert done.exit_code == 0, done.output


def test_the_server_tells_the_key_that_the_folder_has(world: World):
    told = world["viewer"].does("ledger", "keys")

    assert told == (world.home / "ledger.pub").read_text()


def test_a_registry_without_mirrors_says_so(world: World):
    assert "placet serve --mirror" in world["viewer"].does("ledger", "mirrors")
    assert world["viewer"].reads("ledger", "mirrors") == []
