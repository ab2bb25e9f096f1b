"""Whoever had a hand in a text cannot vote for it: `registry/authorship.py`."""

import pytest

from registry.changes import Verdict
from registry.errors import Contributed
from tests.rules.assembly import Registry
from tests.rules.bench import STAGING
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

STAGING_OF_RISK = STAGING.replace("seat: product", "seat: risk")


def test_the_author_of_a_revision_cannot_vote(registry):
    change = registry.submit(make_prompt("1.0.0"), by="product")

    with pytest.raises(Contributed):
        registry.vote(change, "product")


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.APPROVE])
def test_a_contributor_cannot_vote_against_it_either(registry, verdict):
    registry.set_person("author", seats=("board",))
    change = registry.submit(make_prompt("1.0.0"))

    with pytest.raises(Contributed):
        registry.vote(change, "author", verdict)


def test_the_author_of_an_earlier_revision_cannot_vote(registry):
    change = registry.submit(make_prompt("1.0.0"), by="product")
    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="author")

    with pytest.raises(Contributed):
        registry.vote(change, "product")


def test_the_author_of_a_later_revision_cannot_vote(registry):
    change = registry.submit(make_prompt("1.0.0"), by="author")
    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="product")

    with pytest.raises(Contributed):
        registry.vote(change, "product")


def test_a_token_contributes_for_the_person_who_answers_for_it(registry):
    change = registry.submit(make_prompt("1.0.0"), by="author")
    registry.revise(
        change, make_prompt("1.0.0", "Be brief."), by="product", via="token:1"
    )

    with pytest.raises(Contributed):
        registry.vote(change, "product")


def test_an_approval_that_was_given_before_somebody_contributed_is_lost(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")

    registry.revise(change, make_prompt("1.0.0"), by="product")

    assert registry.requirements(change)["product agrees"].by == ()
    assert registry.requirements(change)["product agrees"].could == ("second-product",)


def test_an_author_who_promotes_through_another_person_cannot_vote(registry):
    registry.put(make_prompt("1.0.0"), by="product", to="development")
    change = registry.promote(PROMPT, by="promoter")

    with pytest.raises(Contributed):
        registry.vote(change, "product")


def test_who_promotes_cannot_vote(registry):
    registry.put(make_prompt("1.0.0"), to="development")
    change = registry.promote(PROMPT, by="product")

    with pytest.raises(Contributed):
        registry.vote(change, "product")


def test_authors_are_known_through_two_promotions():
    registry = Registry(staging=STAGING_OF_RISK)
    registry.put(make_prompt("1.0.0"), by="product", to="development")
    registry.bring(PROMPT, target="staging")

    change = registry.promote(PROMPT, source="staging", by="editor")

    assert registry.change(change).contributors == ("editor", "product", "promoter")


def test_authors_of_what_a_text_was_made_from_cannot_vote(registry):
    registry.put(make_prompt("1.0.0"), by="product", to="development")
    registry.put(make_prompt("1.1.0", "Be brief."), by="author", to="development")
    registry.put(make_prompt("1.2.0", "Be both."), by="editor", to="development")

    change = registry.promote(PROMPT, by="promoter")

    assert registry.change(change).contributors == (
        *("author", "editor", "product", "promoter"),
    )


def test_the_event_names_everybody_who_contributed_in_order(registry):
    for number, author in enumerate(["second-product", "product", "editor", "author"]):
        text = make_prompt(f"1.{number}.0", f"Be {number}.")
        registry.put(text, by=author, to="development")

    registry.promote(PROMPT, by="promoter")

    assert registry.events[-1].payload.contributors == (
        *("author", "editor", "product", "promoter", "second-product"),
    )


def test_authors_of_an_earlier_revision_are_known_after_a_promotion(registry):
    change = registry.submit(make_prompt("1.0.0"), by="product", to="development")
    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="author")
    registry.activate(change, by="product")

    promotion = registry.promote(PROMPT, by="promoter")

    with pytest.raises(Contributed):
        registry.vote(promotion, "product")


def test_an_earlier_revision_is_known_across_one_that_left_the_document_out(registry):
    change = registry.submit(make_prompt("1.0.0"), by="product", to="development")
    registry.revise(change, make_fragment("1.0.0"), by="author")
    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="author")
    registry.activate(change, by="product")

    promotion = registry.promote(PROMPT, by="promoter")

    assert "product" in registry.change(promotion).contributors


def test_authors_are_known_when_a_revision_goes_back_to_an_earlier_text(registry):
    change = registry.submit(make_prompt("1.0.0"), by="author", to="development")
    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="product")
    registry.revise(change, make_prompt("1.0.0"), by="author")
    registry.activate(change, by="author")

    promotion = registry.promote(PROMPT, by="promoter")

    assert registry.change(promotion).contributors == ("author", "product", "promoter")


def test_the_history_counts_back_to_what_is_live_in_the_target(registry):
    registry.put(make_prompt("1.0.0"), by="second-product", to="development")
    registry.bring(PROMPT)
    registry.put(make_prompt("1.1.0", "Be brief."), by="author", to="development")

    change = registry.promote(PROMPT, by="promoter")
    registry.vote(change, "second-product")

    assert registry.change(change).contributors == ("author", "promoter")
    assert registry.requirements(change)["product agrees"].met


def test_everybody_who_proposed_the_same_bytes_contributed(registry):
    text = make_prompt("1.0.0")
    withdrawn = registry.submit(text, by="product", to="staging")
    registry.withdraw(withdrawn, by="product")
    registry.put(text, by="author", to="development")

    change = registry.promote(PROMPT, by="promoter")

    assert registry.change(change).contributors == ("author", "product", "promoter")


def test_proposing_the_bytes_of_another_does_not_free_their_author(registry):
    text = make_prompt("1.0.0")
    refused = registry.submit(text, by="product")
    registry.vote(refused, "board", Verdict.REJECT)

    change = registry.submit(text, by="author")

    with pytest.raises(Contributed):
        registry.vote(change, "product")


def test_authors_of_everything_that_a_bot_brings_along_contributed(registry):
    registry.put(make_fragment("1.0.0"), by="product", to="development")
    registry.put(make_prompt("1.0.0", including()), by="editor", to="development")
    registry.put(make_bot("1.0.0"), by="author", to="development")

    change = registry.promote(BOT, by="promoter")

    assert registry.change(change).contributors == (
        *("author", "editor", "product", "promoter"),
    )


def test_authors_of_what_is_live_in_the_target_already_may_vote(registry):
    registry.put(make_fragment("1.0.0"), by="product", to="development")
    brought = registry.promote(TONE, by="promoter")
    registry.activate(registry.agree(brought, "second-product"))
    registry.put(make_prompt("1.0.0", including()), by="author", to="development")

    change = registry.promote(PROMPT, by="promoter")
    registry.vote(change, "product")

    assert registry.requirements(change)["product agrees"].met


def test_a_promotion_is_not_made_from_what_it_replaces(registry):
    registry.put(make_prompt("1.0.0", "Of staging."), by="second-product", to="staging")
    registry.put(make_prompt("2.0.0", "Of development."), by="author", to="development")
    registry.bring(PROMPT, target="staging")

    change = registry.promote(PROMPT, source="staging", by="editor")

    assert registry.change(change).contributors == ("author", "editor", "promoter")


def test_authors_of_a_policy_that_was_proposed_before_cannot_vote_for_it(registry):
    text = "environment: production\nrequirements: [{name: open, open: true}]\n"
    registry.set_person("board", roles=("author",))
    registry.withdraw(registry.submit_policy(text, by="board"), by="board")

    change = registry.submit_policy(text, by="author")

    with pytest.raises(Contributed):
        registry.vote(change, "board")


def test_authors_of_what_a_rollback_brings_back_cannot_vote_for_it(registry):
    registry.put(make_prompt("1.0.0"), by="second-product")
    registry.put(make_prompt("1.1.0", "Be brief."))

    event = registry.roll_back(PROMPT, by="promoter", seq=1, propose=True)

    assert event.payload.contributors == ("promoter", "second-product")


def test_the_contributors_of_a_change_only_grow(registry):
    change = registry.submit(make_prompt("1.0.0"), by="product")

    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="author")
    registry.revise(change, make_fragment("1.0.0"), by="editor")

    assert registry.change(change).contributors == ("author", "editor", "product")


def test_who_proposes_an_open_changes_text_again_loses_their_vote_on_it(registry):
    change = registry.submit(make_prompt("1.0.0"), by="author")
    registry.agree(change, "product")

    registry.submit(make_prompt("1.0.0"), by="product", to="development")

    assert registry.change(change).contributors == ("author", "product")
    with pytest.raises(Contributed):
        registry.vote(change, "product")
