"""Stopping a bot, and resuming it: the rules at the top of `registry/stops.py`."""

from dataclasses import replace

import pytest

from registry import commands
from registry.changes import Status, Verdict
from registry.errors import (
    Conflict,
    Invalid,
    NotAgreed,
    NotAllowed,
    NotFound,
    RecalledContent,
    Stale,
)
from registry.people import Role
from registry.state import Environment
from tests.rules.assembly import (
    BOT,
    PRODUCTION,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

ANSWERS_FOR_THE_BOT = ["product", "editor", "promoter"]  # owner, deputy, on-call
SEAT_HOLDERS = ["risk", "board", "legal", "second-product"]


def live_of(environment: Environment) -> dict:
    return dict(environment.live.items())


@pytest.mark.parametrize("by", [*ANSWERS_FOR_THE_BOT, *SEAT_HOLDERS, "operator"])
def test_who_answers_for_it_and_every_seat_holder_stop_a_bot(furnished, by):
    furnished.stop(by=by)

    assert furnished.told().stopped == "It lied."


@pytest.mark.parametrize("by", ["author", "admin", "viewer"])
def test_nobody_else_stops_a_bot(furnished, by):
    with pytest.raises(NotAllowed, match=f"{by} may not stop acme/support"):
        furnished.stop(by=by)


@pytest.mark.parametrize("by", [*ANSWERS_FOR_THE_BOT, *SEAT_HOLDERS])
def test_a_token_stands_for_nobodys_seat_or_bot(furnished, by):
    with pytest.raises(NotAllowed):
        furnished.stop(by=by, via="token:1", roles=(Role.AUTHOR, Role.OPERATOR))


def test_an_operators_token_stops_a_bot(furnished):
    furnished.stop(via="token:1", roles=(Role.OPERATOR,))

    assert furnished.told().stopped == "It lied."


def test_the_owner_is_the_one_of_the_live_bot(furnished):
    furnished.put(make_bot("1.1.0", owner="viewer"))

    furnished.stop(by="viewer")

    assert furnished.told().stopped == "It lied."


@pytest.mark.parametrize("reason", ["", "\t", "\x1b[31m"])
def test_a_stop_needs_a_reason(furnished, reason):
    command = commands.Stop(environment="production", bot="acme/support", reason=reason)

    with pytest.raises(Invalid, match="a stop's reason needs words"):
        furnished.act("operator", command)


def test_a_stop_takes_effect_at_once_at_the_next_seq(furnished):
    before = furnished.told().bundle

    event = furnished.stop()

    told = furnished.told()
    assert event.payload.seq == furnished.environment().seq == 2
    assert told.bundle != before
    assert (told.floor, told.stopped_at) == (2, 2)


def test_a_stop_leaves_everything_live(furnished):
    before = live_of(furnished.environment())

    furnished.stop()

    assert live_of(furnished.environment()) == before


def test_a_stopped_bot_is_not_stopped_again(furnished):
    furnished.stop()

    with pytest.raises(Conflict, match="is stopped already: It lied"):
        furnished.stop()


def test_a_bot_that_is_not_live_is_not_stopped(furnished):
    with pytest.raises(NotFound, match="acme/none is not live in production"):
        furnished.stop(bot="acme/none")


def test_an_activation_does_not_resume_a_bot(furnished):
    furnished.stop()
    stopped = furnished.told()

    furnished.put(make_prompt("1.1.0", "Be brief."))

    assert furnished.told() == stopped
    assert furnished.events[-1].payload.bundles == ()
    assert furnished.versions()[PROMPT] == "1.1.0"


def test_a_new_version_of_the_bot_does_not_resume_it(furnished):
    furnished.stop()

    furnished.put(make_bot("1.1.0", purpose="Everything"))

    assert furnished.told().stopped == "It lied."
    assert furnished.told().stopped_at == 2


def test_deleting_a_bot_and_bringing_it_again_does_not_resume_it(furnished):
    furnished.stop()

    furnished.put(deleted=(BOT,))
    furnished.put(make_bot("1.1.0"))

    assert furnished.told().stopped == "It lied."


# Resuming.


def test_a_bot_is_resumed_by_a_change_that_was_agreed_to(furnished):
    before = furnished.told().bundle
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.activate(change)

    told = furnished.told()
    assert (told.bundle, told.stopped, told.stopped_at) == (before, None, None)
    assert told.floor == 2  # conversations from before the stop stay ended
    assert furnished.change(change).seq == furnished.environment().seq == 3


def test_resuming_needs_the_approval_of_the_environment(furnished):
    furnished.stop()
    change = furnished.resume()

    with pytest.raises(NotAgreed):
        furnished.activate(change)


def test_who_proposes_to_resume_does_not_vote_on_it(furnished):
    furnished.stop()
    change = furnished.resume(by="product")

    assert furnished.requirements(change)["product agrees"].could == ("second-product",)


def test_resuming_brings_back_what_went_live_in_the_meantime(furnished):
    furnished.stop()
    furnished.put(make_prompt("1.1.0", "Be brief."))
    change = furnished.agree(furnished.resume())

    furnished.activate(change)

    assert furnished.told().stopped is None
    assert (
        furnished.told().bundle == furnished.change(change).revision.resumption.bundle
    )


@pytest.mark.parametrize(
    "moves",
    [
        lambda r: r.put(make_fragment("1.1.0", "Be calm.")),
        lambda r: r.put(make_prompt("1.1.0", including(text="Be brief."))),
        lambda r: r.put(make_bot("1.1.0", purpose="Everything")),
    ],
    ids=["fragment", "prompt", "bot"],
)
def test_resuming_is_stale_when_the_bundle_would_differ(furnished, moves):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    moves(furnished)

    assert furnished.status(change) is Status.STALE
    with pytest.raises(Stale):
        furnished.activate(change)


def test_resuming_stays_stale_when_the_bundle_would_be_the_same_again(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())
    furnished.put(make_fragment("1.1.0", "Be calm."))

    furnished.roll_back(TONE, seq=1)

    assert furnished.status(change) is Status.STALE


def test_resuming_is_stale_when_the_bot_was_stopped_again(furnished):
    furnished.stop()
    early = furnished.agree(furnished.resume())
    furnished.activate(furnished.agree(furnished.resume()))
    furnished.stop()

    assert furnished.stale_because(early) == "the bot was stopped again"
    with pytest.raises(Stale):
        furnished.activate(early)


def test_resuming_is_stale_when_the_bot_was_resumed(furnished):
    furnished.stop()
    early = furnished.agree(furnished.resume())
    furnished.activate(furnished.agree(furnished.resume()))

    with pytest.raises(Stale, match="the bot is not stopped any more"):
        furnished.activate(early)


def test_resuming_is_stale_when_the_bot_is_gone(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.put(deleted=(BOT,))

    with pytest.raises(Stale):
        furnished.activate(change)


def test_resuming_is_stale_when_the_policy_has_changed(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.put_policy(PRODUCTION + "change_days: 7\n")

    with pytest.raises(Stale):
        furnished.activate(change)


def test_resuming_is_not_stale_when_something_else_moves(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.put(make_prompt("1.0.0", including(), name="acme/other"))

    furnished.activate(change)
    assert furnished.told().stopped is None


def test_a_bundle_that_is_composed_otherwise_by_now_does_not_come_back(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())
    resumption = furnished.change(change).revision.resumption
    other = replace(resumption, bundle=furnished.told().bundle)
    furnished.pretend(change, resumption=other)

    with pytest.raises(Stale, match="would not come back as it was agreed to"):
        furnished.activate(change)


def test_resuming_what_was_recalled_since_is_refused(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())
    furnished.recall(furnished.live()[TONE])

    with pytest.raises(RecalledContent):
        furnished.activate(change)


def test_resuming_needs_an_operator(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    with pytest.raises(NotAllowed):
        furnished.activate(change, by="product")


def test_resuming_can_be_vetoed(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.vote(change, "legal", Verdict.VETO)

    with pytest.raises(NotAgreed):
        furnished.activate(change)
