"""Checkpoints: after each write what there is is signed, and kept in the ledger."""

import shutil
import stat

import pytest

from registry import checkpoints, signed_notes
from registry.checkpoints import Checkpoint, origin_of
from registry.db.engine import writing
from registry.db.projection import clear
from registry.errors import Conflict, LedgerBroken, Unavailable
from registry.merkle import leaf_of, root_of
from registry.signed_notes import dump_signing, signing_key
from registry.writer import opened
from registry.writer.rebuild import rebuild_ledger, rebuild_tables
from registry.writer.verify import verify
from tests.writer import acts as acting
from tests.writer.forging import acts_of

ORIGIN = origin_of(acting.REPOSITORY)


def bodies(hand):
    return [act.body for act in acts_of(hand)]


def noted(note: bytes) -> Checkpoint:
    return checkpoints.parse(signed_notes.parse(note).text)


def on_branch(hand) -> list[Checkpoint]:
    commits = hand.commits("refs/heads/checkpoints")
    return [
        noted(hand.read("cat-file", "blob", f"{commit}:checkpoint"))
        for commit in commits
    ]


def test_each_round_signs_what_is_new(registry, acts, hand):
    acts.begin_support()
    for text in ("One.", "Two.", "Three."):
        acts.say(text)
        registry.afterwards.once()

    leaves = [leaf_of(body) for body in bodies(hand)]
    signed = on_branch(hand)
    assert [each.root for each in signed] == [
        root_of(leaves[: each.size]) for each in signed
    ]
    assert signed[-1].size == len(leaves)
    assert {each.origin for each in signed} == {ORIGIN}
    assert noted(registry.checkpoints.newest) == signed[-1]


def test_nothing_new_is_not_signed_again(lived, hand):
    before = hand.git("for-each-ref")

    lived.afterwards.once()

    assert hand.git("for-each-ref") == before


def test_the_signature_is_the_ledgers(lived, home):
    note = signed_notes.parse(lived.checkpoints.newest)

    (key,) = home.keys().verifiers()
    assert signed_notes.verified_by(note, [key]) == [key]
    assert key.name == ORIGIN


def test_the_branch_tells_the_key(lived, home, hand):
    told = hand.read("cat-file", "blob", "checkpoints:ledger.pub")

    assert told == (home.path / "ledger.pub").read_bytes()


def test_nobody_else_may_read_the_key(lived, home):
    assert stat.S_IMODE((home.path / "ledger.key").stat().st_mode) == 0o600


def test_what_was_missed_is_signed_by_the_next_process(
    home, registry, acts, clock, hand
):
    acts.live_a_little()

    with opened(home, clock=clock) as again:
        again.afterwards.once()

        assert noted(again.checkpoints.newest).size == acts.state.head.number
    assert len(on_branch(hand)) == 1


def test_two_processes_sign_one_history(home, registry, acts, clock, hand):
    acts.begin_support()
    with opened(home, clock=clock) as other:
        for number in range(4):
            acts.say(f"Word {number}.")
            (registry if number % 2 else other).afterwards.once()
            other.afterwards.once()

    sizes = [each.size for each in on_branch(hand)]
    assert sizes == sorted(set(sizes))
    leaves = [leaf_of(body) for body in bodies(hand)]
    assert all(each.root == root_of(leaves[: each.size]) for each in on_branch(hand))


def test_a_registry_without_a_key_is_given_one_and_says_so(home, registry, caplog):
    assert not (home.path / "ledger.key").exists()

    registry.afterwards.once()

    assert "made a key that signs the ledger's checkpoints" in caplog.text
    assert (home.path / "ledger.key").exists()
    assert dump_signing(home.keys().signing(ORIGIN)) not in caplog.text


def test_a_key_that_was_moved_away_is_followed_by_another(lived, acts, home, verified):
    (first,) = home.keys().verifiers()
    (home.path / "ledger.key").rename(home.path / "old.key")
    acts.say("More.")

    lived.afterwards.once()

    second = home.keys().verifiers()
    assert second[0] == first
    assert len(second) == 2
    found = verify(lived.ledger, lived.engine, lambda _: None, keys=second)
    assert found.signed == found.events
    with pytest.raises(LedgerBroken, match="is not signed by"):
        verify(lived.ledger, lived.engine, lambda _: None, keys=[first])


def test_the_key_of_another_ledger_signs_nothing(registry, home, hand):
    other = signing_key(origin_of("elsewhere"), b"\x01" * 32)
    (home.path / "ledger.key").write_text(dump_signing(other))

    with pytest.raises(Conflict, match="is the key of placet/elsewhere"):
        registry.afterwards.once()

    assert hand.git("branch", "--list", "checkpoints") == ""


def test_a_damaged_key_stops_signing_and_nothing_else(lived, acts, home):
    (home.path / "ledger.key").write_text("PRIVATE+KEY+damaged\n")
    acts.say("More.")

    with pytest.raises(Unavailable, match="does not hold a signing key"):
        lived.afterwards.once()

    assert acts.say("Writing goes on.").event.number == 14


def test_a_history_that_was_cut_with_its_tables_is_not_signed(
    lived, home, hand, clock, database
):
    hand.move("main~2")
    with writing(lived.engine) as connection:
        clear(connection)
    rebuild_tables(lived.ledger, lived.engine, lived.fence, lambda _: None)

    with opened(home, clock=clock) as again:
        with pytest.raises(LedgerBroken, match="there are 10 events, and 12 were sig"):
            again.afterwards.once()

        assert again.checkpoints.wrong is not None
    with pytest.raises(LedgerBroken, match="event 11 and what came after it was cut"):
        verify(lived.ledger, lived.engine, lambda _: None, keys=home.keys().verifiers())


def test_a_history_that_went_another_way_is_not_signed(lived, home, hand, clock):
    """An old copy was restored, and went on: the chain holds, and it is another."""
    hand.move("main~2")
    with writing(lived.engine) as connection:
        clear(connection)
    rebuild_tables(lived.ledger, lived.engine, lived.fence, lambda _: None)
    with opened(home, clock=clock) as again:
        for _ in range(4):
            acting.Acts(again.writer).say("It went another way.")
        before = hand.git("rev-parse", "checkpoints")

        with pytest.raises(LedgerBroken, match="the first 12 events are not those"):
            again.afterwards.once()

        assert hand.git("rev-parse", "checkpoints") == before
        with pytest.raises(LedgerBroken, match="events 1 to 12 is not what was signed"):
            verify(
                again.ledger, again.engine, lambda _: None, keys=home.keys().verifiers()
            )


def test_checkpoints_outlive_the_tables(lived, home, hand):
    signed = on_branch(hand)
    with writing(lived.engine) as connection:
        clear(connection)

    rebuild_tables(lived.ledger, lived.engine, lived.fence, lambda _: None)

    assert on_branch(hand) == signed
    lived.afterwards.once()
    assert on_branch(hand) == signed


def test_a_ledger_that_was_written_again_is_signed_once_its_branch_is_fetched(
    lived, home, clock, hand
):
    shutil.move(home.ledger_path, home.path / "lost.git")
    rebuild_ledger(lived.engine, home.ledger_path, home.fence(), lambda _: None)
    newest = noted(lived.checkpoints.newest)

    with opened(home, clock=clock) as again:
        with pytest.raises(LedgerBroken, match="the branch checkpoints is gone") as no:
            again.afterwards.once()
        assert "fetch MIRROR checkpoints:checkpoints" in no.value.hint
        allowed = ("-c", "protocol.file.allow=always")
        branch = "checkpoints:checkpoints"
        hand.git(*allowed, "fetch", str(home.path / "lost.git"), branch)
        again.afterwards.once()

        assert noted(again.checkpoints.newest) == newest


def test_what_was_signed_last_is_kept_beside_the_key(lived, home, acts):
    assert (home.path / "ledger.signed").read_bytes() == lived.checkpoints.newest
    acts.say("More.")

    lived.afterwards.once()

    assert (home.path / "ledger.signed").read_bytes() == lived.checkpoints.newest
    assert home.last_signed().read().size == acts.state.head.number


def test_a_history_that_was_cut_with_its_tables_and_its_branch_is_not_signed(
    lived, home, hand, clock
):
    hand.move("main~2")
    hand.git("update-ref", "-d", "refs/heads/checkpoints")
    with writing(lived.engine) as connection:
        clear(connection)
    rebuild_tables(lived.ledger, lived.engine, lived.fence, lambda _: None)

    with opened(home, clock=clock) as again:
        with pytest.raises(LedgerBroken, match="there are 10 events, and 12 were sig"):
            again.afterwards.once()
        for _ in range(4):
            acting.Acts(again.writer).say("It went another way.")
        with pytest.raises(LedgerBroken, match="the first 12 events are not those"):
            again.afterwards.once()

        assert again.checkpoints.wrong is not None
    assert hand.git("branch", "--list", "checkpoints") == ""


def test_a_branch_that_goes_while_its_process_runs_is_an_error(lived, hand, acts):
    hand.git("update-ref", "-d", "refs/heads/checkpoints")

    with pytest.raises(LedgerBroken, match="is gone, and 12 events were signed"):
        lived.afterwards.once()

    assert hand.git("branch", "--list", "checkpoints") == ""
    assert acts.say("Writing goes on.").event.number == 13


def test_a_branch_that_was_set_back_is_an_error(registry, acts, hand):
    acts.begin_support()
    registry.afterwards.once()
    first = hand.git("rev-parse", "checkpoints")
    acts.say("More.")
    registry.afterwards.once()

    hand.move(first, "refs/heads/checkpoints")

    with pytest.raises(LedgerBroken, match=r"ends at \d+ events, and \d+ were signed"):
        registry.afterwards.once()


def test_a_file_that_holds_no_checkpoint_stops_signing(lived, home, acts):
    (home.path / "ledger.signed").write_text("12 events\n")
    acts.say("More.")

    with pytest.raises(LedgerBroken, match="does not hold the last checkpoint") as no:
        lived.afterwards.once()

    assert "Restore it from a backup" in no.value.hint


def test_garbage_on_the_branch_is_an_alarm(lived, acts, hand):
    blob = hand.git("hash-object", "-w", "--stdin", given=b"garbage")
    listed = f"100644 blob {blob}\tcheckpoint\n100644 blob {blob}\tledger.pub\n"
    tree = hand.git("mktree", given=listed.encode())
    commit = hand.git("commit-tree", "-m", "Mine", "-p", "checkpoints", tree)
    hand.move(commit, "refs/heads/checkpoints")

    with pytest.raises(LedgerBroken, match="the branch checkpoints: this is not a"):
        lived.afterwards.once()
