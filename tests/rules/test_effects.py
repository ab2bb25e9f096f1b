"""What an edit does to everything that uses it: `registry/effects.py`."""

import pytest

from registry.documents import Tier
from registry.errors import InvalidDocument, NotFound, StillReferred
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)


def affected(registry, change: int, document: str):
    effect = registry.change(change).revision.effect
    return next(one for one in effect if one.document == document)


def test_the_effect_has_everything_that_uses_an_edited_document(furnished):
    furnished.put(make_prompt("1.0.0", name="acme/unrelated"))

    change = furnished.submit(make_fragment("1.1.0", "Be calm."))

    effect = furnished.change(change).revision.effect
    assert [one.document for one in effect] == [BOT, TONE, PROMPT]


def test_the_effect_says_what_each_reads_like_before_and_after(furnished):
    change = furnished.submit(make_fragment("1.1.0", "Be calm."))

    one = affected(furnished, change, PROMPT)
    furnished.activate(furnished.agree(change))

    live = furnished.environment().live[PROMPT]
    assert one.before.since == 1
    assert one.before.digest != one.after
    assert live.document.composed == one.after


def test_a_document_without_a_tier_is_high(registry):
    change = registry.submit(make_prompt("1.0.0", tier=None))

    assert affected(registry, change, PROMPT).tier is Tier.HIGH
    assert "risk agrees" in registry.requirements(change)


@pytest.mark.parametrize(("before", "after"), [("high", "low"), ("low", "high")])
def test_of_two_tiers_the_stricter_counts(registry, before, after):
    registry.put(make_prompt("1.0.0", tier=before))

    change = registry.submit(make_prompt("1.1.0", tier=after))

    assert affected(registry, change, PROMPT).tier is Tier.HIGH
    assert not registry.requirements(change)["risk agrees"].met


def test_taking_the_tier_away_makes_it_high(registry):
    registry.put(make_prompt("1.0.0", tier="low"))

    change = registry.submit(make_prompt("1.1.0", tier=None))

    assert affected(registry, change, PROMPT).tier is Tier.HIGH


def test_deleting_a_document_is_of_its_tier(registry):
    registry.put(make_prompt("1.0.0", tier="high"))

    change = registry.submit(deleted=(PROMPT,))

    assert affected(registry, change, PROMPT).tier is Tier.HIGH


def test_the_tier_of_a_user_counts_for_what_it_uses(registry):
    registry.put(make_fragment("1.0.0"), make_prompt("1.0.0", including(), tier="high"))

    change = registry.submit(make_fragment("1.1.0", "Be calm."))

    assert registry.requirements(change)["risk agrees"].because == (PROMPT,)


def test_owners_before_and_after_are_in_the_effect(registry):
    registry.put(make_prompt("1.0.0", owner="product"))

    change = registry.submit(make_prompt("1.1.0", owner="legal"))

    assert affected(registry, change, PROMPT).owners == ("legal", "product")


@pytest.mark.parametrize("document", [TONE, PROMPT])
def test_what_is_referred_to_cannot_be_deleted(furnished, document):
    with pytest.raises(StillReferred, match=document):
        furnished.submit(deleted=(document,))


def test_a_document_can_be_deleted_with_what_refers_to_it(furnished):
    furnished.put(deleted=(TONE, PROMPT, BOT))

    assert furnished.live() == {}


def test_a_document_can_be_deleted_when_its_user_changes_in_the_same_change(furnished):
    furnished.put(make_prompt("1.1.0"), deleted=(TONE,))

    assert set(furnished.live()) == {PROMPT, BOT}


def test_a_document_cannot_be_deleted_when_its_changed_user_still_refers_to_it(
    furnished,
):
    with pytest.raises(StillReferred):
        furnished.submit(
            make_prompt("1.1.0", including(text="Be brief.")), deleted=(TONE,)
        )


def test_a_document_cannot_be_deleted_when_something_new_refers_to_it(registry):
    registry.put(make_fragment("1.0.0"))

    with pytest.raises(StillReferred):
        registry.submit(make_prompt("1.0.0", including()), deleted=(TONE,))


def test_what_got_a_user_since_cannot_be_deleted(registry):
    registry.put(make_fragment("1.0.0"))
    change = registry.agree(registry.submit(deleted=(TONE,)))
    using = registry.agree(registry.submit(make_prompt("1.0.0", including())))
    registry.activate(change)

    with pytest.raises(InvalidDocument, match="does not exist"):
        registry.activate(using)


def test_what_is_not_live_cannot_be_deleted(furnished):
    with pytest.raises(NotFound, match="prompts/acme/none is not live in production"):
        furnished.submit(deleted=("prompts/acme/none",))


def test_a_reference_to_what_is_not_live_is_refused(registry):
    with pytest.raises(InvalidDocument, match="does not exist"):
        registry.submit(make_bot("1.0.0"))


def test_what_would_break_a_user_is_refused(furnished):
    templated = make_fragment("2.0.0", "Be {{ mood }}.", template="simple")

    with pytest.raises(InvalidDocument, match="prompts/acme/refunds"):
        furnished.submit(templated)


def test_documents_that_refer_to_each_other_go_live_together(registry):
    registry.put(
        make_bot("1.0.0"), make_prompt("1.0.0", including()), make_fragment("1.0.0")
    )

    assert set(registry.live()) == {BOT, PROMPT, TONE}


def test_a_bot_is_told_something_else_when_a_fragment_deep_inside_moves(furnished):
    before = furnished.told().bundle

    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert furnished.told().bundle != before
    assert furnished.environment().bots["acme/support"].since == 2


def test_a_bot_whose_documents_stay_is_not_told_anything(furnished):
    furnished.put(make_prompt("1.0.0", name="acme/unrelated"))

    assert furnished.environment().bots["acme/support"].since == 1
    assert furnished.events[-1].payload.bundles == ()
