"""Making, opening and tidying the repository."""

import contextlib
import os
import subprocess
from pathlib import Path

import pytest

from registry.errors import HistoryRewritten, Invalid, LedgerBroken, NotFound
from registry.ledger import Ledger
from tests.ledger.reading import files_at


def test_a_ledger_is_not_made_where_something_is(tmp_path):
    (tmp_path / "mine.txt").write_text("x")

    with pytest.raises(Invalid, match="not empty"):
        Ledger.create(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_ledger_is_not_made_over_another(path, ledger, write):
    commit = write()

    with pytest.raises(Invalid):
        Ledger.create(path)

    assert ledger.head() == commit


def test_a_ledger_may_be_made_in_an_empty_folder(tmp_path):
    with Ledger.create(tmp_path) as ledger:
        assert ledger.head() is None


def test_there_is_nothing_to_open(tmp_path):
    with pytest.raises(NotFound, match="there is no ledger"):
        Ledger.open(tmp_path / "nowhere")


@pytest.mark.parametrize("options", [(), ("--bare", "--object-format=sha256")])
def test_another_repository_is_not_a_ledger(options, tmp_path):
    subprocess.run(["git", "init", "-q", *options, tmp_path / "other"], check=True)

    with pytest.raises(LedgerBroken, match="is not a ledger"):
        Ledger.open(tmp_path / "other")


def test_a_file_is_not_a_ledger(tmp_path):
    (tmp_path / "file").write_text("x")

    with pytest.raises(LedgerBroken, match="is not a ledger"):
        Ledger.open(tmp_path / "file")


def test_opening_mends_the_settings(path, ledger, git):
    git("config", "gc.auto", "100")
    git("config", "--unset", "core.hooksPath")

    Ledger.open(path).close()

    settings = [git("config", key).strip() for key in ("gc.auto", "core.hookspath")]
    assert settings == ["0", os.devnull]


def test_a_damaged_configuration_is_told_as_such(path, ledger):
    (path / "config").write_text("[core\n")

    with pytest.raises(LedgerBroken, match="bad config line"):
        Ledger.open(path)


def test_a_copy_of_a_ledger_is_a_ledger(tmp_path, path, ledger, write, entry):
    commit = write({"live/a.yaml": b"x"})
    copy = tmp_path / "copy.git"
    subprocess.run(["git", "clone", "-q", "--mirror", path, copy], check=True)

    with Ledger.open(copy) as copied:
        assert copied.head() == commit
        assert list(copied.history()) == list(ledger.history())
        assert copied.append(entry(2), expected=commit) == write()


def test_a_relative_path_is_where_it_was_given(path, entry):
    with contextlib.chdir(path.parent):
        ledger = Ledger.create(Path(path.name))

    commit = ledger.append(entry(1), expected=None)
    ledger.close()

    with Ledger.open(path) as same:
        assert same.head() == commit


def test_head_is_found_when_references_are_packed(ledger, write, git):
    first = write()
    git("pack-refs", "--all", "--prune")

    assert ledger.head() == first
    assert write() == ledger.head() != first


def test_a_repository_that_is_gone_is_not_an_empty_ledger(path, ledger, write):
    commit = write()
    path.rename(path.with_name("moved"))

    with pytest.raises(LedgerBroken, match="any more"):
        ledger.head()
    with pytest.raises(LedgerBroken):
        list(ledger.history(after=commit))


@pytest.mark.parametrize("text", ["", "x", "ref: refs/heads/other\n", "A" * 40])
def test_a_damaged_branch_is_told_as_such(text, path, ledger, write):
    write()
    (path / "refs" / "heads" / "main").write_text(text)

    with pytest.raises(LedgerBroken, match="does not hold a commit"):
        ledger.head()


def test_a_branch_at_a_missing_commit_is_told_as_such(path, ledger, write):
    write()
    (path / "refs" / "heads" / "main").write_text("a" * 40)

    with pytest.raises(LedgerBroken):
        list(ledger.history())


def test_repacking_keeps_everything(ledger, write, contents):
    commits = [write({f"live/{n % 5}.yaml": b"%d" % n}) for n in range(20)]
    before = contents("main"), list(ledger.history()), ledger.pack_count()

    ledger.repack(beyond=10)

    assert ledger.pack_count() < before[2] == 20
    assert (contents("main"), list(ledger.history())) == before[:2]
    assert dict(files_at(ledger, commits[0], ["live/0.yaml"])) == {"live/0.yaml": b"0"}
    ledger.fsck()


def test_few_packs_are_left_alone(ledger, write):
    for _ in range(3):
        write()

    ledger.repack()

    assert ledger.pack_count() == 3


def test_writing_and_reading_go_on_while_it_is_repacked(ledger, write):
    for _ in range(5):
        write()
    reading = ledger.history()
    first = next(reading)

    ledger.repack(beyond=1)
    write()

    assert len([first, *reading]) == 5
    assert len(list(ledger.history())) == 6


def test_git_finds_nothing_wrong_with_a_ledger(ledger, write, entry):
    for n in range(5):
        write({"live/production/prompts/a.yaml": b"%d" % n, f"policy/p{n}.yaml": b""})
    ledger.write_all([entry(6), entry(7)], onto=ledger.head())

    ledger.fsck()


def test_a_closed_ledger_can_be_used_again(ledger, write):
    write()

    ledger.close()
    ledger.close()

    assert write() == ledger.head()


def test_a_kept_process_that_was_killed_is_replaced(ledger, write):
    write()
    kept = ledger._references._updater._process
    kept.kill()
    kept.wait()

    assert write() == ledger.head()


def test_an_empty_ledger_was_not_empty_before(ledger):
    with pytest.raises(HistoryRewritten):
        list(ledger.history(after="a" * 40))
