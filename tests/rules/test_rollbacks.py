"""Putting back what was live before: the rules in `registry/rollbacks.py`."""

from datetime import timedelta

import pytest

from registry.documents import Document, dump, parse
from registry.errors import (
    Conflict,
    ContentMoved,
    Invalid,
    NotAllowed,
    NotFound,
    NotSettled,
)
from registry.people import Role
from tests.rules.assembly import Registry
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


# What was read is what is done.


def test_a_rollback_decided_on_at_another_seq_is_refused(moved):
    now = moved.environment().seq

    for expected in (now - 1, now + 1):
        for propose in (False, True):
            with pytest.raises(ContentMoved, match=f"is at seq {now} now") as told:
                moved.roll_back(BOT, seq=1, expected_seq=expected, propose=propose)

    assert f"decided on at seq {now + 1}" in str(told.value)
    assert moved.environment().seq == now


def test_a_rollback_decided_on_at_this_seq_is_done(moved):
    now = moved.environment().seq

    assert moved.preview(BOT, seq=1).seq == now
    moved.roll_back(BOT, seq=1, expected_seq=now)

    assert moved.environment().seq == now + 1


# What goes back.


def test_a_bot_goes_back_with_what_it_used_then(moved):
    moved.roll_back(BOT, seq=1)

    assert moved.versions() == {
        BOT: "1.0.0",
        PROMPT: "1.0.0",
        TONE: "1.0.0",
        OTHER: "1.0.0",
    }


def test_a_bot_reads_exactly_as_it_did(moved):
    before = moved.environment().moments[1].live

    moved.roll_back(BOT, seq=1)

    live = moved.environment().live
    assert all(live[ref].document == before[ref].document for ref in before)


def test_a_document_goes_back_alone(registry):
    registry.put(make_prompt("1.0.0"), make_prompt("1.0.0", name="acme/other"))
    registry.put(make_prompt("1.1.0"), make_prompt("1.1.0", name="acme/other"))

    registry.roll_back(PROMPT, seq=1)

    assert registry.versions() == {PROMPT: "1.0.0", OTHER: "1.1.0"}


def test_a_prompt_goes_back_without_what_it_includes(moved):
    event = moved.roll_back(PROMPT, by="promoter", seq=1, propose=True)

    edits = event.payload.revision.edits
    assert [edit.document for edit in edits] == [PROMPT]


def test_an_environment_goes_back_whole(moved):
    before = moved.environment().moments[1].live

    event = moved.roll_back(None, seq=1)

    assert event.message.startswith("Roll back everything in production to seq 1\n")

    live = moved.environment().live
    assert {ref: live[ref].document for ref in live} == {
        ref: before[ref].document for ref in before
    }


def test_a_deleted_document_comes_back(furnished):
    furnished.put(deleted=(BOT,))

    furnished.roll_back(BOT, seq=1)

    assert furnished.versions()[BOT] == "1.0.0"


def test_a_rollback_goes_forward_to_the_next_seq(moved):
    event = moved.roll_back(BOT, seq=1)

    assert event.message.startswith(f"Roll back {BOT} in production to seq 1\n")
    assert (event.payload.seq, event.payload.restored) == (4, 1)
    assert event.payload.change is None
    assert moved.environment().seq == 4


def test_a_rollback_can_be_rolled_back(moved):
    before = moved.live()
    moved.roll_back(BOT, seq=1)

    moved.roll_back(BOT, seq=3)

    assert moved.live() == before


# To when.


def test_a_rollback_to_a_moment_is_to_the_seq_of_that_moment(moved):
    at = moved.environment().moments[1].at + timedelta(hours=5)

    event = moved.roll_back(BOT, moment=at)

    assert event.payload.restored == 1


def test_a_rollback_to_a_version_is_to_when_it_was_last_live(moved):
    event = moved.roll_back(BOT, version="1.0.0")

    assert event.payload.restored == 2
    assert moved.versions()[TONE] == "1.0.0"


def test_a_version_may_be_of_the_first_seq(registry):
    registry.put(make_prompt("1.0.0"))
    registry.put(make_prompt("1.1.0"))

    assert registry.roll_back(PROMPT, version="1.0.0").payload.restored == 1


@pytest.mark.parametrize(
    "to",
    [{}, {"seq": 1, "version": "1.0.0"}, {"seq": 1, "moment": timedelta(0)}],
    ids=str,
)
def test_a_rollback_goes_back_to_one_thing(moved, to):
    if "moment" in to:
        to = {**to, "moment": moved.now}

    with pytest.raises(Invalid, match="goes back to one thing"):
        moved.roll_back(BOT, **to)


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ({"seq": 0}, "production has no seq 0"),
        ({"seq": -1}, "production has no seq -1"),
        ({"seq": 9}, "production has no seq 9"),
        ({"version": "9.0.0"}, f"{BOT} 9.0.0 was never live in production"),
    ],
    ids=str,
)
def test_a_rollback_to_nowhere_is_refused(moved, to, words):
    with pytest.raises(NotFound, match=words):
        moved.roll_back(BOT, **to)


def test_a_version_of_what_was_not_always_there_is_refused(moved):
    with pytest.raises(NotFound, match=f"{OTHER} 9.0.0 was never live"):
        moved.roll_back(OTHER, version="9.0.0")


def test_a_rollback_to_what_is_live_is_refused(moved):
    with pytest.raises(Conflict, match=f"{BOT} is as it was at seq 3"):
        moved.roll_back(BOT, seq=3)


def test_an_environment_has_no_version(moved):
    with pytest.raises(Invalid, match="an environment has no version"):
        moved.roll_back(None, version="1.0.0")


def test_a_moment_that_is_not_over_is_refused(moved):
    with pytest.raises(NotSettled):
        moved.roll_back(BOT, moment=moved.now + timedelta(seconds=1))


def test_a_moment_before_anything_was_live_is_refused(moved):
    first = moved.environment().moments[1].at

    with pytest.raises(NotFound, match="nothing was live in production"):
        moved.roll_back(BOT, moment=first - timedelta(microseconds=1))


# Who, and why.


@pytest.mark.parametrize("by", ["operator", "product", "editor", "promoter"])
def test_an_operator_or_who_answers_for_the_bot_rolls_it_back(moved, by):
    moved.roll_back(BOT, by=by, seq=1)

    assert moved.versions()[BOT] == "1.0.0"


@pytest.mark.parametrize("by", ["author", "admin", "board", "risk", "viewer"])
def test_nobody_else_rolls_a_bot_back(moved, by):
    with pytest.raises(NotAllowed, match=f"{by} may not roll back in production"):
        moved.roll_back(BOT, by=by, seq=1)


@pytest.mark.parametrize("scope", [None, PROMPT])
def test_who_answers_for_a_bot_rolls_nothing_else_back(moved, scope):
    with pytest.raises(NotAllowed):
        moved.roll_back(scope, by="product", seq=1)


@pytest.fixture
def shared(furnished: Registry) -> Registry:
    """Two bots of two owners that use one prompt, which reads differently from 3 on."""
    furnished.set_person("alice", roles=(Role.VIEWER,))
    furnished.put(_owned("acme/own", "alice"), _owned("bank/other", "bob"))
    furnished.put(make_fragment("1.1.0", "Be calm."))
    return furnished


def _owned(name: str, owner: str) -> Document:
    answering = {"owner": owner, "deputy": "dan", "on_call": "cleo"}
    return parse(dump({**make_bot("1.0.0", name=name).value, **answering}))


def test_who_answers_for_a_bot_moves_nothing_that_bots_of_others_share(shared):
    with pytest.raises(NotAllowed) as refused:
        shared.roll_back("bots/acme/own", by="alice", seq=2)

    assert str(refused.value) == (
        "alice does not answer for bots/acme/support, bots/bank/other, which this "
        "changes as well"
    )
    with pytest.raises(NotAllowed, match="alice may not roll back in production"):
        shared.roll_back("bots/acme/own", by="alice", seq=2, via="token:1")
    shared.roll_back("bots/acme/own", seq=2)


def test_who_answers_for_a_bot_moves_nothing_that_others_own_and_no_bot_uses(shared):
    shared.put(deleted=(BOT, "bots/bank/other"))
    alone = make_prompt("1.0.0", including(), name="bank/alone", owner="bankers")
    shared.put(alone)
    shared.put(make_fragment("1.2.0", "Be brief."))

    with pytest.raises(NotAllowed) as refused:
        shared.roll_back("bots/acme/own", by="alice", seq=3)

    assert str(refused.value) == (
        "alice does not answer for prompts/bank/alone, which this changes as well"
    )
    assert shared.roll_back("bots/acme/own", seq=3)


def test_who_answers_for_a_bot_moves_what_they_own_and_no_bot_uses(shared):
    shared.put(deleted=(BOT, "bots/bank/other"))
    shared.put(make_prompt("1.0.0", including(), name="bank/alone", owner="alice"))
    shared.put(make_fragment("1.2.0", "Be brief."))

    assert shared.roll_back("bots/acme/own", by="alice", seq=3)


def test_who_answers_for_all_the_bots_that_share_it_may(shared):
    shared.put(deleted=(BOT,))
    shared.set_person("dan", roles=(Role.VIEWER,))

    shared.roll_back("bots/acme/own", by="dan", seq=2)

    assert shared.versions()[TONE] == "1.0.0"


def test_an_operator_may_whoever_answers_for_the_other_bots(shared):
    shared.set_person("alice", roles=(Role.OPERATOR,))

    shared.roll_back("bots/acme/own", by="alice", seq=2)

    assert shared.versions()[TONE] == "1.0.0"


def test_nobody_answers_for_a_bot_that_is_not_there(shared):
    shared.set_person("dan", roles=(Role.VIEWER,))
    shared.put(deleted=(BOT, "bots/acme/own"))

    with pytest.raises(NotAllowed, match="dan may not roll back in production"):
        shared.roll_back("bots/acme/own", by="dan", seq=2)


def test_who_answers_for_a_bot_puts_back_what_only_it_uses(shared):
    own = _owned("acme/own", "alice")
    shared.put(parse(dump({**own.value, "version": "1.1.0", "purpose": "All"})))

    shared.roll_back("bots/acme/own", by="alice", seq=3)

    assert shared.versions()["bots/acme/own"] == "1.0.0"


def test_who_answers_for_a_bot_does_so_in_person(moved):
    roles = (Role.AUTHOR, Role.OPERATOR)

    with pytest.raises(NotAllowed, match="product may not roll back in production"):
        moved.roll_back(BOT, by="product", seq=1, via="token:1", roles=roles)


def test_an_operators_token_rolls_back(moved):
    moved.roll_back(BOT, seq=1, via="token:1", roles=(Role.OPERATOR,))

    assert moved.versions()[BOT] == "1.0.0"


@pytest.mark.parametrize("reason", ["", " \n", "\x1b[2J", "x" * 4001])
def test_a_rollback_needs_a_reason(moved, reason):
    with pytest.raises(Invalid, match="a rollback's reason"):
        moved.roll_back(BOT, seq=1, reason=reason)
