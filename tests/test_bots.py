"""What a bot's document must say, and what it may."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.advice import advise, advise_on_people
from registry.documents import Document, Use, dump, parse
from registry.errors import Invalid, InvalidDocument
from registry.mistakes import Finding
from registry.people import Person, person
from registry.values import Json

BOT: dict[str, Json] = {
    "kind": "bot",
    "name": "acme-air/support",
    "version": "1.0.0",
    "owner": "product",
    "description": "Helps travellers.",
    "review_by": "2027-05-01",
    "purpose": "Questions about bookings.",
    "audience": "Travellers.",
    "deputy": "operator",
    "on_call": "operator",
    "disclosure": "You are talking to a machine.",
    "fallback": "Please call us.",
    "prompts": {
        "refunds": "acme-air/refunds",
        "greeting": {"name": "acme-air/greeting", "range": "^1.2"},
    },
}


def findings(source: bytes) -> tuple[Finding, ...]:
    """What is wrong with *source*; something must be."""
    with pytest.raises(InvalidDocument) as refused:
        parse(source)
    return refused.value.findings


def test_a_bot_uses_its_prompts_by_role_and_range() -> None:
    assert parse(dump(BOT)).uses == (
        Use(ref="prompts/acme-air/greeting", role="greeting", range="^1.2"),
        Use(ref="prompts/acme-air/refunds", role="refunds", range=None),
    )


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("prompts", {}),
        ("prompts", {"Refunds": "acme-air/refunds"}),
        ("prompts", {"refunds": "Acme"}),
        ("prompts", {"refunds": {"range": "^1"}}),
        ("prompts", {"refunds": {"name": "a", "range": "1.x"}}),
        ("prompts", {"refunds": {"name": "a", "version": "1"}}),
        ("prompts", {"refunds": 12}),
        ("guardrails", {"PII": "acme/pii"}),
        ("guardrails", {"pii": "Acme"}),
        ("bindings", {"main": {"name": "acme/model", "range": "latest"}}),
        ("deputy", "Somebody Else"),
        ("responsible", {"metric": "product"}),
        ("review_by", "2027-13-01"),
        ("tools", [{"name": "x"}]),
        ("sources", [{"name": "x", "owner": "legal", "fresh_within": "soon"}]),
        ("budgets", {"turns": 0}),
        ("budgets", {"cost": "cheap"}),
        ("steps", [{"name": "a", "prompt": "nothing"}]),
        ("steps", [{"name": "a", "prompt": "refunds", "after": ["b"]}]),
        ("steps", [{"name": "a", "prompt": "refunds", "after": ["a"]}]),
        ("steps", [{"name": "a", "prompt": "refunds"}] * 2),
        ("success", {"metric": "x"}),
        ("fallback", ""),
        ("disclosure", ""),
    ],
)
def test_a_bot_with_a_wrong_part_is_refused(part: str, value: Json) -> None:
    (finding, *_) = findings(dump({**BOT, part: value}))

    assert finding.where.startswith(f"/{part}")


def test_a_bot_uses_guardrails_and_bindings_too() -> None:
    bot = parse(
        dump(
            {
                **BOT,
                "prompts": {"refunds": "acme-air/refunds"},
                "guardrails": {"pii": "acme/pii"},
                "bindings": {"main": {"name": "acme/model", "range": "^2"}},
            }
        )
    )

    assert bot.uses == (
        Use(ref="bindings/acme/model", role="main", range="^2"),
        Use(ref="guardrails/acme/pii", role="pii", range=None),
        Use(ref="prompts/acme-air/refunds", role="refunds", range=None),
    )


def test_a_whole_bot_is_taken() -> None:
    whole: dict[str, Json] = {
        **BOT,
        "tier": "high",
        "labels": {"team": "support"},
        "risk_partner": "risk",
        "responsible": {"metrics": "product", "drift": "risk", "model": "operator"},
        "tools": [
            {
                "name": "find_booking",
                "description": "Reads a booking.",
                "schema_digest": "sha256:" + "0" * 64,
                "owner": "product",
            }
        ],
        "sources": [{"name": "fares", "owner": "legal", "fresh_within": "24h"}],
        "budgets": {"turns": 20, "tool_calls": 5, "cost": "0.50 EUR"},
        "steps": [
            {"name": "greet", "prompt": "greeting"},
            {"name": "answer", "prompt": "refunds", "after": ["greet"]},
        ],
        "success": {
            "metric": "solved without a person",
            "baseline": 0.4,
            "target": 0.6,
        },
    }

    assert parse(dump(whole)).value == whole


def test_a_bot_reads_back_as_it_was_dumped() -> None:
    assert parse(dump(BOT)).value == BOT


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "name"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "range", "after", "x"]), inner)
    ),
    max_leaves=6,
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*BOT, "steps", "tools"]), json_values))
def test_nothing_but_our_error_comes_out_for_any_values(
    changes: dict[str, Json],
) -> None:
    with suppress(Invalid):
        parse(dump({**BOT, **changes}))


@pytest.mark.parametrize("part", ["disclosure", "fallback"])
@pytest.mark.parametrize(
    "said", ["   ", "\n", "TBD", "n/a", "...", "Sorry.", "12345678"]
)
def test_what_users_are_told_must_say_something(part: str, said: str) -> None:
    (finding,) = findings(dump({**BOT, part: said}))

    assert finding.where == f"/{part}"
    assert finding.message == f"the {part} says too little"


@pytest.mark.parametrize(
    "said", ["Please call us.", "您正在与机器对话", "กรุณาโทรหาเรา", "Вызовите нас."]
)
def test_what_users_are_told_may_be_said_in_any_language(said: str) -> None:
    assert parse(dump({**BOT, "disclosure": said, "fallback": said}))


GUARDRAIL: dict[str, Json] = {
    "kind": "guardrail",
    "name": "acme-air/words",
    "version": "1.0.0",
    "owner": "risk",
    "description": "Some words.",
}


def guardrail(*stages: str) -> Document:
    rules: Json = [
        {
            "id": stage,
            "stage": [stage],
            "check": {"type": "keyword", "terms": ["refund"]},
            "action": "flag",
            "severity": "low",
            "message": "A word was said.",
        }
        for stage in stages
    ]
    cases: Json = [
        {"rule": stage, "stage": stage, "text": text, "expect": expect}
        for stage in stages
        for text, expect in (("A refund.", "trigger"), ("A seat.", "pass"))
    ]
    return parse(dump({**GUARDRAIL, "rules": rules, "cases": cases}))


def advised(*stages: str) -> list[str]:
    """What is worth a look in a bot with a guardrail that has these stages."""
    guardrails: Json = {"guardrails": {"words": "acme-air/words"}} if stages else {}
    found = [guardrail(*stages)] if stages else []
    known = {each.ref: each for each in found}
    bot = parse(dump({**BOT, **guardrails}))
    return [one.message for one in advise(bot, known.__getitem__, date(2026, 5, 3))]


@pytest.mark.parametrize("stages", [(), ("input",), ("input", "retrieval")])
def test_a_bot_whose_answers_no_guardrail_looks_at_is_worth_a_look(
    stages: tuple[str, ...],
) -> None:
    assert advised(*stages) == ["no guardrail looks at what the bot answers"]


@pytest.mark.parametrize("stages", [("output",), ("input", "output")])
def test_a_bot_with_a_guardrail_on_its_output_is_in_order(
    stages: tuple[str, ...],
) -> None:
    assert advised(*stages) == []


def people(**active: bool) -> dict[str, Person]:
    return {
        handle: person(handle, roles=(), seats=(), active=is_active)
        for handle, is_active in active.items()
    }


def test_people_who_could_not_act_for_a_bot_are_worth_a_look() -> None:
    bot = parse(dump({**BOT, "on_call": "nobody"}))

    found = advise_on_people(bot, people(product=False, operator=True))

    assert [(one.where, one.message) for one in found] == [
        ("/owner", "the owner product is not active any more"),
        ("/on_call", "the on-call nobody is nobody here"),
    ]
    assert advise_on_people(parse(dump(BOT)), people(product=True, operator=True)) == ()
