"""`placet backup`, `placet restore` and `placet move`, as people call them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from registry.cli.app import app
from registry.commands import RaiseEpoch
from registry.epochs import BY_HAND
from registry.writer import Home, opened
from tests.cli.worlds import PLACET


def placet(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), prog_name="placet")


def said(*words: str | Path) -> dict:
    done = placet(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refused(*words: str | Path) -> str:
    done = placet(*words)
    assert done.exit_code == 2, done.output
    return done.stderr


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("begun") / "registry"
    done = placet("init", "--home", home, "--generate-passwords")
    assert done.exit_code == 0, done.output
    with opened(Home(path=home)) as registry:
        registry.afterwards.once()
    return home


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "registry"))


@pytest.fixture
def backup(home: Path, tmp_path: Path) -> Path:
    return Path(said("backup", tmp_path / "backups", "--home", home)["path"])


def test_a_backup_says_where_it_is_and_that_it_holds_secrets(
    home: Path, tmp_path: Path
):
    done = placet("backup", tmp_path / "backups", "--home", home)

    (path,) = (tmp_path / "backups").iterdir()
    assert done.exit_code == 0, done.output
    assert str(path) in done.stdout
    assert "1 event, epoch 1" in done.stdout
    assert "It holds secrets" in done.stderr
    assert "the registry's keys" in done.stderr


def test_places_may_be_named_from_where_one_is(home: Path, tmp_path: Path):
    def there(*words: str) -> None:
        subprocess.run([PLACET, *words], cwd=tmp_path, check=True, capture_output=True)

    there("backup", "backups", "--home", home.name)
    (taken,) = (tmp_path / "backups").iterdir()
    there("restore", f"backups/{taken.name}", "--home", "new", "--reason", "A drill.")

    assert placet("verify", "--home", tmp_path / "new").exit_code == 0


def test_keys_can_be_left_out(home: Path, tmp_path: Path):
    done = placet("backup", tmp_path / "backups", "--home", home, "--without-keys")

    assert "the registry's keys" not in done.stderr
    assert not list((tmp_path / "backups").rglob("ledger.key"))


def test_older_backups_are_removed_and_nothing_else(
    home: Path, backup: Path, tmp_path: Path
):
    old = shutil.copytree(backup, backup.with_name("an-older-one"))
    manifest = json.loads((old / "manifest.json").read_text())
    manifest["taken"] = "2020-01-01T00:00:00Z"
    (old / "manifest.json").write_text(json.dumps(manifest))
    other = shutil.copytree(old, old.with_name("of-another-registry"))
    manifest["repository"] = "another"
    (other / "manifest.json").write_text(json.dumps(manifest))
    (backup.parent / "notes").mkdir()
    with opened(Home(path=home)) as registry:
        registry.writer.reconcile()
    backup.rename(backup.with_name("the-one-before"))

    done = said("backup", backup.parent, "--home", home, "--keep", "2")

    left = {path.name for path in backup.parent.iterdir()}
    assert done["removed"] == ["an-older-one"]
    assert left == {
        "the-one-before",
        "of-another-registry",
        "notes",
        Path(done["path"]).name,
    }


def test_a_backup_is_tried_out_without_leaving_anything(backup: Path, tmp_path: Path):
    before = sorted(tmp_path.rglob("*"))

    done = placet("restore", backup, "--check")

    assert done.exit_code == 0, done.output
    assert "It can be restored" in done.stdout
    assert sorted(tmp_path.rglob("*")) == before


def test_a_restored_registry_is_told_with_its_new_key(backup: Path, tmp_path: Path):
    new = tmp_path / "new"

    done = placet("restore", backup, "--home", new, "--reason", "A drill.")

    assert done.exit_code == 0, done.output
    assert f"There is a registry in {new}" in done.stdout
    assert "lost, if anything did" in done.stdout
    assert (new / "ledger.pub").read_text().splitlines()[-1] in done.stdout
    assert "Everybody signs in again" in done.stderr
    assert "restoring" not in done.output  # that folder is gone
    assert placet("verify", "--home", new).exit_code == 0


def test_it_says_how_much_is_lost_if_somebody_kept_a_checkpoint(
    home: Path, backup: Path, tmp_path: Path
):
    kept = home / "ledger.signed"

    done = said(
        *("restore", backup, "--home", tmp_path / "new", "--reason", "A drill."),
        *("--checkpoint", kept),
    )

    assert done["lost"] == 0


def test_an_epoch_is_raised_where_files_were_put_back(home: Path):
    done = placet("restore", "--here", "--home", home, "--reason", "From the mirror.")

    assert done.exit_code == 0, done.output
    assert "It is epoch 2" in done.stdout  # minutes since 1970: twenty-nine million
    assert "nothing happened after event 1" in done.stdout
    assert (home / "ledger.key.epoch-1").exists()
    assert placet("verify", "--home", home).exit_code == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "there is nothing to restore"),
        (("BACKUP", "--here", "--reason", "Both."), "two things"),
        (("--here", "--check"), "nothing to restore"),
        (("BACKUP",), "needs a reason"),
    ],
)
def test_what_makes_no_sense_is_refused(backup: Path, words, why):
    words = [str(backup) if word == "BACKUP" else word for word in words]

    assert why in refused("restore", *words)


def test_where_there_is_no_registry_it_says_so(tmp_path: Path):
    for words in (
        ("backup", tmp_path / "backups"),
        ("move", "--to", "postgresql://nobody@127.0.0.1:1/placet"),
        ("restore", "--here", "--reason", "Why not."),
    ):
        told = refused(*words, "--home", tmp_path / "none")
        assert "there is no registry" in told
    assert not (tmp_path / "none").exists()


def test_a_database_that_does_not_answer_is_told(home: Path):
    url = "postgresql://nobody@127.0.0.1:1/placet"

    assert "the database cannot be used" in refused("move", "--home", home, "--to", url)
    assert placet("verify", "--home", home).exit_code == 0


def test_what_a_mirror_has_more_than_the_backup_is_not_lost(
    home: Path, backup: Path, tmp_path: Path
):
    """The way that docs/running.md tells."""
    with opened(Home(path=home)) as registry:
        raised = RaiseEpoch(taken=None, known=None, reason="Something happened.")
        registry.writer.write(raised, by=BY_HAND)
        registry.afterwards.once()
    new = tmp_path / "new"
    assert not placet("restore", backup, "--home", new, "--reason", "Gone.").exit_code

    shutil.move(new / "ledger.git", tmp_path / "from-the-backup")
    clone = ["git", "clone", "-q", "--mirror", home / "ledger.git", new / "ledger.git"]
    subprocess.run(clone, check=True)
    (new / "ledger.signed").unlink()
    rebuilt = placet("rebuild", "--home", new)
    here = said("restore", "--here", "--home", new, "--reason", "The mirror has it.")

    assert rebuilt.exit_code == 0, rebuilt.output
    assert here["restored"]["events"] == 2
    verified = said("verify", "--home", new)
    assert (verified["events"], verified["signed"]) == (3, 3)
