"""A disk that is full, read-only or slow to let go: told as such, nothing lost."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import registry
from registry.errors import LedgerUnwritable
from registry.ledger import Ledger
from tests.ledger.reading import files_at

ROOT = Path(registry.__file__).parent.parent
BLOCK = 4096

LIMITED = """
import os, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from registry.errors import LedgerUnwritable
from registry.ledger import Entry, Ledger

with Ledger.open(Path(sys.argv[1])) as ledger:
    entry = Entry(
        files={"events/000/000002.json": os.urandom(100_000)},
        message="Too much",
        author="author",
        at=datetime(2026, 5, 3, 12, tzinfo=UTC),
    )
    head = ledger.head()
    LIMIT
    try:
        ledger.append(entry, expected=head)
    except LedgerUnwritable as error:
        print(error)
"""


def run_limited(path, limit):
    """Append in a process that lives under *limit*, and return what it is told."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED.replace("LIMIT", limit), path],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def mount(*arguments):
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True)
    if done.returncode != 0:
        pytest.skip("this account cannot mount a small disk")


@pytest.fixture
def disk(tmp_path):
    """A disk of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def path(disk):
    return disk / "ledger.git"


def fill(disk, *, free):
    """Fill the disk up to *free* bytes."""
    left = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(left.f_bavail * left.f_frsize - free))


@pytest.mark.parametrize("blocks", range(12))
def test_a_full_disk_is_told_and_leaves_the_ledger_as_it_was(
    blocks, disk, ledger, write, entry
):
    before = write({"live/a.yaml": b"one"})
    following = entry(2, {"live/a.yaml": os.urandom(2 * BLOCK)})
    fill(disk, free=blocks * BLOCK)

    told, written = None, before
    try:
        written = ledger.append(following, expected=before)
    except LedgerUnwritable as error:
        told = str(error)

    assert ledger.head() == written
    assert (told is None) == (written != before)
    assert told is None or told.startswith("the ledger could not be written: ")
    (disk / "filler").unlink()
    if written == before:
        written = ledger.append(following, expected=before)
    assert [commit for commit, _ in ledger.history()] == [before, written]
    assert list(disk.glob("ledger.git/objects/pack/tmp_*")) == []
    assert list(disk.glob("ledger.git/fast_import_crash_*")) == []
    ledger.fsck()


def test_a_full_disk_can_be_read(disk, ledger, write):
    commit = write({"live/a.yaml": b"one"})

    fill(disk, free=0)

    assert [read for read, _ in ledger.history()] == [commit]
    assert files_at(ledger, commit, ["live/a.yaml"]) == [("live/a.yaml", b"one")]


def test_a_read_only_disk_is_told_and_can_be_read(disk, path, ledger, write, entry):
    first, before = write(), write()

    mount("-o", "remount,ro", disk)
    with pytest.raises(LedgerUnwritable, match="Read-only"):
        ledger.append(entry(3), expected=before)
    with pytest.raises(LedgerUnwritable, match="Read-only"):
        ledger.repack(beyond=0)
    with Ledger.open(path) as other:
        assert [commit for commit, _ in other.history()] == [first, before]

    mount("-o", "remount,rw", disk)
    assert ledger.head() == before
    assert write() == ledger.head()


def test_a_ledger_is_not_made_on_a_full_disk(disk, path):
    fill(disk, free=BLOCK)

    with pytest.raises(LedgerUnwritable):
        Ledger.create(path)


class TestOnAnyDisk:
    """Nothing here needs a disk of its own."""

    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "ledger.git"

    def test_a_write_that_is_too_large_for_the_process_is_told(
        self, path, ledger, write
    ):
        before = write()

        told = run_limited(
            path, "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))"
        )

        assert "could not be written" in told
        assert ledger.head() == before
        assert write() == ledger.head()
        ledger.fsck()

    def test_a_missing_git_is_told(self, path, ledger, write):
        before = write()

        told = run_limited(path, "os.environ['PATH'] = '/nowhere'")

        assert "git is not installed" in told
        assert ledger.head() == before

    def test_a_repository_that_is_gone_is_told(self, path, ledger, write, entry):
        before = write()
        path.joinpath("objects").rename(path.parent / "objects")

        with pytest.raises(LedgerUnwritable):
            ledger.append(entry(2), expected=before)

        path.parent.joinpath("objects").rename(path / "objects")
        assert ledger.head() == before

    def test_locks_left_behind_do_not_stop_the_next_write(self, path, ledger, write):
        write()
        names = ("refs/heads/main.lock", "HEAD.lock", "refs/placet/next.lock")
        for name in names:
            (path / name).write_text("")

        assert write() == ledger.head()
        assert [name for name in names if (path / name).exists()] == []

    def test_a_mark_left_behind_does_not_stop_the_same_write(
        self, path, ledger, write, entry, tmp_path
    ):
        with Ledger.create(tmp_path / "twin.git") as twin:
            twin.append(entry(1), expected=None)
        (pack,) = (tmp_path / "twin.git").glob("objects/pack/*.pack")
        mark = path / "objects" / "pack" / pack.with_suffix(".keep").name
        mark.write_text("")

        assert write() == ledger.head()
        assert not mark.exists()

    def test_a_lock_left_behind_does_not_stop_deriving(self, path, ledger, git, write):
        git("update-ref", "refs/heads/env/production", write())
        for lock in ("packed-refs.lock", "refs/heads/env/production.lock"):
            (path / lock).write_text("")

        ledger.recover()
        ledger.rederive("production", [])

        assert ledger.derived("production") is None

    def test_a_lock_that_somebody_holds_is_not_taken_away(self, path, ledger, write):
        write()
        lock = path / "refs" / "heads" / "main.lock"
        lock.write_text("")
        done = threading.Event()

        def hold_locks():
            """One living writer after the other, each for a moment."""
            while not done.wait(0.1):
                lock.with_suffix(".next").write_text("")
                lock.with_suffix(".next").replace(lock)

        holder = threading.Thread(target=hold_locks)
        holder.start()
        ledger.recover()
        done.set()
        holder.join()

        assert lock.exists()

    def test_what_a_killed_writer_left_is_cleared_away(self, path, ledger, write):
        write()
        (pack,) = path.glob("objects/pack/*.pack")
        left = [
            path / "fast_import_crash_123",
            path / "objects" / "pack" / "tmp_pack_abc",
            path / "objects" / "pack" / "tmp_idx_abc",
            path / "objects" / "pack" / ".tmp-12-pack-abc.pack",
            pack.with_suffix(".keep"),
        ]
        for file in left:
            file.write_text("fast-import\n")

        ledger.recover()

        assert [file for file in left if file.exists()] == []
        assert pack.exists()

    @pytest.mark.parametrize("reason", ["for the auditors\n", ""])
    def test_a_pack_that_a_person_wants_to_keep_stays_so(
        self, reason, path, ledger, write
    ):
        write()
        (pack,) = path.glob("objects/pack/*.pack")
        pack.with_suffix(".keep").write_text(reason)

        ledger.recover()

        assert pack.with_suffix(".keep").exists()

    @pytest.mark.parametrize("content", ["a" * 40, "not a commit", ""])
    def test_the_name_for_unfinished_commits_may_hold_anything(
        self, content, path, ledger, write
    ):
        write()
        (path / "refs" / "placet" / "next").write_text(content)

        assert write() == ledger.head()
