"""A policy as its author writes it."""

import json
from dataclasses import replace

import pytest

from registry import schemas
from registry.documents import Tier
from registry.errors import Invalid, InvalidDocument, TooLarge
from registry.freezes import Freeze
from registry.policy_rules import (
    DecisionTime,
    EmergencyRule,
    FactName,
    Lapsed,
    RequiredCheck,
    ReviewRule,
    SignInRule,
)
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


def test_what_is_left_out_means_what_it_meant_before():
    policy = parse_policy(LEAST.encode()).policy

    assert policy == replace(
        policy,
        vote_days=None,
        freezes=(),
        emergency=None,
        checks=(),
        separate_tiers=(),
        late_minutes=60,
        ratify_hours=72,
        policy_hours=0,
        seat_hours=0,
        decisions=(),
        reviews=(),
        recent_sign_in=None,
        reason_tiers=(),
    )


def test_everything_beside_whom_it_asks_can_be_said():
    text = (
        LEAST
        + """\
vote_days: 14
separate_tiers: [high]
late_minutes: 30
ratify_hours: 48
policy_hours: 24
seat_hours: 12
freezes:
  - name: the weekend
    zone: Europe/Copenhagen
    start: fri 16:00
    end: mon 08:00
    names: ["acme/**"]
emergency:
  seats: [incident]
  kinds: [prompt]
  names: ["acme/**"]
  ratify_hours: 24
checks:
  - name: answers
    kinds: [prompt]
    names: ["acme/**"]
    tiers: [high]
    facts: [model-changed]
    waived_by: [risk]
    max_age_days: 7
    min_samples: 100
    min_production: 10
decisions:
  - {tier: high, hours: 72}
reviews:
  - {tiers: [high], notice_days: 30, lapsed: block, seats: [risk]}
recent_sign_in: {tiers: [high], minutes: 15}
reason_tiers: [medium, high]
"""
    )

    policy = parse_policy(text.encode()).policy

    assert (policy.vote_days, policy.late_minutes, policy.ratify_hours) == (14, 30, 48)
    assert (policy.policy_hours, policy.seat_hours) == (24, 12)
    assert policy.separate_tiers == (Tier.HIGH,)
    assert policy.freezes == (
        Freeze(
            name="the weekend",
            zone="Europe/Copenhagen",
            start="fri 16:00",
            end="mon 08:00",
            names=("acme/**",),
        ),
    )
    assert policy.emergency == EmergencyRule(
        seats=("incident",), kinds=("prompt",), names=("acme/**",), ratify_hours=24
    )
    assert policy.checks == (
        RequiredCheck(
            name="answers",
            kinds=("prompt",),
            names=("acme/**",),
            tiers=(Tier.HIGH,),
            facts=(FactName.MODEL_CHANGED,),
            waived_by=("risk",),
            max_age_days=7,
            min_samples=100,
            min_production=10,
        ),
    )
    assert policy.decisions == (DecisionTime(tier=Tier.HIGH, hours=72),)
    assert policy.reviews == (
        ReviewRule(
            tiers=(Tier.HIGH,), notice_days=30, lapsed=Lapsed.BLOCK, seats=("risk",)
        ),
    )
    assert policy.recent_sign_in == SignInRule(tiers=(Tier.HIGH,), minutes=15)
    assert policy.reason_tiers == (Tier.MEDIUM, Tier.HIGH)


@pytest.mark.parametrize(
    ("added", "line", "why"),
    [
        ("vote_days: 31\n", 3, "before its votes lapse"),
        ("vote_days: 2\npolicy_hours: 48\n", 4, "could never be changed"),
        ("change_days: 1\nseat_hours: 24\n", 4, "before a new seat has cooled down"),
        (
            "decisions: [{tier: low, hours: 720}]\n",
            3,
            "before its decision is late",
        ),
        (
            "decisions:\n  - {tier: low, hours: 7}\n  - {tier: low, hours: 8}\n",
            5,
            "two decision times for tier low",
        ),
        (
            "freezes:\n  - {name: q, zone: Mars, start: fri 16:00, end: mon 08:00}\n",
            4,
            "there is no time zone 'Mars'",
        ),
        (
            "freezes:\n  - {name: q, zone: UTC, start: fri 16:00, end: fri 16:00}\n",
            4,
            "ends when it starts",
        ),
        (
            "checks: [{name: answers, min_samples: 5, min_production: 6}]\n",
            3,
            "of 5 samples 6 cannot be from production",
        ),
        ("checks: [{name: schema, min_samples: 5}]\n", 3, "takes no samples"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_line(added, line, why):
    with pytest.raises(InvalidDocument) as refused:
        parse_policy((LEAST + added).encode())

    (found,) = refused.value.findings
    assert (found.line, why in found.message) == (line, True)
    assert found.hint


@pytest.mark.parametrize(
    ("added", "line"),
    [
        ("rejecters: [board, operator]\n", 3),
        ("veto_clearers:\n  - admin\n", 4),
        ("emergency: {seats: [author], ratify_hours: 24}\n", 3),
        ("checks:\n  - {name: answers, waived_by: [evaluator]}\n", 4),
        (
            "reviews:\n  - {tiers: [low], lapsed: warn, notice_days: 3, "
            "seats: [auditor]}\n",
            4,
        ),
    ],
)
def test_a_policy_names_no_seat_that_is_called_like_a_role(added, line):
    with pytest.raises(InvalidDocument) as refused:
        parse_policy((LEAST + added).encode())

    (found,) = refused.value.findings
    assert found.line == line
    assert found.message.endswith("is a role, and no seat is called like one")
    assert "Ask a seat" in found.hint


def test_a_requirement_asks_no_seat_that_is_called_like_a_role():
    text = LEAST.replace("seat: product", "seat: viewer")

    with pytest.raises(InvalidDocument, match="viewer is a role, and no seat"):
        parse_policy(text.encode())


@pytest.mark.parametrize("part", ["facts: [model-changed]", "owners: [acme]"])
def test_what_is_never_asked_of_a_policy_is_refused(part):
    text = LEAST.replace("seat: product", f"seat: product, kinds: [policy], {part}")

    with pytest.raises(InvalidDocument, match="never asked for"):
        parse_policy(text.encode())


@pytest.mark.parametrize(
    "added",
    [
        "emergency: {ratify_hours: 24}\n",
        "emergency: {seats: [], ratify_hours: 24}\n",
        "emergency: {seats: [incident]}\n",
        "emergency: {seats: [incident], ratify_hours: 24, kinds: [policy]}\n",
        "vote_days: -1\n",
        "late_minutes: 0\n",
        "policy_hours: -1\n",
        "reviews: [{tiers: [], notice_days: 1, lapsed: warn}]\n",
        "reviews: [{tiers: [low], notice_days: 1, lapsed: remove}]\n",
        "checks: [{waived_by: [risk]}]\n",
        "freezes: [{name: q, zone: UTC, start: fri 16:00}]\n",
        "freezes: [{name: q, zone: UTC, start: fri 16:00, end: sat 1:00, x: 1}]\n",
    ],
)
def test_what_no_part_can_be_is_refused(added):
    with pytest.raises(InvalidDocument):
        parse_policy((LEAST + added).encode())


def test_every_property_of_the_schema_says_what_it_is_for_with_an_example():
    schema = json.loads(schemas.read_policy())
    parts = [schema, *schema["$defs"].values()]
    found = {
        name: part
        for one in parts
        for name, part in one.get("properties", {}).items()
        if part.keys() != {"$ref"}
    }

    assert {n for n, p in found.items() if not p.get("description")} == set()
    assert {n for n, p in found.items() if not p.get("examples")} == set()


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
