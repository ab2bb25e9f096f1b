"""Ratifying and repudiating: the rules in `registry/judgements.py`."""

from datetime import timedelta

import pytest

from registry import commands
from registry.errors import (
    ContentMoved,
    Contributed,
    Invalid,
    NotAllowed,
    NotFound,
    NotOpen,
    SessionNeeded,
)
from registry.judgements import may_judge, standings
from registry.names import Digest
from registry.people import Limit, Role
from registry.policy_rules import EmergencyRule
from registry.ratification import Judgement, Ratified, is_overdue
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.texts import PROMPT, make_prompt

RULE = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)
TWO = PRODUCTION.replace("seat: product}", "seat: product, count: 2}")


def emergency(registry: Registry, **how) -> int:
    """Take a prompt of tier high live, and return the ratification's number."""
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    change = registry.submit(make_prompt("1.0.0", tier="high"), **how)
    return registry.activate_in_emergency(change).number


@pytest.fixture
def asked(registry: Registry) -> tuple[Registry, int]:
    """An emergency that product and risk have to ratify."""
    return registry, emergency(registry)


def outcome(registry: Registry, number: int):
    return registry.state.ratifications[number].outcome


# How it ends.


def test_it_is_ratified_when_every_requirement_is_met(asked):
    registry, number = asked

    registry.judge(number, "product")
    assert outcome(registry, number) is None
    event = registry.judge(number, "risk")

    assert outcome(registry, number) is Ratified.RATIFIED
    assert event.payload.outcome is Ratified.RATIFIED
    assert not registry.state.open_ratifications


def test_it_takes_as_many_people_as_were_asked():
    registry = Registry(production=TWO)
    number = emergency(registry)

    registry.judge(number, "product")
    registry.judge(number, "risk")
    assert outcome(registry, number) is None
    registry.judge(number, "second-product")

    assert outcome(registry, number) is Ratified.RATIFIED


@pytest.mark.parametrize(
    ("judgement", "verb"),
    [
        (Judgement.RATIFY, "Ratify"),
        (Judgement.REPUDIATE, "Repudiate"),
        (Judgement.RETRACT, "Retract the vote on"),
    ],
    ids=str,
)
def test_the_commit_says_how_it_was_judged(asked, judgement, verb):
    registry, number = asked
    registry.judge(number, "product")

    event = registry.judge(number, "product", judgement)

    assert event.message.startswith(f"{verb} seq 1 of production for product\n")


def test_what_nobody_can_agree_to_asks_nobody_to_judge_it():
    registry = Registry(
        production="environment: production\n"
        "requirements: [{name: bots, seat: product, kinds: [bot]}]\n"
    )
    number = emergency(registry)

    with pytest.raises(NotAllowed) as refused:
        registry.judge(number, "product")

    assert refused.value.hint == "It asks for nobody; yours that fit: none."


def test_it_is_repudiated_when_one_requirement_is_refused(asked):
    registry, number = asked
    registry.judge(number, "product")

    registry.judge(number, "risk", Judgement.REPUDIATE)

    assert outcome(registry, number) is Ratified.REPUDIATED


def for_some(registry: Registry, handle: str, names: str) -> None:
    limit = Limit(held="product", environments=(), names=(names,))
    registry.set_person(handle, roles=(), seats=("product",), limits=(limit,))


def emergency_of_two(registry: Registry) -> int:
    """Of `acme/refunds` and `bank/loans`, which product has to ratify."""
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    for_some(registry, "acme-owner", "acme/**")
    for_some(registry, "bank-owner", "bank/**")
    change = registry.submit(
        make_prompt("1.0.0"), make_prompt("1.0.0", name="bank/loans")
    )
    return registry.activate_in_emergency(change).number


def test_a_limited_seat_does_not_repudiate_what_it_does_not_cover(registry):
    number = emergency_of_two(registry)

    registry.judge(number, "bank-owner", Judgement.REPUDIATE)

    assert outcome(registry, number) is None
    registry.judge(number, "product")
    assert outcome(registry, number) is Ratified.RATIFIED


def test_limited_seats_repudiate_together_what_they_cover_together(registry):
    number = emergency_of_two(registry)

    registry.judge(number, "bank-owner", Judgement.REPUDIATE)
    registry.judge(number, "acme-owner", Judgement.REPUDIATE)

    assert outcome(registry, number) is Ratified.REPUDIATED


def test_whoever_covers_all_of_it_repudiates_alone(registry):
    number = emergency_of_two(registry)
    registry.judge(number, "bank-owner")

    registry.judge(number, "product", Judgement.REPUDIATE)

    assert outcome(registry, number) is Ratified.REPUDIATED


def test_who_repudiates_one_part_and_who_ratifies_the_other_decide_nothing(registry):
    number = emergency_of_two(registry)

    registry.judge(number, "bank-owner", Judgement.REPUDIATE)
    registry.judge(number, "acme-owner")

    assert outcome(registry, number) is None


def test_repudiating_takes_as_many_people_as_were_asked():
    registry = Registry(production=TWO)
    number = emergency(registry)

    registry.judge(number, "product", Judgement.REPUDIATE)
    assert outcome(registry, number) is None
    registry.judge(number, "second-product", Judgement.REPUDIATE)

    assert outcome(registry, number) is Ratified.REPUDIATED


def test_a_requirement_that_asks_nobody_neither_ratifies_nor_repudiates():
    registry = Registry(production=PRODUCTION + "  - {name: anybody, open: true}\n")
    number = emergency(registry)

    registry.judge(number, "product")

    assert outcome(registry, number) is None


def test_a_seat_repudiates_for_itself_only():
    registry = Registry(production=TWO)
    number = emergency(registry)
    registry.set_person("product", seats=("product", "risk"))

    registry.judge(number, "product", Judgement.REPUDIATE, seat="product")

    assert outcome(registry, number) is None


def test_who_lost_the_seat_does_not_repudiate_any_more():
    registry = Registry(production=TWO)
    number = emergency(registry)
    registry.judge(number, "product", Judgement.REPUDIATE)
    registry.set_person("product", seats=())

    registry.judge(number, "second-product", Judgement.REPUDIATE)

    assert outcome(registry, number) is None


def test_who_took_their_vote_back_could_vote_again(asked):
    registry, number = asked
    registry.judge(number, "product")
    registry.judge(number, "product", Judgement.RETRACT)

    product, _ = standings(
        registry.state, registry.state.ratifications[number], registry.now
    )

    assert product.could == ("product", "second-product")


def test_who_is_refused_is_told_which_seats_are_asked():
    registry = Registry(production=PRODUCTION + "  - {name: anybody, open: true}\n")
    number = emergency(registry)

    with pytest.raises(NotAllowed) as refused:
        registry.judge(number, "board")

    assert refused.value.hint == ("It asks for product, risk; yours that fit: none.")


def test_who_repudiates_does_not_ratify_as_well():
    registry = Registry(production=TWO)
    number = emergency(registry)

    registry.judge(number, "product", Judgement.REPUDIATE)
    registry.judge(number, "second-product")
    registry.judge(number, "risk")

    product, risk = standings(
        registry.state, registry.state.ratifications[number], registry.now
    )
    assert outcome(registry, number) is None
    assert (product.by, product.could) == (("second-product",), ())
    assert (risk.met, risk.could) == (True, ())


def test_whoever_did_it_could_not_ratify_it(registry):
    number = emergency(registry, by="product")
    registry.set_person("responder", seats=("incident", "product"))

    product, _ = standings(
        registry.state, registry.state.ratifications[number], registry.now
    )

    assert product.could == ("second-product",)


def test_repudiating_takes_nothing_back_by_itself(asked):
    registry, number = asked

    registry.judge(number, "risk", Judgement.REPUDIATE)

    assert registry.versions() == {PROMPT: "1.0.0"}


def test_an_end_is_final(asked):
    registry, number = asked
    registry.judge(number, "risk", Judgement.REPUDIATE)

    with pytest.raises(NotOpen, match="was repudiated already"):
        registry.judge(number, "product")


def test_the_last_vote_of_each_person_counts(asked):
    registry, number = asked
    registry.judge(number, "product")

    registry.judge(number, "product", Judgement.RETRACT)
    registry.judge(number, "risk")

    assert outcome(registry, number) is None


def test_a_vote_counts_as_long_as_the_seat_is_held(asked):
    registry, number = asked
    registry.judge(number, "product")

    registry.set_person("product", seats=())
    registry.judge(number, "risk")

    assert outcome(registry, number) is None


def test_one_person_does_not_fill_two_seats(asked):
    registry, number = asked
    registry.set_person("product", seats=("product", "risk"))

    registry.judge(number, "product", seat="product")
    registry.judge(number, "product", seat="risk")

    assert outcome(registry, number) is None


def test_what_went_live_later_still_leaves_it_open(asked):
    registry, number = asked
    registry.put(make_prompt("1.1.0", "Be brief.", tier="high"))

    assert number in registry.state.open_ratifications
    registry.judge(number, "product")
    registry.judge(number, "risk")

    assert outcome(registry, number) is Ratified.RATIFIED


def test_nobody_eligible_leaves_it_open_and_says_so(asked):
    registry, number = asked
    registry.set_person("risk", active=False)
    registry.wait(days=400)

    registry.judge(number, "product")

    found = registry.state.ratifications[number]
    assert found.outcome is None
    assert is_overdue(found, registry.now)
    assert (
        "nobody who holds it is free"
        in standings(registry.state, found, registry.now)[1].why
    )


def test_it_is_overdue_from_its_deadline_until_it_is_decided(asked):
    registry, number = asked
    found = registry.state.ratifications[number]

    assert not is_overdue(found, found.opened.due - timedelta(microseconds=1))
    assert is_overdue(found, found.opened.due)

    registry.judge(number, "risk", Judgement.REPUDIATE)
    assert not is_overdue(registry.state.ratifications[number], found.opened.due)


# Who may.


def test_whoever_activated_does_not_judge_it(asked):
    registry, number = asked
    registry.set_person("responder", seats=("incident", "risk"))

    with pytest.raises(Contributed, match="activated it"):
        registry.judge(number, "responder", seat="risk")


def test_whoever_contributed_does_not_judge_it(registry):
    number = emergency(registry, by="product")

    with pytest.raises(Contributed, match="contributed to it"):
        registry.judge(number, "product")


@pytest.mark.parametrize(("by", "seat"), [("board", "board"), ("product", "risk")])
def test_only_seats_that_are_asked_and_held_judge_it(asked, by, seat):
    registry, number = asked

    with pytest.raises(NotAllowed, match="cannot judge it in the seat"):
        registry.judge(number, by, seat=seat)


@pytest.mark.parametrize("via", ["token:1", "local"])
def test_only_who_signed_in_judges_it(asked, via):
    registry, number = asked

    with pytest.raises(NotAllowed):
        registry.judge(number, "risk", via=via)
    with pytest.raises(SessionNeeded):
        registry.judge(number, "risk", via="token:1")


def test_a_limited_seat_judges_what_it_covers(asked):
    registry, number = asked
    limit = Limit(held="risk", environments=(), names=("other/**",))
    registry.set_person("risk", limits=(limit,))

    assert (
        may_judge(
            registry.state, registry.state.ratifications[number], "risk", registry.now
        )
        == ()
    )
    with pytest.raises(NotAllowed):
        registry.judge(number, "risk")

    covering = Limit(held="risk", environments=("production",), names=("acme/**",))
    registry.set_person("risk", limits=(covering,))
    registry.judge(number, "risk")
    registry.judge(number, "product")
    assert outcome(registry, number) is Ratified.RATIFIED


def test_a_seat_that_was_just_given_cools_down_first(asked):
    registry, number = asked
    registry.govern(seat_hours=2)
    registry.set_person("legal", seats=("risk",))

    with pytest.raises(NotAllowed, match="cools down"):
        registry.judge(number, "legal", seat="risk")

    registry.wait(hours=3)
    registry.judge(number, "legal", seat="risk")


def seats(registry, number, handle):
    found = registry.state.ratifications[number]
    return may_judge(registry.state, found, handle, registry.now)


def test_a_judgement_waits_for_a_seat_that_was_taken_and_given_back(asked):
    registry, number = asked
    registry.govern(seat_hours=24)
    registry.judge(number, "product")
    registry.set_person("product", seats=())
    registry.set_person("product", seats=("product",))

    product, _ = standings(
        registry.state, registry.state.ratifications[number], registry.now
    )

    assert not product.met
    assert product.why.endswith(" product could from 2026-05-04 12:00 UTC on.")


def test_what_is_decided_is_asked_of_nobody(asked):
    registry, number = asked
    assert seats(registry, number, "product") == ("product",)

    registry.judge(number, "risk", Judgement.REPUDIATE)

    assert seats(registry, number, "product") == ()


def test_whoever_activated_is_not_asked(asked):
    registry, number = asked
    registry.set_person("responder", seats=("incident", "risk"))

    assert seats(registry, number, "responder") == ()


# What is named.


def test_only_what_is_there_is_judged(asked):
    registry, number = asked
    command = commands.Judge(
        ratification=number + 1,
        activated=registry.state.ratifications[number].activated,
        judgement=Judgement.RATIFY,
        seat="risk",
        reason="",
    )

    with pytest.raises(NotFound, match=f"there is no ratification {number + 1}"):
        registry.act("risk", command)


def test_a_vote_names_the_event_that_it_judges(asked):
    registry, number = asked

    with pytest.raises(ContentMoved):
        registry.judge(number, "risk", activated=Digest("sha256:" + "0" * 64))


@pytest.mark.parametrize(
    ("judgement", "reason"),
    [(Judgement.REPUDIATE, ""), (Judgement.REPUDIATE, " "), (Judgement.RATIFY, " ")],
)
def test_repudiating_needs_a_reason_and_a_reason_needs_words(asked, judgement, reason):
    registry, number = asked
    command = commands.Judge(
        ratification=number,
        activated=registry.state.ratifications[number].activated,
        judgement=judgement,
        seat="risk",
        reason=reason,
    )

    with pytest.raises(Invalid, match="needs words"):
        registry.act("risk", command)


def test_there_is_nothing_to_retract_without_a_vote(asked):
    registry, number = asked

    with pytest.raises(NotFound, match="has not judged it"):
        registry.judge(number, "risk", Judgement.RETRACT)


def test_every_requirement_says_who_could_still_meet_it(asked):
    registry, number = asked
    registry.judge(number, "risk")

    product, risk = standings(
        registry.state, registry.state.ratifications[number], registry.now
    )

    assert (product.met, product.could) == (False, ("product", "second-product"))
    assert (risk.met, risk.by) == (True, ("risk",))
