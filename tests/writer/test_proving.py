"""Proving a clone with a key alone: what somebody did to it is found and named."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from registry import checkpoints, signed_notes
from registry.checkpoints import Checkpoint, origin_of
from registry.errors import Invalid, LedgerBroken
from registry.evidence_packs.signed import read_signed
from registry.ledger import Clone
from registry.merkle import leaf_of, root_of
from registry.signed_notes import (
    COSIGNATURE,
    ED25519,
    Signature,
    SignedNote,
    VerifierKey,
    signing_key,
)
from registry.writer import Home, opened
from registry.writer.proving import Proven, prove
from registry.writer.signed import read_checkpoint
from tests.writer import acts as acting
from tests.writer.forging import Act, acts_of, altered, copied, rechained, written
from tests.writer.hand import Hand

ORIGIN = origin_of(acting.REPOSITORY)
LAST = 12
OTHER = signing_key(ORIGIN, b"\x05" * 32)


@pytest.fixture(scope="module")
def signed_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A registry of twelve events, each signed when it was written."""
    home = Home(path=tmp_path_factory.mktemp("signed") / "registry")
    home.create().close()
    rounds = []
    with opened(
        home, clock=acting.Clock(), written=lambda: [each() for each in rounds]
    ) as registry:
        rounds.append(registry.afterwards.once)
        acts = acting.Acts(registry.writer)
        acts.begin()
        acts.live_a_little()
    return home


@pytest.fixture
def clone(signed_home: Home, tmp_path: Path) -> Hand:
    return copied(signed_home.ledger_path, tmp_path)


@pytest.fixture(scope="module")
def acts(signed_home: Home, tmp_path_factory: pytest.TempPathFactory) -> list[Act]:
    hand = Hand(signed_home.ledger_path, tmp_path_factory.mktemp("hand") / "index")
    return acts_of(hand)


@pytest.fixture
def home_keys(signed_home: Home):
    return signed_home.keys().verifiers()


def kept(home: Home, acts: list[Act], size: int | None = None):
    """A checkpoint of *acts* that somebody kept, signed by the ledger's key."""
    size = len(acts) if size is None else size
    leaves = [leaf_of(act.body) for act in acts[:size]]
    made = Checkpoint(origin=ORIGIN, size=size, root=root_of(leaves), extensions=())
    key = home.keys().signing(ORIGIN)
    note = signed_notes.dump(checkpoints.sign(made, key))
    return read_checkpoint(note, "kept.txt", [key.verifier])


def proved(hand: Hand, keys, *outside) -> Proven:
    return prove(Clone(hand.ledger), keys, outside, lambda _: None)


def found(hand: Hand, keys, *outside) -> str:
    with pytest.raises(LedgerBroken) as broken:
        proved(hand, keys, *outside)
    assert broken.value.hint != LedgerBroken.hint
    return str(broken.value)


def test_a_clone_that_nobody_touched_is_proved(clone, home_keys, acts):
    proven = proved(clone, home_keys)

    assert proven.events == len(acts) == LAST
    assert proven.checkpoints == LAST
    assert proven.repository == acting.REPOSITORY
    assert proven.signers == (home_keys[0].short,)
    assert proven.others == ()


def test_a_plain_clone_has_what_it_takes(signed_home, tmp_path, home_keys):
    for options, name in ((["--bare"], "bare.git"), ([], "working")):
        subprocess.run(
            ["git", "clone", "--quiet", *options, signed_home.ledger_path, name],
            cwd=tmp_path,
            check=True,
        )

        proven = prove(Clone(tmp_path / name), home_keys, [], lambda _: None)

        assert (proven.events, proven.checkpoints) == (LAST, LAST)


def test_proving_changes_nothing_in_the_clone(clone, home_keys):
    def files():
        paths = (path for path in clone.ledger.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in paths}

    before = files()

    proved(clone, home_keys)

    assert files() == before


def test_an_older_checkpoint_that_somebody_kept_agrees(
    signed_home, clone, home_keys, acts
):
    for size in range(LAST + 1):
        proved(clone, home_keys, kept(signed_home, acts, size))


@pytest.mark.parametrize("place", range(LAST - 1))
@pytest.mark.slow
def test_whichever_event_is_changed_removed_put_in_or_moved_is_named(
    clone, home_keys, acts, place
):
    number = place + 1
    changed = [*acts[:place], altered(acts[place]), *acts[number:]]
    removed = [*acts[:place], *acts[number:]]
    double = rechained([*acts[:place], altered(acts[place])])[-1]
    put_in = [*acts[:place], double, *acts[place:]]
    swapped = [*acts[:place], acts[number], acts[place], *acts[number + 1 :]]

    said = {}
    for name, forged in {
        "changed": changed,
        "removed": removed,
        "put in": put_in,
        "changed places": swapped,
    }.items():
        written(clone, forged)
        said[name] = found(clone, home_keys)

    assert said["changed"].startswith(f"event {number} was changed")
    assert said["removed"].startswith(f"event {number} was removed: event {number + 1}")
    assert said["put in"].startswith(f"event {number} was put in")
    assert said["changed places"].startswith(f"events {number} and {number + 1} have")


@pytest.mark.parametrize("place", range(1, LAST - 1))
@pytest.mark.slow
def test_a_history_that_was_written_again_whole_is_not_what_was_signed(
    clone, home_keys, acts, place
):
    """Every SHA-1 and every digest of the chain is right; only signatures are not."""
    number = place + 1
    for forged in (
        [*acts[:place], altered(acts[place]), *acts[number:]],
        [*acts[:place], *acts[number:], acts[-1]],
        [*acts[:place], acts[place], *acts[place:]],
    ):
        times = [
            replace(
                act,
                event=replace(act.event, at=acts[0].event.at + timedelta(seconds=n)),
            )
            if n > place
            else act
            for n, act in enumerate(forged)
        ]
        written(clone, rechained(times))

        said = found(clone, home_keys)

        at = number if forged[place] != acts[place] else number + 1
        assert said.startswith(f"event {at} is not what was signed")


def test_events_that_were_cut_off_are_missed(clone, home_keys, acts):
    written(clone, acts[:9])

    assert found(clone, home_keys).startswith(
        "event 10 and what came after it was cut off: there are 9 events"
    )


def test_an_event_that_nobody_signed_is_named(clone, home_keys, acts):
    more = replace(acts[-1].event, at=acts[-1].event.at + timedelta(seconds=1))
    written(clone, rechained([*acts, Act(event=replace(more, edits=()), files={})]))

    assert found(clone, home_keys).startswith("event 13 is not signed")


def test_a_restored_backup_is_behind_a_checkpoint_from_outside(
    signed_home, clone, home_keys, acts
):
    written(clone, acts[:9])
    clone.move(
        clone.git("rev-list", "--reverse", "checkpoints").split()[8],
        "refs/heads/checkpoints",
    )

    assert proved(clone, home_keys).events == 9
    assert found(clone, home_keys, kept(signed_home, acts)).startswith(
        "event 10 and what came after it was cut off: there are 9 events, and kept.txt"
    )


def test_two_histories_that_one_key_signed_are_a_fork(
    signed_home, clone, home_keys, acts
):
    """What others were shown differs from event 8 on, and is signed as well."""
    other = rechained([*acts[:7], altered(acts[7]), *acts[8:]])

    said = found(clone, home_keys, kept(signed_home, other))

    assert said == (
        "two histories were signed, which part at event 12 or before: checkpoint 12 "
        "of the branch checkpoints agrees with this one, and kept.txt does not"
    )


def test_a_fork_is_told_whatever_was_signed_afterwards(
    signed_home, clone, home_keys, acts
):
    other = rechained([*acts[:7], altered(acts[7]), *acts[8:]])

    said = found(clone, home_keys, kept(signed_home, other, 10))

    assert said.startswith("two histories were signed, which part at event 10 or ")


def test_the_key_of_somebody_else_verifies_nothing(clone):
    said = found(clone, [OTHER.verifier])

    assert f"is not signed by {OTHER.verifier.short}, but by {ORIGIN}+" in said


@pytest.mark.parametrize("type", [ED25519, COSIGNATURE])
def test_only_the_key_that_is_called_like_the_ledger_signs_for_it(
    signed_home, acts, type: int
):
    """A witness signs too; whoever trusts it does not take it for the registry."""
    name = "witness.example" if type == ED25519 else ORIGIN
    private = OTHER.private
    public = private.public_key().public_bytes_raw()
    witness = VerifierKey(name=name, type=type, public=public)
    leaves = [leaf_of(act.body) for act in acts]
    made = Checkpoint(
        origin=ORIGIN, size=len(acts), root=root_of(leaves), extensions=()
    )
    text, stamp = checkpoints.dump(made), b""
    if type == COSIGNATURE:
        stamp, text = bytes(8), f"cosignature/v1\ntime 0\n{text}"
    data = stamp + private.sign(text.encode())
    signature = Signature(name=name, id=witness.id, data=data)
    note = SignedNote(text=checkpoints.dump(made), signatures=(signature,))
    assert signed_notes.verified_by(note, [witness]) == [witness]

    with pytest.raises(LedgerBroken, match="is not signed by the key of placet/"):
        read_checkpoint(signed_notes.dump(note), "kept.txt", [witness])
    with pytest.raises(LedgerBroken, match="no key of the ledger has signed"):
        read_signed((a.body for a in acts), signed_notes.dump(note), [witness])

    (key,) = signed_home.keys().verifiers()
    own = kept(signed_home, acts)
    both = signed_notes.cosigned(
        checkpoints.sign(made, signed_home.keys().signing(ORIGIN)), signature
    )
    held = read_checkpoint(signed_notes.dump(both), "kept.txt", [key, witness])
    assert held.signers == own.signers
    assert held.others == (witness.short,)


def test_signatures_that_were_replaced_are_found(clone, home_keys):
    note = clone.read("cat-file", "blob", "checkpoints:checkpoint")
    text = signed_notes.parse(note).text
    forged = signed_notes.dump(signed_notes.sign(text, OTHER))
    blob = clone.git("hash-object", "-w", "--stdin", given=forged)
    tree = clone.git("mktree", given=f"100644 blob {blob}\tcheckpoint\n".encode())
    commit = clone.git("commit-tree", "-m", "Mine", "-p", "checkpoints", tree)
    clone.move(commit, "refs/heads/checkpoints")

    assert found(clone, home_keys).startswith("checkpoint 13 of the branch")


@pytest.mark.parametrize(
    "note", [b"", b"garbage", b"\xff" * 300, b"a\n\n\xe2\x80\x94 b"]
)
def test_garbage_on_the_branch_is_found(note, clone, home_keys):
    blob = clone.git("hash-object", "-w", "--stdin", given=note)
    tree = clone.git("mktree", given=f"100644 blob {blob}\tcheckpoint\n".encode())
    commit = clone.git("commit-tree", "-m", "Mine", "-p", "checkpoints", tree)
    clone.move(commit, "refs/heads/checkpoints")

    assert "checkpoint 13 of the branch checkpoints: this is not" in found(
        clone, home_keys
    )


def test_a_clone_in_which_nothing_is_signed_proves_nothing(clone, home_keys):
    clone.git("update-ref", "-d", "refs/heads/checkpoints")

    assert found(clone, home_keys).startswith("nothing in the clone is signed")


def test_a_checkpoint_from_outside_is_enough(signed_home, clone, home_keys, acts):
    clone.git("update-ref", "-d", "refs/heads/checkpoints")

    assert proved(clone, home_keys, kept(signed_home, acts)).checkpoints == 1


def test_a_checkpoint_of_another_ledger_is_told_from_this_one(
    signed_home, clone, home_keys, acts
):
    held = kept(signed_home, acts)
    elsewhere = replace(
        held, checkpoint=replace(held.checkpoint, origin="placet/elsewhere")
    )

    assert "kept.txt is of placet/elsewhere" in found(clone, home_keys, elsewhere)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b"text: Speak softly.", b"text: Speak SOFTLY.", "event 2 brought other bytes"),
        (
            b"Comment on change 1 in staging\n",
            b"Comment on change 2 in staging\n",
            "the commit of event 4 does not hold",
        ),
        (b"author author <", b"author nobody <", "the commit of event 2 does not hold"),
        (b" +0000\ndata", b" +0100\ndata", "the commit of event 1 does not hold"),
        (b'{"actor"', b'["actor"', "event 1 was changed: not an event"),
    ],
    ids=["text", "message", "name", "zone", "json"],
)
def test_what_a_commit_holds_beside_its_event_is_compared(
    old, new, named, clone, home_keys
):
    clone.rewrite(old, new)

    assert found(clone, home_keys).startswith(named)


def test_a_file_that_no_event_names_is_found(clone, home_keys):
    clone.commit({"policy/staging.yaml": b"mine"}, parents=["main~1"])

    assert "the commit of event 12 does not hold" in found(clone, home_keys)


def test_what_is_no_whole_repository_is_refused(tmp_path, signed_home):
    subprocess.run(
        ["git", "clone", "--quiet", "--bare", "--depth=1",
         signed_home.ledger_path.as_uri(), "shallow.git"],
        cwd=tmp_path,
        check=True,
    )  # fmt: skip

    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Invalid, match="not a git repository"):
            Clone(path)
    with pytest.raises(Invalid, match="shallow clone"):
        Clone(tmp_path / "shallow.git")
