"""Which requirements of a change are met, and why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry.changes import Status, Verdict
from registry.errors import NotAgreed, NotOpen
from registry.people import Limit
from registry.standing import is_agreed
from tests.rules.assembly import Registry
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    make_fragment,
    make_prompt,
)


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
    assert asked.because == asked.missing == (PROMPT,)
    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_an_open_requirement_is_met_by_nobody(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")

    asked = registry.requirements(change)["everybody tries things out"]

    assert (asked.met, asked.missing) == (True, ())
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
        "Needs 1 more from the seat product (product agreed); second-product could."
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


def test_what_asks_nobody_anything_does_not_go_live(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")
    registry.pretend(change, requirements=())

    with pytest.raises(NotAgreed):
        registry.activate(change)


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


def test_a_requirement_is_met_since_the_last_vote_that_it_took():
    registry = Registry(
        production="environment: production\nrequirements:\n"
        "  - {name: one agrees, seat: product}\n"
        "  - {name: two agree, seat: product, count: 2}\n"
    )
    change = registry.submit(make_prompt("1.0.0"))
    first = registry.vote(change, "second-product")
    registry.wait(hours=1)
    second = registry.vote(change, "product")

    asked = registry.requirements(change)

    assert asked["one agrees"].since == first.at
    assert asked["two agree"].since == second.at
    assert asked["two agree"].by == ("product", "second-product")
    assert asked["two agree"].why == "Agreed by product, second-product."


def test_a_change_expires_at_its_moment_and_not_before(registry):
    change = registry.submit(make_prompt("1.0.0"))
    expires = registry.change(change).revision.expires

    registry.now = expires - timedelta(microseconds=1)
    assert registry.status(change) is Status.WAITING
    registry.vote(change, "product")
    assert registry.status(change) is Status.APPROVED
    registry.now = expires
    assert registry.status(change) is Status.EXPIRED
    with pytest.raises(NotOpen, match="expired at"):
        registry.activate(change)


def test_a_bot_is_asked_for_because_of_a_fragment_in_its_prompts(furnished):
    change = furnished.submit(make_fragment("1.1.0", "Be calm."))

    asked = furnished.requirements(change)["product agrees"]

    assert asked.because == (BOT, TONE, PROMPT)


def test_who_approves_again_is_not_the_first_any_more(registry):
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "product")
    registry.wait(hours=1)
    first = registry.vote(change, "second-product").at
    registry.wait(hours=1)
    registry.vote(change, "product")

    assert registry.requirements(change)["product agrees"].since == first


def test_who_agrees_for_other_documents_has_met_nothing_of_these(registry):
    limit = Limit(held="product", environments=(), names=("bank/**",))
    registry.set_person("product", roles=(), limits=(limit,))
    change = registry.submit(
        make_prompt("1.0.0"), make_prompt("1.0.0", name="bank/loans")
    )
    (asked,) = registry.change(change).revision.requirements
    acme = replace(asked, name="for acme", because=("prompts/acme/refunds",))
    registry.pretend(change, requirements=(asked, acme))

    registry.vote(change, "product")

    found = registry.requirements(change)
    assert found["product agrees"].by == ("product",)
    assert found["for acme"].by == ()
