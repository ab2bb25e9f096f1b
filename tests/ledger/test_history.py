"""Reading the ledger: in order, from where one stopped, and told when it changed."""

import pytest

from registry.errors import HistoryRewritten, Invalid, LedgerBroken
from registry.events import path_of
from tests.ledger.reading import files_at


def commit_by_hand(git, tree, *parents):
    options = [word for parent in parents for word in ("-p", parent)]
    return git("commit-tree", tree, *options, "-m", "by hand").strip()


def test_an_empty_ledger_has_no_history(ledger):
    assert ledger.head() is None
    assert list(ledger.history()) == []


def test_history_is_every_commit_with_its_event_oldest_first(ledger, write):
    commits = [write() for _ in range(3)]

    assert list(ledger.history()) == [
        (commits[0], b'{"number":1}'),
        (commits[1], b'{"number":2}'),
        (commits[2], b'{"number":3}'),
    ]


def test_history_goes_on_after_what_was_read(ledger, write):
    commits = [write() for _ in range(4)]

    assert [commit for commit, _ in ledger.history(after=commits[1])] == commits[2:]
    assert list(ledger.history(after=commits[3])) == []


def test_history_goes_on_across_a_thousand(ledger, entry):
    commits = ledger.write_all(entry(n) for n in range(1, 2003))

    tail = list(ledger.history(after=commits[997]))

    assert [commit for commit, _ in tail] == commits[998:]
    assert tail[1] == (commits[999], b'{"number":1000}')
    assert tail[-1][1] == b'{"number":2002}'
    assert list(ledger.history(after=commits[1999])) == tail[-2:]


def test_reading_may_stop_anywhere(ledger, entry):
    commits = ledger.write_all(entry(n) for n in range(1, 500))

    first = next(ledger.history())

    assert first == (commits[0], b'{"number":1}')


def test_history_does_not_see_what_comes_while_it_is_read(ledger, write):
    write()
    reading = ledger.history()
    first = next(reading)

    write()

    assert [first, *reading] == [first]


@pytest.mark.parametrize("back", ["HEAD~1", "HEAD~2"])
def test_a_rewound_branch_is_noticed(back, ledger, write, git):
    for _ in range(3):
        last = write()

    git("update-ref", "refs/heads/main", git("rev-parse", back).strip())

    with pytest.raises(HistoryRewritten):
        list(ledger.history(after=last))


def test_a_rewound_and_continued_branch_is_noticed(ledger, write, git, entry):
    first, second = write(), write()
    git("update-ref", "refs/heads/main", first)
    ledger.append(entry(2, {"live/other.yaml": b"x"}), expected=first)

    with pytest.raises(HistoryRewritten):
        list(ledger.history(after=second))


def test_a_branch_that_was_removed_is_noticed(ledger, write, git):
    last = write()

    git("update-ref", "-d", "refs/heads/main")

    with pytest.raises(HistoryRewritten):
        list(ledger.history(after=last))


def test_a_commit_of_another_ledger_is_noticed(ledger, write):
    write()

    with pytest.raises(HistoryRewritten):
        list(ledger.history(after="a" * 40))


@pytest.mark.parametrize("after", ["main", "--all", "-n1", "HEAD~1"])
def test_only_a_commit_is_asked_for(after, ledger, write):
    write()

    with pytest.raises(Invalid):
        list(ledger.history(after=after))


def test_a_merge_is_not_a_ledger(ledger, write, git):
    first, second = write(), write()
    git(
        "update-ref",
        "refs/heads/main",
        commit_by_hand(git, f"{second}^{{tree}}", second, first),
    )

    with pytest.raises(LedgerBroken, match="one line"):
        list(ledger.history())


def test_a_commit_without_event_is_not_passed_over(ledger, write, git):
    first = write()
    by_hand = commit_by_hand(git, f"{first}^{{tree}}", first)
    git("update-ref", "refs/heads/main", by_hand)

    with pytest.raises(LedgerBroken, match="event 2 is not in the commit"):
        list(ledger.history(after=first))


def test_an_event_is_read_from_its_own_commit(ledger, write, git):
    first, second = write(), write()
    blob = git("hash-object", "-w", "--stdin", given="forged").strip()
    forged = git("mktree", given=f"100644 blob {blob}\t000001.json\n").strip()
    for name in ("000", "events"):
        forged = git("mktree", given=f"040000 tree {forged}\t{name}\n").strip()
    git("update-ref", "refs/heads/main", commit_by_hand(git, forged, second))

    reading = ledger.history()

    assert next(reading) == (first, b'{"number":1}')


def test_a_damaged_pack_is_told_as_such(ledger, write, path):
    write({"live/a.yaml": b"x" * 10_000})
    (pack,) = path.glob("objects/pack/*.pack")
    pack.chmod(0o600)
    pack.write_bytes(pack.read_bytes()[:40])

    with pytest.raises(LedgerBroken):
        list(ledger.history())
    with pytest.raises(LedgerBroken):
        ledger.fsck()


def test_files_are_read_as_they_were_at_a_commit(ledger, write):
    first = write({"live/a.yaml": b"one", "live/b.yaml": b"b"})
    second = write({"live/a.yaml": b"two"})
    wanted = ["live/b.yaml", "live/a.yaml", path_of(1)]

    assert [data for _, data in files_at(ledger, first, wanted)][:2] == [b"b", b"one"]
    assert [data for _, data in files_at(ledger, second, wanted)][:2] == [b"b", b"two"]


@pytest.mark.parametrize("missing", ["live/b.yaml", "live", "nowhere/a.yaml"])
def test_a_file_that_is_not_there_is_told_as_such(missing, ledger, write):
    commit = write({"live/a.yaml": b"x"})

    with pytest.raises(LedgerBroken, match=missing):
        list(files_at(ledger, commit, ["live/a.yaml", missing]))


def test_a_commit_that_is_not_there_is_told_as_such(ledger, write):
    write({"live/a.yaml": b"x"})

    with pytest.raises(LedgerBroken):
        list(files_at(ledger, "a" * 40, ["live/a.yaml"]))


@pytest.mark.parametrize("hostile", ["../HEAD", "a\nb", "--batch-all-objects", ""])
def test_a_path_that_cannot_be_there_is_not_looked_up(hostile, ledger, write):
    commit = write()

    with pytest.raises(Invalid):
        list(files_at(ledger, commit, [hostile]))
