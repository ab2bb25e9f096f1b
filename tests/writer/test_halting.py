"""A ledger that is not what it was: writing halts, reading goes on, and it heals."""

import shutil

import pytest

from registry import payloads, review_payloads
from registry.db.engine import reading
from registry.db.live import read_snapshots
from registry.errors import RegistryError, WritesHalted
from registry.events import path_of
from registry.writer import opened
from tests.writer.acts import Acts


def rewind(hand, last):
    hand.move("main~1")


def rewind_to_the_beginning(hand, last):
    hand.move(hand.commits()[0])


def rewrite_the_last_commit(hand, last):
    hand.commit(parents=["main~1"])


def begin_anew(hand, last):
    hand.commit(parents=[])


def merge(hand, last):
    hand.commit(parents=["main", "main~1"])


def continue_without_an_event(hand, last):
    hand.commit()


def continue_with_nonsense(hand, last):
    hand.commit({path_of(last.number + 1): b"{}"})


def repeat_the_last_event(hand, last):
    body = hand.read("cat-file", "blob", f"main:{path_of(last.number)}")
    hand.commit({path_of(last.number + 1): body})


def comment_on_a_change_that_is_not_there(hand, last):
    comment = review_payloads.Commented(
        change=77, environment="staging", revision=1, text="Well formed."
    )
    hand.add_event(last, comment)


def activate_what_was_never_written(hand, last):
    document = payloads.LiveDocument(
        document="prompts/acme/forged",
        version="1.0.0",
        digest="sha256:" + "a" * 64,
        owner="product",
        tier="low",
        uses=(),
        composed="sha256:" + "b" * 64,
    )
    activated = payloads.Activated(
        change=None,
        environment="staging",
        seq=2,
        restored=None,
        reason="By hand",
        documents=(document,),
        deleted=(),
        bundles=(),
    )
    hand.add_event(last, activated)


def delete_the_branch(hand, last):
    hand.git("update-ref", "-d", "refs/heads/main")


def damage_the_branch(hand, last):
    (hand.ledger / "refs/heads/main").write_bytes(b"\0" * 41)


def delete_everything(hand, last):
    shutil.rmtree(hand.ledger)


DAMAGES = [
    rewind,
    rewind_to_the_beginning,
    rewrite_the_last_commit,
    begin_anew,
    merge,
    continue_without_an_event,
    continue_with_nonsense,
    repeat_the_last_event,
    comment_on_a_change_that_is_not_there,
    activate_what_was_never_written,
    delete_the_branch,
    damage_the_branch,
    delete_everything,
]


@pytest.fixture(params=DAMAGES, ids=lambda damage: damage.__name__)
def damage(request, hand, registry, acts):
    """Damages the ledger when it is called; what it returns mends it."""
    acts.begin_support()
    last = acts.say("the last word").event
    kept = hand.ledger.with_name("kept.git")
    shutil.copytree(hand.ledger, kept)

    def mend():
        shutil.rmtree(hand.ledger, ignore_errors=True)
        shutil.copytree(kept, hand.ledger)

    def damage():
        request.param(hand, last)
        return mend

    return damage


def test_i21_writing_halts_and_nothing_is_written(damage, registry, acts, dump):
    before = dump(registry.engine)
    damage()

    with pytest.raises(WritesHalted, match="nothing can be written: ") as halted:
        acts.say("more")

    assert halted.value.hint
    assert registry.writer.halted == str(halted.value).partition(": ")[2]
    assert dump(registry.engine) == before


def test_i21_reading_goes_on(damage, registry, acts):
    before = registry.writer.state
    damage()

    with pytest.raises(WritesHalted):
        acts.say("more")

    assert registry.writer.state is before
    with reading(registry.engine) as connection:
        assert read_snapshots(connection)["staging"].seq == 1


def test_writing_goes_on_when_the_ledger_is_what_it_was(
    damage, registry, acts, verified
):
    before = registry.writer.state
    mend = damage()
    with pytest.raises(WritesHalted):
        acts.say("more", key="k")

    mend()

    assert acts.say("more", key="k").event.number == before.head.number + 1
    assert registry.writer.halted is None
    verified(registry)


def test_the_damage_is_noticed_when_nobody_writes(damage, registry):
    mend = damage()

    with pytest.raises(WritesHalted):
        registry.afterwards.once()
    halted = registry.writer.halted
    mend()
    registry.afterwards.once()

    assert (halted is None, registry.writer.halted) == (False, None)


def test_a_registry_is_opened_for_reading_with_a_damaged_ledger(
    damage, registry, home, clock, hand
):
    damage()
    if not hand.ledger.exists():
        pytest.skip("there is nothing to open")

    with opened(home, clock=clock) as again:
        state, halted = again.writer.state, again.writer.halted
        with pytest.raises(WritesHalted):
            Acts(again.writer).say("more")

    assert state == registry.writer.state
    assert halted is not None


def test_a_folder_without_its_ledger_is_not_begun_again(registry, acts, home, hand):
    acts.begin_support()
    shutil.rmtree(hand.ledger)
    home.create().close()

    with opened(home) as again, pytest.raises(WritesHalted):
        Acts(again.writer).begin()


def test_refusals_are_told_apart_from_halting(registry, acts):
    acts.begin_support()

    with pytest.raises(RegistryError):
        acts.say("")

    assert registry.writer.halted is None
