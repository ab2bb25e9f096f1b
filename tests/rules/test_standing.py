"""How an open change stands: stale or not, met or not, and why."""

import pytest

from registry.changes import Status, Verdict
from registry.errors import NotAgreed, Stale
from registry.standing import is_agreed
from tests.rules.assembly import (
    BOT,
    PRODUCTION,
    PROMPT,
    TONE,
    Registry,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


def refuse_as_stale(registry: Registry, change: int) -> None:
    """Nothing but a new revision helps a stale change."""
    assert registry.status(change) is Status.STALE
    with pytest.raises(Stale):
        registry.activate(change)
    with pytest.raises(Stale):
        registry.vote(change, "second-product")


# Stale.


def test_a_change_is_stale_when_its_base_moves(furnished):
    change = furnished.agree(furnished.submit(make_prompt("1.1.0")))

    furnished.put(make_prompt("1.2.0", "Be brief."))

    assert furnished.stale_because(change) == (
        "prompts/acme/refunds is no longer what the change was made from"
    )
    refuse_as_stale(furnished, change)


def test_a_change_is_stale_when_its_base_is_deleted(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.1.0"), deleted=(TONE,))

    refuse_as_stale(furnished, change)


def test_a_change_is_stale_when_somebody_else_was_first_with_a_new_document(registry):
    change = registry.agree(registry.submit(make_prompt("1.1.0")))

    registry.put(make_prompt("1.0.0", "Be brief."))

    refuse_as_stale(registry, change)


def test_a_change_stays_stale_when_its_base_comes_back(furnished):
    change = furnished.agree(furnished.submit(make_prompt("1.1.0")))
    before = furnished.live()
    furnished.put(make_prompt("1.2.0", "Be brief."))

    furnished.roll_back(PROMPT, seq=1)

    assert furnished.live() == before
    refuse_as_stale(furnished, change)


def test_a_change_stays_stale_when_a_new_document_is_gone_again(registry):
    change = registry.agree(registry.submit(make_prompt("1.1.0")))
    registry.put(make_prompt("1.0.0", "Be brief."))

    registry.put(deleted=(PROMPT,))

    assert registry.live() == {}
    refuse_as_stale(registry, change)


def test_a_change_is_stale_when_more_documents_use_what_it_edits(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.0.0", including(), name="acme/other"))

    assert furnished.stale_because(change) == "other documents use the edited ones now"
    refuse_as_stale(furnished, change)


def test_a_change_is_stale_when_fewer_documents_use_what_it_edits(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.1.0"))

    refuse_as_stale(furnished, change)


def test_a_change_is_stale_when_something_uses_a_user_of_what_it_edits(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_bot("1.0.0", name="acme/second"))

    refuse_as_stale(furnished, change)


def test_a_change_stays_stale_when_its_effect_is_the_old_one_again(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))
    furnished.put(make_prompt("1.0.0", including(), name="acme/other"))

    furnished.put(deleted=(OTHER,))

    refuse_as_stale(furnished, change)


def test_a_change_stays_stale_when_a_tier_is_the_old_one_again(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))
    furnished.put(make_prompt("1.1.0", including(), tier="medium"))

    furnished.roll_back(PROMPT, seq=1)

    refuse_as_stale(furnished, change)


@pytest.mark.parametrize("what", [{"tier": "medium"}, {"owner": "legal"}])
def test_a_change_is_stale_when_a_dependent_gets_another_tier_or_owner(furnished, what):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.1.0", including(), **what))

    assert furnished.stale_because(change) == (
        "prompts/acme/refunds has another tier or owner now"
    )
    refuse_as_stale(furnished, change)


def test_a_change_is_not_stale_when_a_dependent_says_something_else(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.1.0", including(text="Be brief.")))

    assert furnished.status(change) is Status.APPROVED
    furnished.activate(change)


def test_a_change_is_not_stale_when_users_move_and_its_effect_stays(furnished):
    furnished.put(
        make_prompt("1.0.0", including(), name="acme/other"),
        make_bot("1.1.0", ("acme/refunds", "acme/other")),
    )
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_bot("1.2.0"))  # still uses one prompt with the fragment

    assert furnished.status(change) is Status.APPROVED


def test_a_change_is_not_stale_when_something_unrelated_moves(furnished):
    change = furnished.agree(furnished.submit(make_prompt("1.1.0")))

    furnished.put(make_prompt("1.0.0", name="acme/unrelated"))
    furnished.stop()

    assert furnished.status(change) is Status.APPROVED


def test_a_low_change_is_not_stale_when_a_fragment_moves_under_it(furnished):
    change = furnished.agree(
        furnished.submit(make_prompt("1.1.0", including(text="Be brief.")))
    )

    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert furnished.status(change) is Status.APPROVED


def test_a_high_change_is_stale_when_a_fragment_moves_under_it(furnished):
    text = including(text="Be brief.")
    change = furnished.agree(furnished.submit(make_prompt("1.1.0", text, tier="high")))

    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert furnished.stale_because(change) == (
        "prompts/acme/refunds reads differently now"
    )
    refuse_as_stale(furnished, change)


def test_a_high_change_is_stale_when_a_fragment_moves_that_it_begins_to_use(furnished):
    new = make_prompt("1.0.0", including(), name="acme/new", tier="high")
    change = furnished.agree(furnished.submit(new))

    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert furnished.stale_because(change) == (
        "fragments/acme/tone, which the texts include, has changed"
    )
    refuse_as_stale(furnished, change)


def test_a_high_change_is_stale_when_what_it_begins_to_use_is_deleted(registry):
    registry.put(make_fragment("1.0.0"))
    new = make_prompt("1.0.0", including(), tier="high")
    change = registry.agree(registry.submit(new))

    registry.put(deleted=(TONE,))

    refuse_as_stale(registry, change)


def test_a_high_change_stays_stale_when_the_fragment_comes_back(furnished):
    new = make_prompt("1.0.0", including(), name="acme/new", tier="high")
    change = furnished.agree(furnished.submit(new))
    furnished.put(make_fragment("1.1.0", "Be calm."))

    furnished.roll_back(TONE, seq=1)

    refuse_as_stale(furnished, change)


def test_the_policy_says_for_which_tiers_the_texts_are_bound():
    registry = Registry(production=PRODUCTION + "bind_composed: [low]\n")
    registry.put(make_fragment("1.0.0"), make_prompt("1.0.0", including()))
    text = including(text="Be brief.")
    change = registry.agree(registry.submit(make_prompt("1.1.0", text)))

    registry.put(make_fragment("1.1.0", "Be calm."))

    assert registry.status(change) is Status.STALE


def test_a_new_policy_makes_open_changes_stale(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    registry.put_policy(PRODUCTION + "change_days: 7\n")

    assert registry.stale_because(change) == "the policy of production has changed"
    refuse_as_stale(registry, change)


def test_a_change_stays_stale_when_the_old_policy_comes_back(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    registry.put_policy(PRODUCTION + "change_days: 7\n")

    registry.put_policy(PRODUCTION)

    refuse_as_stale(registry, change)


def test_a_new_policy_of_one_environment_leaves_the_changes_of_others(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0"), to="staging"))

    registry.put_policy(PRODUCTION + "change_days: 7\n")

    assert registry.status(change) is Status.APPROVED


def test_a_new_policy_makes_open_policy_changes_stale(registry):
    change = registry.agree(registry.submit_policy(PRODUCTION + "change_days: 9\n"))

    registry.put_policy(PRODUCTION + "change_days: 7\n")

    with pytest.raises(Stale):
        registry.activate(change)


def test_a_new_revision_makes_a_stale_change_current(furnished):
    change = furnished.submit(make_prompt("1.1.0"))
    furnished.put(make_prompt("1.2.0", "Be brief."))
    stale = furnished.status(change)

    furnished.revise(change, make_prompt("1.3.0"))

    assert stale is Status.STALE
    assert furnished.status(change) is Status.WAITING


def test_a_new_revision_forgets_what_moved_for_the_one_before(registry):
    change = registry.submit(make_prompt("1.1.0"))
    registry.put(make_prompt("1.0.0", "Be brief."))
    registry.put(deleted=(PROMPT,))

    registry.revise(change, make_prompt("1.1.0"))
    registry.agree(change)

    assert registry.status(change) is Status.APPROVED


def test_of_two_overlapping_changes_at_most_one_goes_live(furnished):
    first = furnished.agree(furnished.submit(make_prompt("1.1.0", "One.")))
    second = furnished.agree(
        furnished.submit(make_prompt("1.2.0", "Two."), make_fragment("1.1.0"))
    )

    furnished.activate(first)

    refuse_as_stale(furnished, second)


def test_of_two_changes_that_bring_the_same_document_at_most_one_goes_live(registry):
    first = registry.agree(registry.submit(make_prompt("1.0.0")))
    second = registry.agree(registry.submit(make_prompt("1.0.0")))

    registry.activate(first)

    refuse_as_stale(registry, second)


# Requirements.


def test_a_vote_stops_counting_when_the_seat_is_lost(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")

    registry.set_person("product", seats=())

    assert registry.status(change) is Status.WAITING
    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_a_vote_stops_counting_when_the_person_is_inactive(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")

    registry.set_person("product", active=False)

    assert registry.status(change) is Status.WAITING


def test_a_vote_counts_again_when_the_seat_is_given_back(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")
    registry.set_person("product", seats=())

    registry.set_person("product", seats=("product",))

    assert registry.status(change) is Status.APPROVED


def test_a_vote_in_another_seat_does_not_meet_a_requirement(registry):
    change = registry.submit(make_prompt("1.0.0"))

    registry.vote(change, "legal")

    assert registry.status(change) is Status.WAITING


def test_when_nobody_is_eligible_a_change_can_never_go_live(registry):
    registry.set_person("product", seats=())
    registry.set_person("second-product", active=False)
    change = registry.submit(make_prompt("1.0.0"))

    registry.agree(change, "risk", "board", "legal")

    asked = registry.requirements(change)["product agrees"]
    assert not asked.met
    assert asked.why == (
        "Needs 1 more from the seat product; nobody who holds it is free to vote."
    )
    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_a_contributor_in_the_only_seat_makes_a_change_impossible(registry):
    registry.set_person("second-product", active=False)

    change = registry.submit(make_prompt("1.0.0"), by="product")

    assert registry.requirements(change)["product agrees"].could == ()


def test_what_no_requirement_covers_can_never_go_live():
    registry = Registry(
        production="environment: production\n"
        "requirements: [{name: bots, seat: product, kinds: [bot]}]\n"
    )
    change = registry.submit(make_prompt("1.0.0"))

    registry.agree(change, "product", "risk", "board")

    asked = registry.requirements(change)["covered by the policy"]
    assert not asked.met
    assert asked.because == (PROMPT,)
    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_an_open_requirement_is_met_by_nobody(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")

    asked = registry.requirements(change)["everybody tries things out"]

    assert asked.met
    assert asked.why == "Open: the policy asks nobody."
    assert registry.status(change) is Status.APPROVED


def test_a_veto_blocks_also_what_asks_nobody(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")

    registry.vote(change, "legal", Verdict.VETO)

    assert registry.status(change) is Status.WAITING


def test_a_requirement_tells_who_has_met_it_and_who_could(registry):
    change = registry.submit(make_prompt("1.0.0", tier="high"))

    registry.vote(change, "risk")

    asked = registry.requirements(change)
    assert asked["risk agrees"].why == "Agreed by risk."
    assert asked["risk agrees"].by == ("risk",)
    assert asked["risk agrees"].could == ()
    assert asked["product agrees"].why == (
        "Needs 1 more from the seat product; product, second-product could."
    )
    assert asked["product agrees"].could == ("product", "second-product")
    assert asked["product agrees"].because == (PROMPT,)


def test_a_requirement_tells_how_many_are_missing_still():
    registry = Registry(
        production="environment: production\n"
        "requirements: [{name: two agree, seat: product, count: 2}]\n"
    )
    change = registry.submit(make_prompt("1.0.0"))

    registry.vote(change, "product")

    assert registry.requirements(change)["two agree"].why == (
        "Needs 1 more from the seat product; second-product could."
    )


def test_a_requirement_that_is_met_asks_nobody_more(registry):
    change = registry.submit(make_prompt("1.0.0"))

    registry.vote(change, "product")

    asked = registry.requirements(change)["product agrees"]
    assert (asked.met, asked.could) == (True, ())


def test_what_keeps_a_change_from_going_live_is_told_whole(registry):
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "product")
    registry.vote(change, "legal", Verdict.VETO)

    with pytest.raises(NotAgreed) as refused:
        registry.activate(change)

    assert str(refused.value) == (
        "change 1 is not agreed to. "
        "risk agrees: Needs 1 more from the seat risk; risk could. "
        "legal (veto): Because."
    )


def test_asking_nobody_is_no_agreement(registry):
    change = registry.change(registry.submit(make_prompt("1.0.0")))

    assert not is_agreed(change, ())


def test_a_requirement_tells_when_too_few_are_left():
    registry = Registry(
        production="environment: production\n"
        "requirements: [{name: all agree, seat: product, count: 3}]\n"
    )

    change = registry.submit(make_prompt("1.0.0"))

    assert registry.requirements(change)["all agree"].why == (
        "Needs 3 more from the seat product; only product, second-product could, "
        "which is not enough."
    )


def test_who_voted_in_a_seat_that_nobody_asks_could_still_vote_in_another(registry):
    registry.set_person("product", seats=("legal", "product"))
    change = registry.submit(make_prompt("1.0.0"))

    registry.vote(change, "product", seat="legal")

    assert "product" in registry.requirements(change)["product agrees"].could


def test_who_voted_in_a_seat_that_they_lost_could_still_vote_in_another(registry):
    registry.set_person("risk", seats=("product", "risk"))
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "risk", seat="risk")

    registry.set_person("risk", seats=("product",))

    assert "risk" in registry.requirements(change)["product agrees"].could


def test_a_bot_is_asked_for_because_of_a_fragment_in_its_prompts(furnished):
    change = furnished.submit(make_fragment("1.1.0", "Be calm."))

    asked = furnished.requirements(change)["product agrees"]

    assert asked.because == (BOT, TONE, PROMPT)
