"""Who speaks in a seat, about what, and from when on; and how long they are heard."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry import commands
from registry.changes import Status, Verdict
from registry.decide import decide
from registry.documents import Tier
from registry.errors import Contributed, NotAgreed, NotAllowed
from registry.people import SESSION, Identity, Limit, Role, recognise
from registry.seats import cooling_seats, speaks
from registry.standing import unmet
from tests.rules.assembly import Registry, rollback
from tests.rules.bench import PEOPLE, PRODUCTION
from tests.rules.keeping import password_set
from tests.rules.texts import PROMPT, make_prompt

OWNED = """\
environment: production
requirements:
  - {name: the owner agrees, seat: owner, kinds: [prompt]}
  - {name: the board agrees, seat: board, kinds: [policy]}
  - {name: an owner agrees to it, seat: owner, kinds: [policy]}
"""


@pytest.fixture
def owned() -> Registry:
    """An owner for each of two names."""
    registry = Registry(production=OWNED, people=PEOPLE)
    for name in ("acme", "bank"):
        registry.set_person(
            f"{name}-owner",
            seats=("owner",),
            limits=(Limit(held="owner", environments=(), names=(f"{name}/**",)),),
        )
    return registry


def both(registry: Registry) -> int:
    return registry.submit(
        make_prompt("1.0.0"), make_prompt("1.0.0", name="bank/loans")
    )


# Seats for some names.


def test_the_owners_of_two_names_agree_together_to_a_change_of_both(owned):
    change = both(owned)

    owned.vote(change, "acme-owner")
    owned.wait(hours=1)
    last = owned.vote(change, "bank-owner")

    asked = owned.requirements(change)["the owner agrees"]
    assert asked.by == ("acme-owner", "bank-owner")
    assert asked.since == last.at
    owned.activate(change)


def test_it_says_for_which_documents_somebody_is_missing(owned):
    change = both(owned)

    owned.vote(change, "acme-owner")

    asked = owned.requirements(change)["the owner agrees"]
    assert (asked.met, asked.missing, asked.could) == (
        *(False, ("prompts/bank/loans",), ("bank-owner",)),
    )
    assert asked.why == (
        "Needs 1 more from the seat owner for prompts/bank/loans (acme-owner agreed); "
        "bank-owner could."
    )
    with pytest.raises(NotAgreed):
        owned.activate(change)


def test_whoever_holds_it_for_other_names_is_not_asked(owned):
    change = owned.submit(make_prompt("1.0.0"))

    assert owned.requirements(change)["the owner agrees"].could == ("acme-owner",)
    with pytest.raises(NotAllowed, match="may not vote in production") as refused:
        owned.vote(change, "bank-owner")
    assert "limited to some places: owner" in refused.value.hint
    assert "acme-owner could" in refused.value.hint


def test_a_seat_for_other_names_does_not_vote_beside_one_for_these(owned):
    owned.set_person("acme-owner", seats=("board", "owner"))
    change = owned.submit(make_prompt("1.0.0", name="bank/loans"))

    with pytest.raises(NotAllowed, match="the seat owner for other documents"):
        owned.vote(change, "acme-owner", seat="owner")


def test_a_seat_for_some_names_agrees_to_no_policy(owned):
    every = Limit(held="owner", environments=(), names=("**",))
    owned.set_person("every-owner", seats=("owner",), limits=(every,))
    change = owned.submit_policy(OWNED + "change_days: 20\n")
    owned.vote(change, "board")

    asked = owned.requirements(change)["an owner agrees to it"]

    assert asked.could == ()
    assert asked.missing == ("policy/production",)


def test_a_seat_for_an_environment_agrees_to_its_policy(owned):
    here = Limit(held="owner", environments=("production",), names=())
    owned.set_person("every-owner", seats=("owner",), limits=(here,))
    change = owned.submit_policy(OWNED + "change_days: 20\n")

    asked = owned.requirements(change)["an owner agrees to it"]

    assert asked.could == ("every-owner",)


def test_a_limit_of_one_seat_leaves_the_others_alone(owned):
    elsewhere = Limit(held="board", environments=("staging",), names=())
    owned.set_person("both", seats=("board", "owner"), limits=(elsewhere,))
    change = owned.submit(make_prompt("1.0.0"))

    asked = owned.requirements(change)["the owner agrees"]

    assert asked.could == ("acme-owner", "both")


def test_a_seat_for_another_environment_is_no_seat_here(owned):
    elsewhere = Limit(held="owner", environments=("staging",), names=())
    owned.set_person("acme-owner", seats=("owner",), limits=(elsewhere,))
    change = owned.submit(make_prompt("1.0.0"))

    assert owned.requirements(change)["the owner agrees"].could == ()


def test_too_few_for_one_document_are_too_few():
    two = OWNED.replace("seat: owner, kinds: [prompt]", "seat: owner, count: 2")
    registry = Registry(production=two, people=PEOPLE)
    for handle, names in (("everywhere", ()), ("acme-owner", ("acme/**",))):
        limit = Limit(held="owner", environments=("production",), names=names)
        registry.set_person(handle, seats=("owner",), limits=(limit,))
    change = both(registry)

    asked = registry.requirements(change)["the owner agrees"]

    assert asked.why == (
        "Needs 2 more from the seat owner; only acme-owner, everywhere could, which "
        "is not enough."
    )


def test_a_limited_seat_ends_nothing_that_it_covers_in_part(owned):
    owned.govern(rejecters=("owner",), veto_clearers=("owner",))
    change = both(owned)
    owned.vote(change, "legal", Verdict.VETO)

    with pytest.raises(NotAllowed, match="for a part of it only"):
        owned.vote(change, "acme-owner", Verdict.REJECT, seat="owner")
    with pytest.raises(NotAllowed, match="cleared by whoever cast it"):
        owned.clear_veto(change, "legal", by="acme-owner")
    (held,) = [
        one
        for one in unmet(owned.state, owned.change(change), owned.now)
        if one.requirement == "legal (veto)"
    ]
    assert held.could == ("legal",)


def test_a_limited_seat_ends_what_it_covers(owned):
    owned.govern(rejecters=("owner",), veto_clearers=("owner",))
    change = owned.submit(make_prompt("1.0.0"))
    owned.vote(change, "legal", Verdict.VETO)

    owned.clear_veto(change, "legal", by="acme-owner")
    owned.vote(change, "acme-owner", Verdict.REJECT, seat="owner")

    assert owned.status(change) is Status.REJECTED


# Seats and passwords that cool down.


def test_a_new_seat_cools_down_before_it_votes(registry):
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("product",))
    change = registry.submit(make_prompt("1.0.0"))

    with pytest.raises(NotAllowed, match="the seat product of viewer") as refused:
        registry.vote(change, "viewer")

    assert "from 2026-05-04 12:00 UTC" in refused.value.hint
    registry.wait(hours=24, minutes=1)
    registry.vote(change, "viewer")
    assert registry.status(change) is Status.APPROVED


def test_seats_that_cool_down_are_told_where_they_are_held_and_until_when(registry):
    registry.govern(seat_hours=24)
    limit = Limit(held="product", environments=("production",), names=())
    registry.set_person("viewer", seats=("product",), limits=(limit,))
    since = registry.state.held_since["viewer", "product"]
    who = Identity(handle="viewer", via=SESSION, roles=None)
    actor = recognise(who, registry.state.people)

    (found,) = cooling_seats(registry.state, actor, registry.now)
    later = cooling_seats(registry.state, actor, since + timedelta(hours=24))

    assert (found.seat, found.environment) == ("product", "production")
    assert found.until == since + timedelta(hours=24)
    assert later == ()


def test_seats_that_cool_down_are_told_in_order(registry):
    for environment in ("staging", "production", "development"):
        registry.govern(environment, seat_hours=24)
    limit = Limit(held="risk", environments=("staging", "production"), names=())
    registry.set_person("viewer", seats=("product", "risk"), limits=(limit,))
    who = Identity(handle="viewer", via=SESSION, roles=None)
    actor = recognise(who, registry.state.people)

    found = cooling_seats(registry.state, actor, registry.now)

    assert [f"{one.seat} in {one.environment}" for one in found] == [
        *("product in development", "product in production", "product in staging"),
        *("risk in production", "risk in staging"),
    ]


def test_of_a_new_seat_and_a_new_password_the_later_is_told(registry):
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("product",))
    registry.wait(hours=5)
    who = Identity(handle="viewer", via=SESSION, roles=None, reset_at=registry.now)
    actor = recognise(who, registry.state.people)

    (found,) = cooling_seats(registry.state, actor, registry.now)

    assert found.until == registry.now + timedelta(hours=24)


def test_a_password_that_somebody_else_has_set_cools_every_seat_down(registry):
    registry.govern(seat_hours=24)
    who = Identity(handle="risk", via=SESSION, roles=None, reset_at=registry.now)
    actor = recognise(who, registry.state.people)

    found = cooling_seats(registry.state, actor, registry.now)

    assert ("risk", "production") in {(one.seat, one.environment) for one in found}


def test_a_seat_speaks_from_the_moment_on_at_which_it_has_cooled_down(registry):
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("product",))
    change = registry.submit(make_prompt("1.0.0"))
    cooled = registry.state.held_since["viewer", "product"] + timedelta(hours=24)

    registry.now = cooled - timedelta(microseconds=1)
    with pytest.raises(NotAllowed, match="cools down"):
        registry.vote(change, "viewer")
    assert "viewer" not in registry.requirements(change)["product agrees"].could
    registry.now = cooled
    asked = registry.requirements(change)["product agrees"]
    assert "viewer" in asked.could
    assert "viewer could from" not in asked.why
    registry.vote(change, "viewer")


def test_who_holds_no_seat_does_not_even_speak_about_nothing(registry):
    nothing = {"environment": "production", "because": (), "now": registry.now}

    assert speaks(registry.state, "product", "product", **nothing)
    assert not speaks(registry.state, "viewer", "product", **nothing)


@pytest.mark.parametrize("verdict", [one for one in Verdict if one != "retract"])
def test_a_seat_that_cools_down_does_nothing(registry, verdict):
    registry.govern(seat_hours=24, rejecters=("product",))
    registry.set_person("viewer", seats=("product",))
    change = registry.submit(make_prompt("1.0.0"))

    with pytest.raises(NotAllowed, match="cools down"):
        registry.vote(change, "viewer", verdict)


def test_it_is_told_who_could_vote_later(registry):
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("product",))
    change = registry.submit(make_prompt("1.0.0"))

    asked = registry.requirements(change)["product agrees"]

    assert "viewer" not in asked.could
    assert asked.why.endswith("viewer could from 2026-05-04 12:00 UTC on.")


def test_everybody_who_could_vote_later_is_told_and_nobody_else(registry):
    elsewhere = Limit(held="product", environments=(), names=("bank/**",))
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("product",))
    registry.set_person("legal", seats=("product",))
    registry.set_person("risk", seats=("product",), limits=(elsewhere,))
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")
    registry.set_person("product", seats=())
    registry.set_person("product", seats=("product",))

    asked = registry.requirements(change)["product agrees"]

    assert asked.why == (
        "Needs 1 more from the seat product; second-product could."
        " legal could from 2026-05-04 12:00 UTC on."
        " product could from 2026-05-04 12:00 UTC on."
        " viewer could from 2026-05-04 12:00 UTC on."
    )


def test_a_seat_that_was_taken_and_given_back_cools_down_again(registry):
    """Or somebody's vote would come back with a seat that others gave."""
    registry.govern(seat_hours=24)
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")
    registry.set_person("product", seats=())
    registry.set_person("product", seats=("product",))

    assert registry.status(change) is Status.WAITING
    registry.wait(hours=25)
    assert registry.status(change) is Status.APPROVED


def test_a_seat_that_clears_vetoes_cools_down(registry):
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("board",))
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "legal", Verdict.VETO)

    with pytest.raises(NotAllowed, match="cools down"):
        registry.clear_veto(change, "legal", by="viewer")
    registry.clear_veto(change, "legal", by="board")


def test_a_password_that_somebody_else_has_set_cools_down(registry):
    registry.govern(seat_hours=24)
    change = registry.submit(make_prompt("1.0.0"))
    reset = Identity(handle="product", via=SESSION, roles=None, reset_at=registry.now)
    situation = replace(
        registry.situation("product"), actor=recognise(reset, registry.state.people)
    )
    vote = commands.Vote(
        change=change,
        review_digest=registry.change(change).revision.review_digest,
        verdict=Verdict.APPROVE,
        seat="product",
        reason="",
    )

    with pytest.raises(NotAllowed, match="the password of product"):
        decide(situation, vote)


@pytest.mark.parametrize(("seat_hours", "waits"), [(0, 24), (12, 24), (72, 72)])
def test_a_password_that_somebody_else_has_set_waits_a_day_at_least_in_production(
    registry, seat_hours, waits
):
    registry.govern(seat_hours=seat_hours)
    since = registry.now
    change = registry.submit(make_prompt("1.0.0"))
    vote = commands.Vote(
        change=change,
        review_digest=registry.change(change).revision.review_digest,
        verdict=Verdict.APPROVE,
        seat="product",
        reason="",
    )
    registry.wait(hours=waits, seconds=-1)

    with pytest.raises(NotAllowed, match="the password of product"):
        decide(password_set(registry, "product", since), vote)
    early = cooling_seats(
        registry.state, password_set(registry, "product", since).actor, registry.now
    )
    registry.wait(seconds=1)

    assert decide(password_set(registry, "product", since), vote)
    assert [(one.environment, one.until) for one in early] == [
        ("production", since + timedelta(hours=waits))
    ]


def test_a_password_that_somebody_else_has_set_votes_elsewhere_as_its_policy_says(
    registry,
):
    change = registry.submit(make_prompt("1.0.0"), to="staging")
    vote = commands.Vote(
        change=change,
        review_digest=registry.change(change).revision.review_digest,
        verdict=Verdict.APPROVE,
        seat="product",
        reason="",
    )

    assert decide(password_set(registry, "product", registry.now), vote)


def test_an_operator_whose_password_somebody_else_has_set_rolls_back_at_once(registry):
    registry.put(make_prompt("1.0.0"))
    registry.put(make_prompt("1.1.0", "Be kind."))
    reset = password_set(registry, "operator", registry.now)

    assert decide(reset, rollback(PROMPT, seq=1))


def test_an_administrator_speaks_in_no_seat(registry):
    """Older ledgers have administrators with seats."""
    older = replace(registry.state.people["product"], roles=(Role.ADMIN,))
    people = registry.state.people.insert("product", older)
    registry.state = replace(registry.state, people=people)
    change = registry.submit(make_prompt("1.0.0"))

    asked = registry.requirements(change)["product agrees"]

    assert asked.could == ("second-product",)


def test_what_somebody_held_from_the_beginning_never_cools_down(registry):
    registry.govern(seat_hours=24)

    registry.vote(registry.submit(make_prompt("1.0.0")), "product")


# How long a vote counts.


def test_an_approval_lapses(registry):
    registry.govern(vote_days=7)
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")
    registry.wait(days=7, minutes=1)

    asked = registry.requirements(change)["product agrees"]

    assert asked.why == (
        "Needs 1 more from the seat product; product, second-product could. "
        "The approval of product has lapsed."
    )
    assert registry.status(change) is Status.WAITING


def test_it_is_told_whose_approvals_have_lapsed(registry):
    registry.govern(vote_days=7)
    change = registry.submit(make_prompt("1.0.0"))
    registry.agree(change, "product", "second-product")
    registry.wait(days=8)

    asked = registry.requirements(change)["product agrees"]

    assert asked.why.endswith("The approvals of product, second-product have lapsed.")


def test_it_is_told_in_which_seat_approvals_have_lapsed(registry):
    registry.govern(vote_days=7)
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "product")
    registry.wait(days=8)

    asked = registry.requirements(change)

    assert "lapsed" in asked["product agrees"].why
    assert "lapsed" not in asked["risk agrees"].why


def test_whoever_approved_can_approve_again(registry):
    registry.govern(vote_days=7)
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")
    registry.wait(days=8)

    registry.vote(change, "product")

    registry.activate(change)


@pytest.mark.parametrize("verdict", [Verdict.VETO, Verdict.ASK])
def test_an_objection_does_not_lapse(registry, verdict):
    registry.govern(vote_days=7)
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "legal", verdict)
    registry.wait(days=8)
    registry.vote(change, "product")

    with pytest.raises(NotAgreed, match="legal"):
        registry.activate(change)


def test_an_approval_lapses_at_the_moment_and_not_before(registry):
    registry.govern(vote_days=7)
    change = registry.agree(registry.submit(make_prompt("1.0.0")), "product")

    registry.now = registry.change(change).votes[-1].at + timedelta(days=7)
    assert registry.status(change) is Status.WAITING
    registry.wait(microseconds=-1)
    assert registry.status(change) is Status.APPROVED


@pytest.mark.parametrize(("old", "new"), [(20, 3), (3, 20)])
def test_of_two_policies_the_shorter_life_counts(registry, old, new):
    registry.govern(vote_days=old)
    change = registry.submit_policy(PRODUCTION + f"vote_days: {new}\n")
    registry.agree(change, "product", "board")
    registry.wait(days=4)

    with pytest.raises(NotAgreed, match="lapsed"):
        registry.activate(change)


# What whoever is refused is told.


def test_a_refused_vote_tells_what_the_change_needs(registry):
    change = registry.submit(make_prompt("1.0.0", tier="high"))

    with pytest.raises(NotAllowed) as refused:
        registry.vote(change, "legal", seat="risk")

    needs = "product agrees: Needs 1 more from the seat product"
    assert needs in refused.value.hint
    assert [one.requirement for one in refused.value.unmet] == [
        *("product agrees", "risk agrees"),
    ]
    assert refused.value.unmet[0].could == ("product", "second-product")


def test_a_contributor_is_told_who_could_vote(registry):
    change = registry.submit(make_prompt("1.0.0"), by="product")

    with pytest.raises(Contributed) as refused:
        registry.vote(change, "product")

    assert "second-product could" in refused.value.hint


def test_a_refused_activation_lists_every_requirement_and_objection(registry):
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "product")
    registry.vote(change, "legal", Verdict.VETO)

    with pytest.raises(NotAgreed) as refused:
        registry.activate(change)

    told = {one.requirement: one.could for one in refused.value.unmet}
    assert told == {"risk agrees": ("risk",), "legal (veto)": ("board", "legal")}


def test_of_a_separated_tier_no_contributor_activates(registry):
    registry.set_person("operator", roles=(Role.AUTHOR, Role.OPERATOR))
    registry.govern(separate_tiers=(Tier.LOW,))
    change = registry.agree(registry.submit(make_prompt("1.0.0"), by="operator"))

    with pytest.raises(Contributed, match="operator has contributed"):
        registry.activate(change)
