"""What a reader keeps on its disk: whole, or not at all."""

import hashlib
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Conflict
from registry.readers import Shelf
from registry.readers.shelf import SMALL_BYTES
from tests.writer.acts import fragment


def test_what_was_kept_is_read_as_it_was(lived, keep, shelf, folder):
    shelf.write(keep())

    assert Shelf(folder).read() == keep()
    assert keep().snapshots["staging"].bots


def test_where_nothing_was_kept_there_is_nothing(shelf, caplog):
    assert shelf.read() is None
    assert caplog.text == ""


def test_a_change_writes_only_what_is_new(lived, acts, keep, shelf, folder):
    shelf.write(keep())
    pack = folder / "bodies-1"
    before = pack.read_bytes()

    acts.put_live(fragment("1.4.0", "Hum."))
    shelf.write(keep())

    after = pack.read_bytes()
    known = Shelf(folder).read()
    assert after.startswith(before)
    assert len(after) - len(before) < len(before)
    assert known == keep()


def test_a_shelf_goes_on_from_what_another_process_kept(lived, acts, keep, folder):
    folder.mkdir()
    Shelf(folder).write(keep())
    size = (folder / "bodies-1").stat().st_size
    again = Shelf(folder)
    again.read()

    again.write(keep())

    assert (folder / "bodies-1").stat().st_size == size


def test_what_is_mostly_unused_is_begun_anew(lived, keep, shelf, folder):
    shelf.write(keep())
    with (folder / "bodies-1").open("ab") as pack:
        pack.write(bytes(SMALL_BYTES))

    shelf.write(keep())

    assert {path.name for path in folder.iterdir()} == {"lock", "kept", "bodies-2"}
    assert Shelf(folder).read() == keep()


def test_a_write_that_was_cut_short_leaves_what_was_kept(lived, acts, keep, folder):
    shelf = Shelf(folder)
    with shelf.held():
        shelf.write(keep())
        before = keep()
        (folder / "kept.new").mkdir()  # the page cannot be written
        acts.put_live(fragment("1.4.0", "Hum."))

        with pytest.raises(OSError, match="kept"):
            shelf.write(keep())
        assert Shelf(folder).read() == before
        (folder / "kept.new").rmdir()
        shelf.write(keep())

    assert Shelf(folder).read() == keep()


def test_damage_anywhere_is_as_if_nothing_had_been_kept(lived, keep, shelf, folder):
    shelf.write(keep())
    whole = {name: (folder / name).read_bytes() for name in ("kept", "bodies-1")}

    @given(st.data())
    def damaged(data) -> None:
        name = data.draw(st.sampled_from(sorted(whole)))
        at = data.draw(st.integers(0, len(whole[name]) - 1))
        how = data.draw(st.sampled_from(["cut", "flipped", "longer"]))
        text = bytearray(whole[name])
        if how == "cut":
            del text[at:]
        elif how == "flipped":
            text[at] ^= 1
        elif name == "kept":
            text += b" "
        (folder / name).write_bytes(text)

        found = Shelf(folder).read()

        assert (found == keep()) == (bytes(text) == whole[name])
        assert found is None or found == keep()
        (folder / name).write_bytes(whole[name])

    damaged()


def test_what_another_version_kept_is_not_read(lived, keep, shelf, folder, caplog):
    shelf.write(keep())
    page = (folder / "kept").read_bytes().partition(b"\n")[2]
    page = page.replace(b'"format":2', b'"format":3')
    digest = hashlib.sha256(page).hexdigest().encode()
    (folder / "kept").write_bytes(digest + b"\n" + page)

    assert Shelf(folder).read() is None
    assert "another format" in caplog.text


def test_nobody_else_reads_what_was_kept(lived, keep, shelf, folder):
    shelf.write(keep())

    modes = {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir()}
    assert (modes["kept"], modes["bodies-1"]) == (0, 0)
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_has_one_reader(shelf, folder: Path):
    with pytest.raises(Conflict, match="another reader"), Shelf(folder).held():
        pass


def test_a_folder_that_was_emptied_is_filled_again(lived, keep, shelf, folder):
    shelf.write(keep())
    shutil.rmtree(folder)
    folder.mkdir()

    shelf.write(keep())

    assert Shelf(folder).read() == keep()
