"""Stopping a bot: the rules at the top of `registry/stops.py`."""

import pytest

from registry import commands
from registry.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
)
from registry.people import Role
from registry.state import Environment
from tests.rules.texts import (
    BOT,
    PROMPT,
    make_bot,
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
    with pytest.raises(NotAllowed, match=f"{by} may not stop a bot in production"):
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

    with pytest.raises(Invalid, match="a stop's reason"):
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
