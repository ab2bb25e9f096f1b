"""Bringing to one environment what another has."""

import pytest

from registry.errors import (
    Conflict,
    Invalid,
    NotAgreed,
    NotFound,
    RecalledContent,
)
from tests.rules.texts import (
    BOT,
    TONE,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


def test_a_promotion_takes_a_bot_with_everything_it_uses(developed):
    developed.bring(BOT)

    assert developed.live() == developed.live("development")


def test_a_promotion_takes_nothing_that_it_does_not_use(developed):
    developed.put(make_prompt("1.0.0", name="acme/other"), to="development")

    developed.bring(BOT)

    assert OTHER not in developed.live()


def test_a_promotion_pins_what_it_takes(developed):
    change = developed.promote(BOT)
    pinned = developed.live("development")
    developed.put(make_fragment("1.1.0", "Be calm."), to="development")

    developed.activate(developed.agree(change))

    assert developed.live() == pinned


def test_a_promotion_takes_nothing_older_than_what_is_there(developed):
    developed.put(make_fragment("1.1.0", "Be calm."), to="development")
    developed.bring(TONE)
    developed.put(make_fragment("1.2.0", "Be warm."), by="author")

    developed.bring(BOT)

    assert developed.versions()[TONE] == "1.2.0"


def test_a_promotion_takes_something_older_that_is_named(developed):
    developed.put(make_fragment("1.2.0", "Be warm."))

    developed.bring(TONE)

    assert developed.versions()[TONE] == "1.0.0"


def test_a_promotion_of_what_is_there_already_is_refused(developed):
    developed.bring(BOT)

    with pytest.raises(Invalid, match="is live in production already"):
        developed.promote(BOT)


def test_a_promotion_needs_two_environments(developed):
    with pytest.raises(Invalid, match="two environments"):
        developed.promote(BOT, target="development")


def test_what_is_not_live_in_the_source_cannot_be_promoted(registry):
    with pytest.raises(NotFound, match="is not live in development"):
        registry.promote(BOT)


def test_a_promotion_follows_the_policy_of_its_target(developed):
    change = developed.promote(BOT)

    with pytest.raises(NotAgreed):
        developed.activate(change)


def test_only_edits_can_be_revised(developed):
    change = developed.promote(BOT)

    with pytest.raises(Conflict, match="a promotion, which cannot be revised"):
        developed.revise(change, make_prompt("1.1.0"))


def test_recalled_content_cannot_be_promoted(developed):
    developed.recall(developed.live("development")[TONE])

    with pytest.raises(RecalledContent):
        developed.promote(BOT)
