"""Whom a policy asks: the rules at the top of `registry/policies.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.documents import Tier
from registry.errors import Invalid
from registry.names import Ref
from registry.policies import (
    Policy,
    Requirement,
    match,
    policy_subject,
    subject,
    union,
)
from registry.policy_rules import FactName

LOW = subject(Ref("prompts/acme/refunds"), Tier.LOW)
HIGH = subject(Ref("prompts/acme/refunds"), Tier.HIGH)
BOT = subject(Ref("bots/acme/support"), Tier.LOW)


def make_requirement(name: str = "product agrees", **what) -> Requirement:
    fields = {
        "name": name,
        "seat": "product",
        "count": 1,
        "kinds": (),
        "names": (),
        "tiers": (),
        "open": False,
    }
    return Requirement(**{**fields, **what})


def make_policy(*requirements: Requirement, **what) -> Policy:
    fields = {
        "environment": "production",
        "requirements": requirements,
        "change_days": 30,
        "rollback_days": 30,
        "rejecters": (),
        "veto_clearers": (),
        "bind_composed": (Tier.HIGH,),
        "authors_activate": False,
    }
    return Policy(**{**fields, **what})


OPEN = make_requirement("open", seat=None, count=0, open=True)


def names(matched) -> list[str]:
    return [one.name for one in matched]


def test_every_requirement_that_matches_applies():
    policy = make_policy(
        make_requirement("wide"),
        make_requirement("kind", kinds=("prompt",)),
        make_requirement("tier", tiers=(Tier.HIGH,)),
        make_requirement("name", names=("acme/**",)),
        make_requirement("other kind", kinds=("bot",)),
        make_requirement("other tier", tiers=(Tier.LOW, Tier.MEDIUM)),
        make_requirement("other name", names=("bank/**",)),
    )

    matched = match(policy, [HIGH])

    assert names(matched) == ["wide", "kind", "tier", "name"]


def test_all_parts_of_a_requirement_have_to_match():
    policy = make_policy(
        make_requirement("both", kinds=("prompt",), tiers=(Tier.HIGH,)), OPEN
    )

    assert names(match(policy, [LOW])) == ["open"]


def test_a_narrower_requirement_adds_to_a_wider_one():
    wide, narrow = make_requirement("wide"), make_requirement("narrow", count=2)

    assert names(match(make_policy(wide, narrow), [LOW])) == ["wide", "narrow"]


def test_an_open_requirement_takes_nothing_from_another():
    matched = match(make_policy(OPEN, make_requirement()), [LOW])

    assert names(matched) == ["open", "product agrees"]
    assert [one.count for one in matched] == [0, 1]


def test_what_nothing_matches_is_covered_by_nobody():
    policy = make_policy(make_requirement(kinds=("bot",)))

    bots, rest = match(policy, [LOW, BOT])

    assert bots.because == (BOT.what,)
    assert (rest.covered, rest.seat, rest.because) == (False, None, (LOW.what,))


def test_a_requirement_says_what_it_is_asked_for():
    (matched,) = match(make_policy(make_requirement()), [LOW, BOT])

    assert matched.because == (BOT.what, LOW.what)


def test_the_policy_itself_is_of_tier_high():
    policy = make_policy(
        make_requirement("board", kinds=("policy",), tiers=(Tier.HIGH,)),
        make_requirement("prompts", kinds=("prompt",)),
    )

    assert names(match(policy, [policy_subject("production")])) == ["board"]


def test_a_requirement_of_every_kind_is_about_the_policy_as_well():
    policy = make_policy(make_requirement())

    assert names(match(policy, [policy_subject("production")])) == ["product agrees"]


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("acme/refunds", "acme/refunds", True),
        ("acme/refunds", "acme/refunds2", False),
        ("acme/*", "acme/refunds", True),
        ("acme/*", "acme/eu/refunds", False),
        ("acme/**", "acme/eu/refunds", True),
        ("acme/**", "acme", False),
        ("**/refunds", "acme/eu/refunds", True),
        ("acme/*/refunds", "acme/eu/refunds", True),
        ("acme/re*", "acme/refunds", True),
        ("acme.x", "acmexx", False),
        ("**", "acme/refunds", True),
    ],
)
def test_patterns_fit_names(pattern, name, fits):
    one = subject(Ref(f"prompts/{name}"), Tier.LOW)

    assert make_requirement(names=(pattern,)).matches(one) is fits


@pytest.mark.parametrize(
    "what",
    [
        {"seat": None, "count": 0, "open": False},
        {"seat": "product", "count": 0},
        {"seat": None, "count": 1},
        {"seat": "product", "count": 1, "open": True},
        {"seat": None, "count": 1, "open": True},
        {"seat": "product", "count": 0, "open": True},
        {"seat": "product", "count": -1},
    ],
)
def test_a_requirement_asks_somebody_or_says_that_it_is_open(what):
    with pytest.raises(Invalid, match="neither asks somebody nor is open"):
        make_requirement(**what)


def test_the_union_has_each_requirement_of_both_policies_once():
    old = match(make_policy(make_requirement("a"), make_requirement("b")), [LOW])
    new = match(make_policy(make_requirement("b"), make_requirement("c")), [LOW])

    assert names(union(old, new)) == ["a", "b", "c"]


def test_the_union_keeps_both_counts_of_a_requirement():
    one = match(make_policy(make_requirement(count=1)), [LOW])
    two = match(make_policy(make_requirement(count=2)), [LOW])

    assert [each.count for each in union(two, one)] == [2, 1]


seats = st.sampled_from(["product", "risk"])
some_requirements = st.lists(
    st.one_of(
        st.builds(
            make_requirement,
            st.sampled_from("abc"),
            seat=seats,
            count=st.integers(1, 3),
            kinds=st.sampled_from([(), ("prompt",), ("bot",)]),
            tiers=st.sampled_from([(), (Tier.HIGH,), (Tier.LOW,)]),
            names=st.sampled_from([(), ("acme/**",), ("bank/**",)]),
        ),
        st.just(OPEN),
    ),
    min_size=1,
    max_size=4,
)
subjects = st.lists(st.sampled_from([LOW, HIGH, BOT]), min_size=1, unique=True)


@given(some_requirements, subjects)
def test_every_document_is_asked_for_or_covered_by_nobody(requirements, about):
    matched = match(make_policy(*requirements), about)

    assert {what for one in matched for what in one.because} == {s.what for s in about}
    assert all(one.because for one in matched)


@given(some_requirements, subjects, some_requirements)
def test_another_requirement_takes_none_away(requirements, about, more):
    asks = {(r.seat, r.count) for r in match(make_policy(*requirements), about)}

    with_more = match(make_policy(*requirements, *more), about)

    covered_by_nobody = {(None, 1)}
    assert asks - covered_by_nobody <= {(r.seat, r.count) for r in with_more}


def test_a_requirement_of_facts_applies_where_one_of_them_is_true():
    policy = make_policy(
        make_requirement("wide"),
        make_requirement(
            "facts", facts=(FactName.MODEL_CHANGED, FactName.GUARDRAIL_WEAKENED)
        ),
    )
    weaker = subject(
        Ref("guardrails/acme/promises"), Tier.LOW, {FactName.GUARDRAIL_WEAKENED}
    )

    assert names(match(policy, [weaker])) == ["wide", "facts"]
    assert names(match(policy, [LOW])) == ["wide"]


def test_facts_only_add_to_the_other_conditions():
    policy = make_policy(
        make_requirement("bots", kinds=("bot",), facts=(FactName.TOOLS_CHANGED,)), OPEN
    )
    prompt = subject(Ref("prompts/acme/refunds"), Tier.LOW, {FactName.TOOLS_CHANGED})

    assert names(match(policy, [prompt])) == ["open"]


def test_a_requirement_of_facts_leaves_what_has_none_to_nobody():
    policy = make_policy(
        make_requirement("words", seat=None, count=0, open=True, facts=(
            FactName.WORDING_ONLY,
        ))
    )  # fmt: skip

    (bare,) = match(policy, [LOW])

    assert not bare.covered


@pytest.mark.parametrize(
    ("owners", "asked"),
    [
        ((), False),
        (("bank-desk",), False),
        (("acme-desk",), True),
        (("acme-desk", "bank-desk"), True),
    ],
    ids=str,
)
def test_a_requirement_of_owners_applies_where_one_of_them_fits(owners, asked):
    """Before or after: what is handed over is asked for by both."""
    policy = make_policy(make_requirement("acme", owners=("acme-*", "air-*")), OPEN)

    matched = match(policy, [subject(Ref("bots/acme/a"), Tier.LOW, (), owners)])

    assert names(matched) == (["acme", "open"] if asked else ["open"])


def test_owners_only_add_to_the_other_conditions():
    policy = make_policy(make_requirement(kinds=("bot",), owners=("acme-*",)), OPEN)
    prompt = subject(Ref("prompts/acme/a"), Tier.LOW, (), ("acme-desk",))

    assert names(match(policy, [prompt])) == ["open"]


def test_what_is_covered_by_nobody_is_told_in_order():
    bare = [subject(Ref(f"prompts/acme/{one}"), Tier.LOW) for one in "fbdace"]

    (matched,) = match(make_policy(make_requirement(kinds=("bot",))), bare)

    assert matched.because == tuple(f"prompts/acme/{one}" for one in "abcdef")


def test_what_an_older_policy_does_not_say_is_what_was_the_rule_before():
    """Events hold policies that were written before there was more to say."""
    policy = make_policy()

    assert (policy.late_minutes, policy.ratify_hours) == (60, 72)
    assert (policy.policy_hours, policy.seat_hours) == (0, 0)
    assert (policy.vote_days, policy.emergency) == (None, None)
