"""What agreeing takes beside a seat: the rules in `registry/agreeing.py`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry import commands, events
from registry.changes import Verdict
from registry.documents import Tier
from registry.errors import Invalid, SessionNeeded
from registry.people import SESSION, Identity, Role, recognise
from registry.policy_rules import EmergencyRule, SignInRule
from registry.policy_text import parse_policy
from registry.policy_words import parts
from registry.ratification import Judgement
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE
from tests.rules.texts import make_prompt

RECENT = SignInRule(tiers=(Tier.HIGH,), minutes=15)
EMERGENCY = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)
LONG_AGO = timedelta(minutes=15, seconds=1)


@pytest.fixture
def high(registry: Registry) -> tuple[Registry, int]:
    """A change of tier high, where agreeing takes a sign-in of the last 15 minutes."""
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.govern(recent_sign_in=RECENT)
    return registry, change


@pytest.fixture
def asked(registry: Registry) -> tuple[Registry, int]:
    """An emergency of tier high that product and risk have to ratify."""
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=EMERGENCY)
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    return registry, registry.activate_in_emergency(change).number


@pytest.fixture
def rolled_back() -> tuple[Registry, int]:
    """A rollback of tier high that has to be ratified."""
    registry = Registry(people=PEOPLE)
    for version, text in (("1.0.0", "Be kind."), ("1.0.1", "Be brief.")):
        change = registry.submit(make_prompt(version, text=text, tier="high"))
        registry.activate(registry.agree(change))
    number = registry.roll_back("prompts/acme/refunds", seq=1).number
    return registry, number


def approve(registry: Registry, change: int, reason: str):
    digest = registry.change(change).revision.review_digest
    command = commands.Vote(
        change=change,
        review_digest=digest,
        verdict=Verdict.APPROVE,
        seat="product",
        reason=reason,
    )
    return registry.act("product", command).payload


def ratify(registry: Registry, number: int, reason: str):
    command = commands.Judge(
        ratification=number,
        activated=registry.state.ratifications[number].activated,
        judgement=Judgement.RATIFY,
        seat="product",
        reason=reason,
    )
    return registry.act("product", command).payload


# A recent sign-in.


def test_an_approval_takes_a_sign_in_of_the_last_minutes(high):
    registry, change = high
    registry.signed_in_ago = LONG_AGO

    with pytest.raises(SessionNeeded, match="sign-in of product is too old") as refused:
        registry.vote(change, "product")
    registry.signed_in_ago = timedelta(minutes=14, seconds=59)
    registry.vote(change, "product")

    assert "Sign in again" in refused.value.hint
    assert "a sign-in of the last 15 minutes" in refused.value.hint


def test_a_sign_in_of_which_nobody_knows_when_it_was_is_too_old(high):
    registry, change = high
    registry.signed_in_ago = None

    with pytest.raises(SessionNeeded):
        registry.vote(change, "product")


@pytest.mark.parametrize("verdict", [Verdict.ASK, Verdict.VETO])
def test_an_objection_takes_no_new_sign_in(high, verdict):
    registry, change = high
    registry.signed_in_ago = LONG_AGO

    registry.vote(change, "product", verdict)

    assert registry.change(change).votes[-1].verdict is verdict


def test_a_vote_is_taken_back_with_any_sign_in_and_without_a_reason(high):
    registry, change = high
    registry.vote(change, "product")
    registry.govern(reason_tiers=(Tier.HIGH,))
    registry.signed_in_ago = LONG_AGO
    digest = registry.change(change).revision.review_digest
    command = commands.Vote(
        change=change,
        review_digest=digest,
        verdict=Verdict.RETRACT,
        seat="product",
        reason="",
    )

    assert registry.act("product", command).payload.reason == ""


def test_other_tiers_are_agreed_to_with_any_sign_in_and_without_a_reason(registry):
    change = registry.submit(make_prompt("1.0.0", tier="medium"))
    registry.govern(recent_sign_in=RECENT, reason_tiers=(Tier.HIGH,))
    registry.signed_in_ago = None

    registry.vote(change, "product")


def test_a_policy_is_agreed_to_as_tier_high_is(registry):
    registry.govern(recent_sign_in=RECENT)
    change = registry.submit_policy(
        "environment: production\nrequirements: [{name: p, seat: product}]\n"
    )
    registry.signed_in_ago = LONG_AGO

    with pytest.raises(SessionNeeded):
        registry.vote(change, "product")


@pytest.mark.parametrize("what", ["asked", "rolled_back"])
def test_ratifying_takes_a_sign_in_of_the_last_minutes(request, what):
    registry, number = request.getfixturevalue(what)
    registry.govern(recent_sign_in=RECENT)
    registry.signed_in_ago = LONG_AGO

    with pytest.raises(SessionNeeded):
        registry.judge(number, "product")
    registry.signed_in_ago = timedelta(0)
    registry.judge(number, "product")


def test_repudiating_takes_no_new_sign_in(asked):
    registry, number = asked
    registry.govern(recent_sign_in=RECENT)
    registry.signed_in_ago = LONG_AGO

    registry.judge(number, "product", Judgement.REPUDIATE)

    assert registry.state.ratifications[number].votes[-1].by == "product"


@pytest.mark.parametrize("what", ["asked", "rolled_back"])
def test_ratifying_is_free_where_the_policy_names_other_tiers(request, what):
    registry, number = request.getfixturevalue(what)
    others = (Tier.LOW, Tier.MEDIUM)
    registry.govern(recent_sign_in=replace(RECENT, tiers=others), reason_tiers=others)
    registry.signed_in_ago = LONG_AGO

    assert ratify(registry, number, "").reason == ""


def test_no_event_says_when_anybody_signed_in(high):
    registry, change = high

    event = registry.vote(change, "product")

    now = registry.now
    known = Identity(handle="product", via=SESSION, roles=None, signed_in_at=now)
    unknown = Identity(handle="product", via=SESSION, roles=None)
    people = registry.state.people
    assert recognise(known, people) == recognise(unknown, people)
    assert b"signed_in" not in events.dump(event)


# A reason.


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_an_approval_takes_a_reason(high, nothing):
    registry, change = high
    registry.govern(reason_tiers=(Tier.HIGH,))

    with pytest.raises(Invalid, match="an approval needs a reason here"):
        approve(registry, change, nothing)

    assert approve(registry, change, "Read it all.").reason == "Read it all."


@pytest.mark.parametrize("what", ["asked", "rolled_back"])
def test_ratifying_takes_a_reason(request, what):
    registry, number = request.getfixturevalue(what)
    registry.govern(reason_tiers=(Tier.HIGH,))

    with pytest.raises(Invalid, match="ratifying needs a reason here"):
        ratify(registry, number, "")

    assert ratify(registry, number, "It had to be.").reason == "It had to be."


# In words.


def test_the_policy_in_words_says_both():
    text = (
        "environment: production\nrequirements: [{name: p, seat: product}]\n"
        "recent_sign_in: {tiers: [high], minutes: 15}\nreason_tiers: [medium, high]\n"
    )

    told = dict(parts(parse_policy(text.encode()).policy))["Votes"]

    assert "Agreeing to tier high takes a sign-in of the last 15 minutes." in told
    assert "Agreeing to tier medium or high takes a reason." in told
