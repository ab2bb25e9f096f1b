"""Appending: durable, in order, on top of what the writer knows, or not at all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from registry.errors import HeadMoved, Invalid
from registry.events import path_of
from registry.ledger import Ledger
from tests.ledger.reading import files_at


def test_a_commit_holds_files_message_author_and_time(ledger, entry, git, contents):
    at = datetime(2026, 5, 3, 16, 7, 9, 999999, tzinfo=timezone(timedelta(hours=2)))
    message = "Activate change 42: größer\n\nChange: 42\nActor: product"

    ledger.append(
        entry(1, {"registry.json": b"{}\0"}, message=message, author="product", at=at),
        expected=None,
    )

    assert contents("main") == {path_of(1): '{"number":1}', "registry.json": "{}\0"}
    who = "product <product@placet> 1777817229 +0000"
    assert git("cat-file", "commit", "main").partition("\n")[2] == (
        f"author {who}\ncommitter {who}\n\n{message}"
    )


def test_a_commit_has_the_one_before_as_its_only_parent(write, git):
    commits = [write() for _ in range(3)]

    assert git("rev-list", "--reverse", "--parents", "main").splitlines() == [
        commits[0],
        f"{commits[1]} {commits[0]}",
        f"{commits[2]} {commits[1]}",
    ]


def test_head_is_the_last_commit_also_for_another_reader(ledger, write, path):
    before = ledger.head()

    commit = write()

    with Ledger.open(path) as other:
        assert (before, ledger.head(), other.head()) == (None, commit, commit)


def test_bytes_are_kept_as_they_are(ledger, write):
    data = bytes(range(256)) + b"\r\n\n" + b"x" * 300_000

    commit = write({"live/a.yaml": data, "live/empty.yaml": b""})

    read = dict(files_at(ledger, commit, ["live/a.yaml", "live/empty.yaml"]))
    assert read == {"live/a.yaml": data, "live/empty.yaml": b""}


def test_only_plain_files_and_folders_are_written(write, git):
    write({"live/production/prompts/a.yaml": b"x"})

    modes = {line[:6] for line in git("ls-tree", "-r", "-t", "main").splitlines()}
    assert modes == {"040000", "100644"}


def test_deleting_the_last_file_of_a_folder_removes_the_folder(write, contents):
    write({"live/production/a.yaml": b"x"})

    write({"live/production/a.yaml": None})

    assert contents("main").keys() == {path_of(1), path_of(2)}


def test_an_unchanged_file_may_be_written_again(write, git):
    write({"live/a.yaml": b"x"})

    commit = write({"live/a.yaml": b"x"})

    assert git("show", "--format=", "--name-only", commit).split() == [path_of(2)]


def test_the_same_entries_have_the_same_ids(tmp_path, entry):
    entries = [
        entry(n, {f"live/{n % 3}.yaml": b"%d" % n, "policy/p.yaml": b"%d" % n})
        for n in range(1, 9)
    ]

    with Ledger.create(tmp_path / "a") as one, Ledger.create(tmp_path / "b") as other:
        appended = []
        for each in entries:
            appended.append(one.append(each, expected=one.head()))
        written = other.write_all(entries[:5])
        written += other.write_all(entries[5:], onto=other.head())

    assert appended == written


def test_a_scratch_copy_has_the_same_ids(tmp_path, ledger, entry):
    entries = [entry(n, {"live/a.yaml": b"%d" % n}) for n in range(1, 5)]

    with Ledger.create(tmp_path / "scratch", scratch=True) as scratch:
        assert scratch.write_all(entries) == ledger.write_all(entries)


def test_the_order_of_files_does_not_alter_an_id(tmp_path, entry):
    files = {"live/b.yaml": b"b", "live/a.yaml": b"a", "live/a/c.yaml": b"c"}
    turned = dict(reversed(files.items()))

    with Ledger.create(tmp_path / "a") as one, Ledger.create(tmp_path / "b") as other:
        assert one.write_all([entry(1, files)]) == other.write_all([entry(1, turned)])


def test_a_writer_who_is_behind_is_refused_and_nothing_is_seen(
    ledger, entry, write, contents
):
    first = write()
    second = write({"live/a.yaml": b"theirs"})
    before = contents("main")

    with pytest.raises(HeadMoved):
        ledger.append(entry(2, {"live/a.yaml": b"mine"}), expected=first)

    assert ledger.head() == second
    assert contents("main") == before


@pytest.mark.parametrize("expected", ["0" * 40, "a" * 40, "main", "--all"])
def test_a_writer_who_expects_what_is_not_there_is_refused(
    expected, ledger, entry, write
):
    first = write()

    with pytest.raises(HeadMoved):
        ledger.append(entry(2), expected=expected)

    assert ledger.head() == first


def test_a_first_entry_is_refused_where_there_is_one(ledger, entry, write):
    first = write()

    with pytest.raises(HeadMoved):
        ledger.append(entry(1), expected=None)

    assert ledger.head() == first


def test_a_branch_that_moves_during_the_write_is_not_overwritten(
    path, ledger, entry, write
):
    first = write()

    def entries():
        """Another writer, who has no fence, comes in between."""
        yield entry(2, {"live/a.yaml": b"mine"})
        with Ledger.open(path) as other:
            other.append(entry(2, {"live/a.yaml": b"theirs"}), expected=first)

    with pytest.raises(HeadMoved):
        ledger.write_all(entries(), onto=first)

    assert [data for _, data in files_at(ledger, ledger.head(), ["live/a.yaml"])] == [
        b"theirs"
    ]


def test_writing_goes_on_after_a_refusal(ledger, entry, write):
    first = write()
    with pytest.raises(HeadMoved):
        ledger.append(entry(1), expected=None)

    second = ledger.append(entry(2), expected=first)

    assert ledger.head() == second


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"live/a/b.yaml/c": b"x"}, "is a file, and cannot be a folder"),
        ({"live/a/b.yaml/c/d": b"x"}, "is a file, and cannot be a folder"),
        ({"live/a": b"x"}, "is a folder, and cannot be a file"),
        ({"live": b"x"}, "is a folder, and cannot be a file"),
        ({"live/a": None}, "not a file to be deleted"),
        ({"live/c.yaml": None}, "not a file to be deleted"),
        ({"other/c.yaml": None}, "not a file to be deleted"),
    ],
)
def test_what_does_not_fit_the_tree_is_refused(
    files, problem, ledger, entry, write, contents
):
    write({"live/a/b.yaml": b"x"})
    before = contents("main")

    with pytest.raises(Invalid, match=problem):
        ledger.append(entry(2, files), expected=ledger.head())

    assert contents("main") == before


def test_an_event_is_written_once(ledger, entry, write):
    write()

    with pytest.raises(Invalid, match="event 1 is in the ledger already"):
        ledger.append(entry(1, {"live/a.yaml": b"x"}), expected=ledger.head())


@pytest.mark.parametrize("number", [3, 1000, 1_000_000])
def test_events_have_no_gaps(number, ledger, entry, write):
    write()

    with pytest.raises(Invalid, match="no event before it"):
        ledger.append(entry(number), expected=ledger.head())


def test_the_first_event_is_number_one(ledger, entry):
    with pytest.raises(Invalid, match="no event before it"):
        ledger.append(entry(2), expected=None)


def test_many_entries_are_refused_together(ledger, entry, write):
    first = write()
    entries = [entry(2), entry(3, {"live/nowhere.yaml": None}), entry(4)]

    with pytest.raises(Invalid):
        ledger.write_all(entries, onto=first)

    assert ledger.head() == first


def test_entries_that_stop_half_way_write_nothing(ledger, entry, write):
    first = write()

    def entries():
        yield entry(2)
        raise LookupError

    with pytest.raises(LookupError):
        ledger.write_all(entries(), onto=first)

    assert ledger.head() == first


def test_no_entries_leave_the_ledger_as_it_is(ledger, write):
    first = write()

    assert ledger.write_all([], onto=first) == []
    assert ledger.head() == first


def test_one_entry_may_hold_more_than_pipes_do(ledger, entry):
    files = {f"live/p{n // 1000}/{n:04d}.yaml": b"%d" % n * 50 for n in range(3000)}

    commit = ledger.append(entry(1, files), expected=None)

    assert dict(files_at(ledger, commit, files)) == files


def test_times_are_utc_whatever_the_zone(ledger, entry, git):
    ledger.append(entry(1, at=datetime(2026, 5, 3, 12, 0, tzinfo=UTC)), expected=None)

    assert git("log", "-1", "--format=%cI", "main").strip() == (
        "2026-05-03T12:00:00+00:00"
    )
