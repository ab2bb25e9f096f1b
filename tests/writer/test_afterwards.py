"""What is done after the answer: branches for people, repacking, catching up."""

import logging
import time
from threading import Event, Thread

import pytest

from registry.errors import LedgerBroken
from registry.ledger.ledger import MANY_PACKS
from registry.writer import Home, opened
from tests.writer.acts import Acts, fragment, prompt

ENVIRONMENTS = ("staging", "production")


def branches_match(hand):
    return [
        hand.git("rev-parse", f"env/{name}^{{tree}}")
        == hand.git("rev-parse", f"main:live/{name}")
        for name in ENVIRONMENTS
    ]


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.005)


def test_each_branch_is_what_is_live(lived, hand):
    assert branches_match(hand) == [True, True]


def test_each_branch_has_a_commit_for_each_seq(lived, hand):
    subjects = hand.git("log", "--reverse", "--format=%s", "env/staging").splitlines()

    assert subjects == [
        "Activate change 1 in staging: Say it better",
        "Activate change 2 in staging: Say it better",
        "Stop acme/support in staging",
        "Roll back everything in staging to seq 1",
    ]


def test_people_compare_environments_with_plain_git(lived, hand):
    shown = hand.git("diff", "env/staging", "env/production")

    assert "-text: Speak softly." in shown
    assert "+text: Speak." in shown


def test_a_second_round_changes_nothing(lived, hand):
    before = hand.git("for-each-ref")

    lived.afterwards.once()

    assert hand.git("for-each-ref") == before


def test_what_was_missed_is_made_up_for(home, registry, acts, clock, hand):
    acts.live_a_little()

    with opened(home, clock=clock) as again:
        again.afterwards.once()

    assert branches_match(hand) == [True, True]


def test_an_environment_that_never_moved_has_no_branch(registry, acts, hand):
    acts.begin_support()

    registry.afterwards.once()

    assert hand.git("branch", "--list", "env/*").split() == ["env/staging"]


def test_documents_that_are_deleted_leave_the_branch(registry, acts, hand):
    acts.put_live(prompt("1.0.0", "Be kind."), fragment("1.0.0"))
    change = acts.submit(deleted=("fragments/acme/tone",))
    acts.activate(change)

    registry.afterwards.once()

    files = hand.git("ls-tree", "-r", "--name-only", "env/staging").split()
    assert files == ["prompts/acme/refunds.yaml"]


def test_writing_and_deriving_at_once_do_not_disturb_each_other(registry, acts, hand):
    acts.begin_support()
    acts.put_live(prompt("1.1.0", "Be kind."), environment="production")
    ended, failed = Event(), []

    def derive():
        while not ended.is_set():
            try:
                registry.afterwards.once()
            except Exception as error:  # noqa: BLE001 (whatever it is)
                failed.append(error)

    deriving = [Thread(target=derive) for _ in range(2)]
    for thread in deriving:
        thread.start()
    try:
        for number in range(1, 9):
            acts.put_live(fragment(f"1.{number}.0", f"Speak {number} times."))
    finally:
        ended.set()
        for thread in deriving:
            thread.join()

    registry.afterwards.once()
    assert failed == []
    assert branches_match(hand) == [True, True]
    assert len(hand.commits("env/staging")) == 9


def test_a_branch_that_somebody_broke_holds_up_nothing_else(lived, acts, hand):
    hand.move("main", "refs/heads/env/staging")
    acts.put_live(fragment("1.3.0", "Sing."))
    acts.put_live(fragment("1.4.0", "Hum."), environment="production")

    with pytest.raises(LedgerBroken, match="somebody else"):
        lived.afterwards.once()

    assert branches_match(hand) == [False, True]


@pytest.mark.slow
def test_many_small_packs_become_few_and_nothing_is_lost(
    registry, acts, hand, verified
):
    acts.begin_support()
    for number in range(MANY_PACKS + 5):
        acts.say(f"word {number}")
    before = len(list(hand.ledger.glob("objects/pack/*.pack")))

    registry.afterwards.once()

    after = len(list(hand.ledger.glob("objects/pack/*.pack")))
    assert (before > MANY_PACKS, after < MANY_PACKS // 5) == (True, True)
    acts.say("and on")
    assert verified(registry).events == MANY_PACKS + 9
    registry.ledger.fsck()


def test_the_thread_does_it_when_it_is_woken(home, clock, hand):
    woken = []

    with opened(home, clock=clock, written=lambda: woken[0].wake()) as registry:
        woken.append(registry.afterwards)
        registry.afterwards.start()
        try:
            acts = Acts(registry.writer)
            acts.begin()
            acts.put_live(fragment("1.0.0"))
            wait_for(lambda: hand.git("branch", "--list", "env/staging"))
        finally:
            registry.afterwards.close()

    assert len(hand.commits("env/staging")) == 1


def test_the_thread_survives_what_fails_and_tries_again(registry, acts, hand, caplog):
    acts.begin_support()
    head = hand.commits()[-1]
    hand.move("main~1")

    with caplog.at_level(logging.ERROR):
        registry.afterwards.start()
        try:
            wait_for(lambda: "will be tried again" in caplog.text)
            hand.move(head)
            registry.afterwards.wake()
            wait_for(lambda: registry.writer.halted is None)
        finally:
            registry.afterwards.close()

    assert acts.say("and on").event.number == 4


def test_it_can_be_closed_without_having_been_started(tmp_path):
    home = Home(path=tmp_path / "unstarted")
    home.create().close()

    with opened(home) as registry:
        registry.afterwards.close()
