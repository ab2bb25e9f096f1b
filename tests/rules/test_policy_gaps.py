"""What a policy leaves to nobody, to everybody, or to people who are not there."""

from datetime import timedelta

from registry.people import Limit, person
from registry.policies import Policy
from registry.policy_gaps import Holder, empty_seats, gaps, holders, quiet_seats
from registry.policy_text import parse_policy
from tests.rules.bench import NOON

WHOLE = "environment: production\nrequirements:\n  - {name: a, seat: product}\n"
PEOPLE = (
    person("ann", roles=(), seats=("product",), active=True),
    person("ben", roles=(), seats=("product",), active=False),
)


def parsed(text: str) -> Policy:
    return parse_policy(text.encode()).policy


def told(text: str) -> list[str]:
    return [one.sentence for one in gaps(parsed(text), NOON)]


def test_a_policy_that_asks_a_seat_about_everything_has_no_gaps():
    assert told(WHOLE) == []


def test_a_kind_that_nobody_covers_is_a_gap():
    text = WHOLE.replace("product}", "product, kinds: [prompt, policy, bot]}")

    assert any("covers every guardrail" in one for one in told(text))
    assert not any("covers every prompt" in one for one in told(text))


def test_a_tier_that_nobody_covers_is_a_gap():
    text = WHOLE.replace("product}", "product, tiers: [medium, high]}")

    assert "no requirement covers every bot of tier low: what none covers can " in (
        " ".join(told(text))
    )


def test_what_covers_some_names_covers_not_every_document():
    for part in ('names: ["acme/**"]', "owners: [acme]", "facts: [model-changed]"):
        text = WHOLE.replace("product}", f"product, {part}}}")
        assert any("covers every prompt" in one for one in told(text))


def test_a_policy_that_nobody_could_change_is_a_gap():
    text = WHOLE.replace("product}", "product, kinds: [prompt]}")

    assert any("it could never be changed" in one for one in told(text))


def test_a_policy_that_everybody_could_loosen_is_a_gap():
    text = WHOLE.replace("seat: product", "open: true").replace("production", "test")

    assert told(text) == ["the policy itself is open: whoever may write may loosen it"]


def test_an_open_requirement_in_production_is_a_gap():
    text = WHOLE + "  - {name: b, open: true}\n"

    assert any("one person has to agree all the same" in one for one in told(text))
    assert told(text.replace("production", "staging")) == []


def test_freezes_without_an_end_are_a_gap():
    text = (
        WHOLE
        + """\
freezes:
  - {name: a, zone: UTC, start: mon 00:00, end: thu 12:00}
  - {name: b, zone: UTC, start: thu 00:00, end: mon 12:00}
"""
    )

    assert told(text) == ["the freeze windows follow each other without end"]


def test_a_freeze_that_is_over_is_a_gap():
    start, end = (f"{NOON - timedelta(days=days):%Y-%m-%d %H:%M}" for days in (9, 3))
    text = (
        WHOLE + f'freezes: [{{name: old, zone: UTC, start: "{start}", end: "{end}"}}]\n'
    )

    assert told(text) == ["'old' is over"]


def test_a_seat_that_too_few_hold_is_a_gap():
    text = WHOLE.replace("product}", "product, count: 2}") + "rejecters: [board]\n"

    found = [one.sentence for one in empty_seats(parsed(text), PEOPLE)]

    assert found == [
        "2 people have to hold the seat product, and only ann does",
        "somebody has to hold the seat board, and nobody does",
    ]


def test_every_part_that_names_a_seat_is_looked_at():
    text = (
        WHOLE
        + """\
veto_clearers: [a1]
emergency: {seats: [a2], ratify_hours: 1}
checks: [{name: answers, waived_by: [a3]}]
reviews: [{tiers: [low], notice_days: 1, lapsed: warn, seats: [a4]}]
"""
    )

    found = empty_seats(parsed(text), PEOPLE)

    assert [one.part for one in found] == [
        *("veto_clearers", "emergency", "checks", "reviews"),
    ]


def test_a_seat_for_another_environment_is_not_held_here():
    limit = Limit(held="product", environments=("staging",), names=())
    cid = person("cid", roles=(), seats=("product",), active=True, limits=(limit,))

    assert holders(parsed(WHOLE), (*PEOPLE, cid), "product") == ("ann",)


def quiet(text: str, *who: Holder) -> list[str]:
    return [one.sentence for one in quiet_seats(parsed(text), {"product": who})]


ANN = Holder(handle="ann", names=(), speaks_from=None)
AIR = Holder(handle="cid", names=("acme-air/**",), speaks_from=None)
NEW = Holder(handle="dan", names=(), speaks_from=NOON)


def test_a_seat_that_is_held_for_some_names_only_is_a_gap():
    assert quiet(WHOLE, AIR) == [
        "for 'a' too few hold the seat product beyond acme-air/**: other names, and "
        "the policy, wait for ever"
    ]
    assert quiet(WHOLE, AIR, ANN) == []
    assert quiet(WHOLE.replace("product}", 'product, names: ["acme-air/*"]}'), AIR) == (
        []
    )


def test_a_seat_whose_holders_all_cool_down_is_a_gap():
    assert quiet(WHOLE, NEW) == [
        "'a' cannot be met yet: the seat product of dan cools down"
    ]
    assert quiet(WHOLE, NEW, ANN) == []


def test_a_seat_that_nobody_holds_is_no_second_gap():
    assert quiet(WHOLE) == []
