"""Whom it takes to have a bot answer again, told before it is stopped and after."""

import pytest

from registry.errors import NotFound, RecalledContent
from registry.people import Role
from registry.resumption_previews import ResumptionPreview, preview
from tests.rules.assembly import Registry
from tests.rules.texts import BOT, PROMPT, make_bot


def told(registry: Registry, by: str = "viewer") -> ResumptionPreview:
    return preview(registry.situation(by), "production", "acme/support")


def test_before_a_bot_is_stopped_it_is_told_who_would_have_to_agree(furnished):
    before = furnished.state

    (asked,) = told(furnished).requirements

    assert (asked.name, asked.seat) == ("product agrees", "product")
    assert "product" in asked.could
    assert furnished.state is before


def test_what_is_told_before_the_stop_is_what_the_proposal_asks(furnished):
    furnished.put(make_bot("1.1.0", tier="high"))
    before = told(furnished, "author").requirements
    furnished.stop()

    stopped = told(furnished, "author").requirements
    change = furnished.resume(by="author")

    assert before == stopped == tuple(furnished.requirements(change).values())


def test_where_nobody_holds_the_seat_it_says_that_nobody_could(furnished):
    furnished.put(make_bot("1.1.0", tier="high"))
    furnished.set_person("risk", seats=())

    found = told(furnished)

    stalled = {one.name for one in found.requirements if one.stalled}
    assert found.is_stalled
    assert stalled == {"risk agrees"}


def test_whoever_may_propose_it_is_not_asked_to_agree(furnished):
    furnished.set_person("second-product", roles=(Role.OPERATOR,), seats=("product",))
    furnished.set_person("viewer", seats=("product",))

    mine = told(furnished, "second-product")
    theirs = told(furnished, "viewer")

    assert mine.why_not is None
    assert "second-product" not in mine.requirements[0].could
    assert "viewer may not propose to resume a bot" in theirs.why_not
    assert {"viewer", "second-product"} <= set(theirs.requirements[0].could)


def test_what_was_recalled_does_not_come_back_and_says_so(furnished):
    furnished.recall(furnished.live()[PROMPT])

    with pytest.raises(RecalledContent):
        told(furnished)


def test_a_bot_that_is_not_live_has_nothing_to_come_back(furnished):
    furnished.put(deleted=(BOT,))

    with pytest.raises(NotFound):
        told(furnished)
