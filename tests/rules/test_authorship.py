"""Whoever had a hand in a text cannot vote for it: `registry/authorship.py`."""

import pytest

from registry.changes import Verdict
from registry.errors import Contributed
from registry.people import Role
from registry.policy_rules import EmergencyRule
from registry.ratification import Judgement
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


def test_to_delete_a_text_and_add_it_again_sheds_no_author(registry):
    registry.put(make_prompt("1.0.0"), by="product", to="development")
    registry.put(deleted=(PROMPT,), by="product", to="development")
    registry.put(make_prompt("2.0.0", "Be kinder."), by="editor", to="development")

    change = registry.promote(PROMPT, by="promoter")

    assert registry.change(change).contributors == ("editor", "product", "promoter")


def test_what_is_added_again_is_made_from_what_was_live_last(registry):
    registry.put(make_prompt("1.0.0"), by="product", to="development")
    registry.put(deleted=(PROMPT,), to="development")

    change = registry.submit(make_prompt("2.0.0"), by="editor", to="development")

    assert registry.change(change).contributors == ("editor", "product")


# What nobody has agreed to.

RULE = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)
BACK = {"source": "production", "target": "development"}


@pytest.fixture
def alarmed(furnished: Registry) -> Registry:
    """Live is what a responder, who has the seat product as well, wrote alone."""
    seats = ("incident", "product")
    furnished.set_person("responder", roles=(Role.AUTHOR,), seats=seats)
    furnished.govern(emergency=RULE)
    change = furnished.submit(
        make_prompt("1.1.0", including(text="Promise money.")), by="responder"
    )
    furnished.activate_in_emergency(change)
    return furnished


def judge(registry: Registry, judgement: Judgement) -> None:
    (number,) = registry.state.open_ratifications
    registry.judge(number, "product", judgement)


def mend(registry: Registry, by: str = "editor", **where) -> int:
    text = make_prompt("1.1.1", including(text="Promise money!"))
    return registry.submit(text, by=by, **where)


@pytest.mark.parametrize("judgement", [None, Judgement.REPUDIATE])
def test_who_wrote_what_nobody_agreed_to_cannot_vote_on_top_of_it(alarmed, judgement):
    if judgement is not None:
        judge(alarmed, judgement)

    change = mend(alarmed)

    assert alarmed.change(change).contributors == ("editor", "responder")
    with pytest.raises(Contributed):
        alarmed.vote(change, "responder", seat="product")


def test_nor_on_top_of_the_very_first_text_of_all(registry):
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    first = registry.submit(make_prompt("1.0.0"), by="responder")
    registry.activate_in_emergency(first)
    assert registry.environment().seq == 1

    change = registry.submit(make_prompt("1.0.1", "Be kind."), by="editor")

    assert registry.change(change).contributors == ("editor", "responder")


def test_a_new_text_has_no_other_authors_while_something_is_to_be_ratified(alarmed):
    change = alarmed.submit(make_prompt("1.0.0", name="acme/other"), by="editor")

    assert alarmed.change(change).contributors == ("editor",)


def test_nor_when_it_is_proposed_in_another_revision(alarmed):
    change = alarmed.submit(make_prompt("3.0.0", name="acme/other"))

    text = make_prompt("1.1.1", including(text="Promise money!"))
    alarmed.revise(change, text, by="editor")

    assert alarmed.change(change).contributors == ("author", "editor", "responder")


def test_who_wrote_what_was_ratified_may_vote_on_top_of_it(alarmed):
    judge(alarmed, Judgement.RATIFY)

    change = mend(alarmed)

    assert alarmed.change(change).contributors == ("editor",)


def test_who_wrote_what_others_mended_and_agreed_to_may_vote_on_top_of_that(alarmed):
    alarmed.activate(alarmed.agree(mend(alarmed), "product"))

    change = alarmed.submit(make_prompt("1.2.0", including()), by="author")

    assert alarmed.change(change).contributors == ("author",)


def test_who_wrote_what_people_agreed_to_before_an_emergency_may_vote(registry):
    seats = ("incident", "product")
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=seats)
    registry.govern(emergency=RULE)
    first = registry.submit(make_prompt("1.0.0"), by="product")
    registry.activate(registry.agree(first, "second-product"))
    for number in (1, 2):
        text = make_prompt(f"1.{number}.0", f"Promise {number}.")
        registry.activate_in_emergency(registry.submit(text, by="responder"))

    change = registry.submit(make_prompt("1.3.0", "Promise nothing."), by="editor")

    assert registry.change(change).contributors == ("editor", "responder")


def test_who_wrote_what_people_agreed_to_may_vote_when_it_is_back_unratified(registry):
    """A rollback of tier high is asked about afterwards, and its text is not new."""
    first = registry.submit(make_prompt("1.0.0", tier="high"), by="product")
    registry.activate(registry.agree(first, "second-product", "risk"))
    registry.put(make_prompt("1.1.0", "Be brief.", tier="high"))
    registry.roll_back(PROMPT, seq=1)
    assert registry.state.open_ratifications

    change = registry.submit(make_prompt("1.2.0", tier="high"), by="editor")

    assert registry.change(change).contributors == ("editor",)


def test_who_proposes_what_nobody_agreed_to_again_loses_their_vote_on_top_of_it(
    alarmed,
):
    change = alarmed.agree(mend(alarmed), "product")

    alarmed.promote(PROMPT, by="product", **BACK)

    found = alarmed.change(change).contributors
    assert found == ("editor", "product", "responder")


def test_a_promotion_is_not_made_from_what_nobody_agreed_to_either(alarmed):
    alarmed.put(make_fragment("5.0.0"), to="development")
    alarmed.put(make_prompt("5.0.0", including(), tier="low"), to="development")

    change = alarmed.promote(PROMPT)

    assert alarmed.change(change).contributors == ("author", "promoter")


# A stopped bot that comes back.


def test_who_wrote_what_nobody_agreed_to_does_not_vote_on_its_coming_back(alarmed):
    judge(alarmed, Judgement.REPUDIATE)
    alarmed.stop()

    change = alarmed.resume()

    assert alarmed.change(change).contributors == ("author", "responder")
    with pytest.raises(Contributed):
        alarmed.vote(change, "responder", seat="product")


def test_who_wrote_what_people_agreed_to_votes_on_its_coming_back(registry):
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    text = make_prompt("1.1.0", "Be brief.")
    written = registry.submit(text, by="product")
    registry.activate(registry.agree(written, "second-product"))
    registry.stop()

    change = registry.resume()
    registry.vote(change, "product")

    assert registry.change(change).contributors == ("author",)
    assert registry.requirements(change)["product agrees"].met


def test_who_proposes_the_words_of_a_bot_again_does_not_vote_on_its_coming_back(
    alarmed,
):
    alarmed.stop()
    change = alarmed.agree(alarmed.resume(), "product")

    alarmed.promote(PROMPT, by="product", **BACK)

    assert "product" in alarmed.change(change).contributors


def test_what_replaces_its_words_later_gives_no_change_other_authors(alarmed):
    alarmed.set_person("second", roles=(Role.AUTHOR,), seats=("incident",))
    alarmed.stop()
    change = alarmed.resume()
    alarmed.activate_in_emergency(mend(alarmed, by="second"), by="second")

    alarmed.promote(PROMPT, **BACK)

    assert alarmed.change(change).contributors == ("author", "responder")
