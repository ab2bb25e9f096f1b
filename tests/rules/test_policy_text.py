"""A policy as its author writes it."""

import pytest

from registry.documents import Tier
from registry.errors import Invalid, InvalidDocument, TooLarge
from registry.policies import FactName
from registry.policy_text import parse_policy

LEAST = (
    "environment: production\nrequirements: [{name: product agrees, seat: product}]\n"
)


def test_a_policy_has_careful_defaults():
    policy = parse_policy(LEAST.encode()).policy

    assert policy.change_days == 30
    assert policy.rollback_days == 30
    assert policy.rejecters == ()
    assert policy.veto_clearers == ()
    assert policy.bind_composed == (Tier.HIGH,)
    assert policy.authors_activate is False


def test_a_seat_without_a_count_is_one_person():
    (requirement,) = parse_policy(LEAST.encode()).policy.requirements

    assert (requirement.seat, requirement.count, requirement.open) == (
        *("product", 1, False),
    )


def test_everything_can_be_said():
    text = """\
environment: staging
change_days: 7
rollback_days: 0
rejecters: [board]
veto_clearers: [legal]
bind_composed: []
authors_activate: true
requirements:
  - name: two of risk
    seat: risk
    count: 2
    kinds: [prompt, policy]
    names: ["acme/**"]
    tiers: [medium, high]
    facts: [guardrail-weakened, model-changed]
  - name: nobody
    open: true
"""

    policy = parse_policy(text.encode()).policy

    first, second = policy.requirements
    assert (policy.environment, policy.change_days, policy.rollback_days) == (
        *("staging", 7, 0),
    )
    assert (policy.rejecters, policy.veto_clearers) == (("board",), ("legal",))
    assert (policy.bind_composed, policy.authors_activate) == ((), True)
    assert (first.seat, first.count) == ("risk", 2)
    assert (first.kinds, first.names) == (("prompt", "policy"), ("acme/**",))
    assert first.tiers == (Tier.MEDIUM, Tier.HIGH)
    assert first.facts == (FactName.GUARDRAIL_WEAKENED, FactName.MODEL_CHANGED)
    assert (second.seat, second.count, second.open) == (None, 0, True)


@pytest.mark.parametrize(
    "requirement",
    [
        "{name: nobody}",
        "{name: both, seat: product, open: true}",
        "{name: counted, count: 2, open: true}",
        "{name: counted, count: 2}",
    ],
)
def test_a_requirement_of_nobody_has_to_say_that_it_is_open(requirement):
    text = f"environment: production\nrequirements: [{requirement}]\n"

    with pytest.raises(Invalid, match="neither asks somebody nor is open"):
        parse_policy(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "environment: production\n",
        "environment: production\nrequirements: []\n",
        LEAST.replace("production", "Production"),
        LEAST.replace("seat: product", "seat: Product Owner"),
        LEAST.replace("seat: product", "seat: product, count: 0"),
        LEAST.replace("seat: product", "seat: product, count: '2'"),
        LEAST.replace("seat: product", "seat: product, open: false"),
        LEAST.replace("seat: product", "seat: product, kinds: []"),
        LEAST.replace("seat: product", "seat: product, tiers: [none]"),
        LEAST.replace("seat: product", "seat: product, names: ['(a+)+$']"),
        LEAST.replace("seat: product", "seat: product, facts: []"),
        LEAST.replace("seat: product", "seat: product, facts: [guardrail-weekened]"),
        LEAST + "exempt: [admin]\n",
        LEAST + "change_days: 0\n",
        LEAST + "environment: staging\n",
        "- a list\n",
        "",
    ],
)
def test_what_is_no_policy_is_refused(text):
    with pytest.raises(InvalidDocument):
        parse_policy(text.encode())


def test_two_requirements_of_the_same_name_are_refused():
    text = """\
environment: production
requirements:
  - {name: agreed, seat: product}
  - {name: agreed, seat: risk}
"""

    with pytest.raises(Invalid, match="same name"):
        parse_policy(text.encode())


def test_a_policy_has_at_most_64_kib():
    with pytest.raises(TooLarge):
        parse_policy(LEAST.encode() + b"#" * 2**16)


def test_every_fact_can_be_asked_about():
    for fact in FactName:
        text = LEAST.replace("seat: product", f"seat: product, facts: [{fact}]")
        assert parse_policy(text.encode()).policy.requirements[0].facts == (fact,)
