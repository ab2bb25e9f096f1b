"""A disk that is full or read-only: told as such, reading goes on, nothing is lost."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from registry.db.engine import reading
from registry.db.live import read_snapshots
from registry.errors import Unavailable
from registry.writer import Home, opened
from tests.writer.acts import fragment

BLOCK = 4096

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def mount(*arguments):
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True)
    if done.returncode != 0:
        pytest.skip("this account cannot mount a small disk")


@pytest.fixture
def disk(tmp_path) -> Iterator[os.PathLike]:
    """A disk of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", folder)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def home(disk, database) -> Home:
    home = Home(path=disk / "registry")
    home.create().close()
    return home


def fill(disk, *, free):
    """Fill the disk up to *free* bytes."""
    left = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(left.f_bavail * left.f_frsize - free))


def seq(registry):
    with reading(registry.engine) as connection:
        return read_snapshots(connection)["staging"].seq


@pytest.mark.parametrize("blocks", [0, 1, 2, 3, 5, 8, 12, 16, 20, 30])
def test_a_full_disk_is_told_and_nothing_is_lost(
    blocks, disk, registry, acts, verified
):
    acts.begin_support()
    told, refused = [3], []

    fill(disk, free=blocks * BLOCK)
    for number in range(1, 4):
        try:
            told.append(acts.say(f"word {number}", f"k{number}").event.number)
        except Unavailable as error:
            refused.append(error)
    seen = seq(registry)
    (disk / "filler").unlink()
    repeated = [acts.say(f"word {n}", f"k{n}").event.number for n in range(1, 4)]

    assert seen == 1
    assert all(error.hint for error in refused)
    assert told == sorted(set(told))
    assert set(told[1:]) <= set(repeated)
    assert sorted(repeated) == [4, 5, 6]
    assert acts.stop("after all").event.number == 7
    verified(registry)


def test_a_full_disk_stops_a_large_change(disk, registry, acts):
    acts.begin_support()
    before = registry.writer.state
    fill(disk, free=20 * BLOCK)

    with pytest.raises(Unavailable) as told:
        acts.submit(fragment("1.1.0", os.urandom(60_000).hex()))

    assert "Free space" in told.value.hint
    assert registry.writer.state is before


@pytest.fixture
def read_only(disk, registry):
    """Switch the disk to read-only and back; no file may be open for that."""

    def read_only(on):
        registry.engine.dispose()
        mount("-o", f"remount,{'ro' if on else 'rw'}", disk)

    yield read_only
    read_only(False)


def test_a_read_only_disk_is_told_and_nothing_is_lost(acts, read_only, verified):
    acts.begin_support()
    read_only(True)

    with pytest.raises(Unavailable) as told:
        acts.say("hello?", "k")
    seen = acts.state.environment("staging").seq
    read_only(False)

    assert told.value.hint
    assert (seen, acts.writer.halted) == (1, None)
    assert acts.say("hello?", "k").event.number == 4


def test_a_read_only_disk_is_told_when_opening(home, acts, read_only):
    acts.begin_support()
    read_only(True)

    with pytest.raises(Unavailable, match="cannot be") as told, opened(home):
        pytest.fail("it cannot be opened")

    assert told.value.hint
