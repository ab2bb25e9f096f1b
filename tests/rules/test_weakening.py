"""The rules at the top of `registry/weakening.py` and `registry/weaker_checks.py`."""

import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from placet.guardrails.rules import open_rule
from placet.guardrails.subjects import Subject, subject_of
from registry.documents import Document, dump, parse
from registry.errors import NotFound
from registry.names import Ref
from registry.patterns import difference
from registry.values import Json
from registry.weakening import Weakening, weakened
from registry.weaker_checks import losses
from tests.test_guardrails import CHECKS, WHOLE, Value, check, guardrail, rule

STRICT: dict[str, Value] = {
    "regex": {"case_sensitive": False},
    "keyword": {
        "terms": ["refund", "gratis", "free"],
        "match": "substring",
        "unless": ["no refund"],
        "near": {"terms": ["always", "sure"], "within": 5},
    },
    "pii": {
        "entities": ["PHONE_NUMBER", "CREDIT_CARD"],
        "regions": ["GB", "US"],
        "require_checksum": False,
        "context_words": ["call", "card"],
    },
    "secret": {"detectors": ["aws_access_key", "private_key_block"]},
    "length": {"unit": "chars", "min": 5, "max": 100},
    "json_schema": {"schema": {"type": "object", "required": ["a"]}},
    "url_allowlist": {"domains": ["acme.example"]},
    "language": {"allowed": ["en", "nl"], "undetermined": "trigger"},
    "hidden_text": {"classes": ["bidi", "control"]},
    "tool_call": {"tools": ["refund*", "pay"], "decision": "deny"},
    "any_of": {"checks": [check("hidden_text"), check("regex")]},
    "all_of": {"checks": [check("hidden_text"), check("regex")]},
    "external": {"config": {"entities": ["PERSON"]}},
}
"""Checks of which every parameter can be loosened."""

LOOSER: list[tuple[str, Value]] = [
    ("regex", {"pattern": "AKIA[0-9A-Y]{16}"}),
    ("regex", {"case_sensitive": True}),
    ("keyword", {"terms": ["refund", "gratis"]}),
    ("keyword", {"match": "word"}),
    ("keyword", {"case_sensitive": True}),
    ("keyword", {"unless": ["no refund", "a refund"]}),
    ("keyword", {"near": {"terms": ["always", "sure"], "within": 4}}),
    ("keyword", {"near": {"terms": ["always"], "within": 5}}),
    ("pii", {"entities": ["PHONE_NUMBER"]}),
    ("pii", {"regions": ["US"]}),
    ("pii", {"require_checksum": True}),
    ("pii", {"context_words": ["call"]}),
    ("secret", {"detectors": ["aws_access_key"]}),
    ("length", {"unit": "words"}),
    ("length", {"min": 4}),
    ("length", {"max": 101}),
    ("json_schema", {"schema": {"type": "object"}}),
    ("json_schema", {"schema": {"type": "object", "required": ["b"]}}),
    ("json_schema", {"schema": {}}),
    ("json_schema", {"extract": "fenced_block"}),
    ("url_allowlist", {"domains": ["acme.example", "acme2.example"]}),
    ("url_allowlist", {"schemes": ["https", "http"]}),
    ("url_allowlist", {"allow_subdomains": True}),
    ("language", {"allowed": ["en", "nl", "de"]}),
    ("language", {"min_chars": 10}),
    ("language", {"undetermined": "pass"}),
    ("hidden_text", {"classes": ["bidi"]}),
    ("tool_call", {"tools": ["refund*"]}),
    ("tool_call", {"args": {"amount": "9"}}),
    ("tool_call", {"decision": "allow"}),
    ("any_of", {"checks": [check("hidden_text"), check("regex", pattern="a")]}),
    ("any_of", {"checks": [check("hidden_text"), check("secret")]}),
    ("all_of", {"checks": [check("hidden_text"), check("regex", pattern="a")]}),
    (
        "all_of",
        {"checks": [check("hidden_text"), check("regex"), check("secret")]},
    ),
    ("external", {"engine": "other"}),
    ("external", {"config": {}}),
]


def strict(kind: str, **more: Json) -> Value:
    return check(kind, **{**STRICT[kind], **more})


def document(*rules: Value, cases: list[Json] | None = None, **more: Json) -> Document:
    value = guardrail(*rules, **more)
    if cases is not None:
        value["cases"] = cases
    return parse(dump(value))


def nothing_else(ref: Ref) -> Document:
    raise NotFound(f"{ref} does not exist")


def told(before: Document, after: Document | None) -> tuple[Weakening, ...]:
    return weakened(before, after, was=nothing_else, will=nothing_else)


def told_of(before: Value, after: Value) -> list[str]:
    """What is told of a rule, apart from what its cases show."""
    found = told(document(before), document(after))
    return [each.sentence for each in found if "triggers on" not in each.sentence]


@pytest.mark.parametrize(("kind", "change"), LOOSER, ids=str)
def test_a_check_that_may_find_less_is_told(kind: str, change: Value) -> None:
    sentences = told_of(rule(strict(kind)), rule(strict(kind, **change)))

    assert len(sentences) == 1


@pytest.mark.parametrize(
    ("kind", "change"), [each for each in LOOSER if each[0] != "tool_call"], ids=str
)
@pytest.mark.parametrize("group", ["any_of", "all_of"])
def test_it_is_told_in_a_group_as_well(group: str, kind: str, change: Value) -> None:
    other = check("regex", pattern="another")
    before = check(group, checks=[other, strict(kind)])
    after = check(group, checks=[strict(kind, **change), other])

    assert told_of(rule(before), rule(after))


def test_nothing_that_can_be_loosened_is_left_out_here() -> None:
    tried = {(kind, part) for kind, change in LOOSER for part in change}

    for kind in CHECKS:
        for part in {**CHECKS[kind], **WHOLE[kind]}:
            assert (kind, part) in tried or part == "deterministic", (kind, part)


TIGHTER: list[tuple[str, Value]] = [
    ("regex", {"pattern": "AKIA[0-9A-Z]{16}|sk-[a-z]+"}),
    ("keyword", {"terms": ["free", "REFUND", "gratis", "cheap"]}),
    ("keyword", {"near": {"terms": ["always", "sure", "ever"], "within": 6}}),
    ("keyword", {"unless": []}),
    ("pii", {"entities": ["CREDIT_CARD", "PHONE_NUMBER", "IBAN_CODE"]}),
    ("pii", {"regions": ["GB", "US", "NL"]}),
    ("pii", {"context_words": ["call", "card", "phone"]}),
    ("length", {"min": 6, "max": 99}),
    ("json_schema", {"schema": {"type": "object", "required": ["a", "b"]}}),
    ("json_schema", {"schema": {"type": "object", "required": ["a"], "title": "A"}}),
    ("language", {"allowed": ["en"]}),
    ("language", {"min_chars": 30}),
    ("hidden_text", {"classes": ["control", "bidi", "tag_chars"]}),
    ("tool_call", {"tools": ["pay", "refund*", "bill"]}),
    (
        "any_of",
        {"checks": [check("regex"), check("secret"), check("hidden_text")]},
    ),
    (
        "any_of",
        {
            "checks": [
                check("regex", pattern="AKIA[0-9A-Z]{16}|a"),
                {"type": "hidden_text"},
            ]
        },
    ),
    ("all_of", {"checks": [check("regex"), check("regex")]}),
]


@pytest.mark.parametrize(("kind", "change"), TIGHTER, ids=str)
def test_a_check_that_finds_at_least_as_much_is_no_weakening(
    kind: str, change: Value
) -> None:
    before, after = rule(strict(kind)), rule(strict(kind))
    after["check"] = {
        part: value
        for part, value in {**after["check"], **change}.items()
        if value != []
    }

    assert told_of(before, after) == []


def test_context_words_that_hold_no_word_ask_for_nothing() -> None:
    """An engine that ignores them would start to look at the context."""
    signs = check("pii", context_words=["!!"])
    words = check("pii", context_words=["!!", "mail"])

    assert open_rule(rule(signs)).run(shown_text("me@acme.example")).triggered
    assert not open_rule(rule(words)).run(shown_text("me@acme.example")).triggered
    assert list(losses(signs, words, redacts=False)) == [
        'it counts what it finds only near "mail"'
    ]


def test_a_check_that_becomes_one_of_several_is_no_weakening() -> None:
    one = check("regex")

    assert (
        told_of(rule(one), rule(check("any_of", checks=[one, check("secret")]))) == []
    )
    assert (
        told_of(rule(check("all_of", checks=[one, check("secret")])), rule(one)) == []
    )
    assert told_of(rule(one), rule(check("all_of", checks=[one, check("secret")])))
    assert told_of(rule(check("any_of", checks=[one, check("secret")])), rule(one))


def test_where_something_is_redacted_an_alternative_may_leave_a_part_readable() -> None:
    before, after = check("regex", pattern="[0-9]{16}"), check("regex")
    after["pattern"] = "[0-9]{16}|card [0-9]"

    assert list(losses(before, after, redacts=False)) == []
    assert "may find less" in next(losses(before, after, redacts=True))


def test_an_alternative_that_is_too_large_for_long_texts_may_let_them_pass() -> None:
    before, after = check("regex"), check("regex")
    after["pattern"] += "|\\pL{20}"

    assert list(losses(before, after, redacts=False))


@pytest.mark.parametrize("pattern", ["\\Qa", "(a", "a|", "["])
def test_more_behind_a_stroke_counts_only_if_it_stays_beside(pattern: str) -> None:
    before: Value = {"type": "regex", "pattern": pattern}
    after: Value = {"type": "regex", "pattern": f"{pattern}|b)"}

    assert list(losses(before, after, redacts=False))


def test_a_longer_term_that_swallows_what_has_to_be_near_is_told() -> None:
    near: Value = {"terms": ["now"], "within": 1}
    before = check("keyword", terms=["refund"], near=near)
    after = check("keyword", terms=["refund", "refund now"], near=near)

    assert open_rule(rule(before)).run(shown_text("refund now")).triggered
    assert not open_rule(rule(after)).run(shown_text("refund now")).triggered
    assert "may reach over" in next(losses(before, after, redacts=False))


def shown_text(text: str) -> Subject:
    return subject_of("output", text, None, None)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            {"stage": ["input", "output"]},
            {"stage": ["output", "retrieval"]},
            "it no longer looks at the stage input",
        ),
        (
            {"action": "block"},
            {"action": "escalate"},
            "what it finds goes to a person (escalate), and was held back",
        ),
        (
            {"action": "escalate"},
            {"action": "redact"},
            "what it finds is taken out (redact), and went to a person",
        ),
        (
            {"action": "redact"},
            {"action": "flag"},
            "what it finds is only noted (flag), and was taken out",
        ),
        ({}, {"on_error": "allow"}, "it lets pass what it cannot check"),
        ({"on_error": "block"}, {"on_error": "allow"}, "it lets pass what it cannot"),
        (
            {"severity": "high"},
            {"severity": "medium"},
            "its severity is medium, it was",
        ),
    ],
)
def test_a_rule_that_does_less_is_told(
    before: Value, after: Value, sentence: str
) -> None:
    one, other = (rule(check("regex"), **each) for each in (before, after))

    (found,) = told(
        document(one, cases=shown("output")), document(other, cases=shown("output"))
    )

    assert found.rule == "the-rule"
    assert found.sentence.startswith(sentence)
    assert (
        told(
            document(other, cases=shown("output")), document(one, cases=shown("output"))
        )
        == ()
        or "stage" in sentence
    )


def shown(stage: str) -> list[Json]:
    case: Value = {"rule": "the-rule", "stage": stage}
    return [
        {**case, "text": "AKIAABCDEFGHIJKLMNOP", "expect": "trigger"},
        {**case, "text": "AKIA", "expect": "pass"},
    ]


def test_a_stage_that_comes_back_without_its_rule_is_still_gone() -> None:
    before = rule(check("regex"), stage=["output"])
    after = rule(check("regex"), stage=["input"])

    (found,) = told(document(before), document(after))

    assert found.sentence == "it no longer looks at the stage output"


def test_what_people_are_told_is_no_protection() -> None:
    before = rule(check("regex"), title="Old")
    after = rule(check("regex"), title="New", message="Another one.")

    assert told(document(before), document(after, version="1.0.1")) == ()


REDACTS: Value = {"action": "redact"}


def test_another_replacement_may_tell_what_it_hid() -> None:
    before = rule(check("regex"), **REDACTS, redact={"replacement": "[x]"})
    after = rule(check("regex"), **REDACTS, redact={"replacement": "secret"})

    assert told_of(before, after) == [
        'it puts "secret" in the place of what it redacts, and put "[x]" there'
    ]
    assert told_of(after, before)
    assert told_of(rule(check("regex"), **REDACTS), before)
    assert told_of(before, rule(check("regex"), **REDACTS))


def test_long_replacements_are_told_where_they_differ() -> None:
    before, after = (
        rule(check("regex"), **REDACTS, redact={"replacement": f"{'-' * 100}{end}"})
        for end in "ab"
    )

    (sentence,) = told_of(before, after)

    assert '-b" in the place' in sentence
    assert '-a" there' in sentence


def test_a_replacement_counts_only_where_something_is_redacted_now_and_before() -> None:
    before = rule(check("regex"), **REDACTS, redact={"replacement": "[x]"})
    default = rule(check("regex"), **REDACTS)

    assert told_of(before, rule(check("regex"))) == []
    assert told_of(default, {**default, "redact": {"replacement": "[{id}]"}}) == []


def test_a_redaction_under_another_id_is_the_same_if_it_puts_the_same_there() -> None:
    before = rule(check("regex"), id="a", **REDACTS)
    same = {**before, "id": "b"}

    assert told_of(before, same) == []
    assert told_of(before, {**same, "redact": {"replacement": "[{id}]"}}) == []
    assert told_of(before, {**same, "redact": {"replacement": "x"}}) == [
        "it is removed"
    ]


def test_many_rules_under_other_ids_are_found_in_no_time() -> None:
    rules = [
        rule(check("regex", pattern=f"a{number}"), id=f"a{number}", stage=["output"])
        for number in range(600)
    ]
    before = document(*rules, cases=several(rules))
    renamed = [{**each, "id": each["id"].replace("a", "b")} for each in rules]
    after = document(*renamed, cases=several(renamed))

    start = time.process_time()

    assert told(before, after) == ()
    assert time.process_time() - start < 0.5


def several(rules: list[Value]) -> list[Json]:
    """The first one's cases, which is enough for the form."""
    return [{**each, "rule": rules[0]["id"]} for each in shown("output")]


def test_a_rule_that_is_removed_is_told_and_its_cases_are_not() -> None:
    both = document(rule(check("regex"), id="a"), rule(check("pii"), id="b"))

    assert told(both, document(rule(check("pii"), id="b"))) == (
        Weakening(rule="a", sentence="it is removed"),
    )


def test_a_rule_under_another_id_is_the_same_rule() -> None:
    before = document(rule(check("regex"), id="a"))
    after = document(rule(check("regex"), id="b"))

    assert told(before, after) == ()


def test_a_rule_under_another_id_that_finds_less_is_gone() -> None:
    before = document(rule(check("keyword", terms=["a", "b"]), id="a"))
    after = document(rule(check("keyword", terms=["a"]), id="b"))

    assert told(before, after) == (Weakening(rule="a", sentence="it is removed"),)


def test_a_deleted_guardrail_is_told() -> None:
    (found,) = told(document(rule(check("regex"))), None)

    assert found == Weakening(rule=None, sentence="the guardrail is deleted")


# cases


def case(text: str, expect: str, **more: Json) -> Value:
    return {
        "rule": "the-rule", "stage": "output", "text": text, "expect": expect, **more,
    }  # fmt: skip


def test_a_case_that_triggers_and_is_dropped_is_told() -> None:
    cases = [case("a", "trigger"), case("aa", "trigger"), case("b", "pass")]
    one = rule(check("regex", pattern="a"))

    (found,) = told(document(one, cases=cases), document(one, cases=cases[1:]))

    assert found.sentence == 'its case that triggers on "a" is gone'


def test_a_case_that_is_gone_protects_nobody_where_evidence_does_not_count() -> None:
    cases = [case("a", "trigger"), case("aa", "trigger"), case("b", "pass")]
    one = rule(check("regex", pattern="a"))

    assert told_of_protection(
        document(one, cases=cases), document(one, cases=cases[1:])
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"action": "flag"},
            "what it finds is only noted (flag), and was held back (block)",
        ),
        ({"on_error": "allow"}, "it lets pass what it cannot check, and blocked that"),
        ({"stage": ["input"]}, "it no longer looks at the stage output"),
        ({"check": check("regex", pattern="b|aa")}, 'it no longer triggers on "a"'),
    ],
)
def test_what_is_done_less_about_a_case_that_is_gone_is_told_all_the_same(
    change: Value, sentence: str
) -> None:
    cases = [case("a", "trigger"), case("aa", "trigger"), case("x", "pass")]
    one = rule(check("regex", pattern="a"))
    stage = change.get("stage", ["output"])[0]
    kept = [{**each, "stage": stage} for each in cases[1:]]

    found = told_of_protection(
        document(one, cases=cases), document({**one, **change}, cases=kept)
    )

    assert found[-1] == sentence


def test_a_case_of_an_engine_that_is_elsewhere_counts_with_its_rule() -> None:
    cases = [case("a", "trigger"), case("aa", "trigger"), case("b", "pass")]
    before = document(rule(check("external")), cases=cases)
    other = document(rule(check("external", engine="other")), cases=cases[1:])

    assert told_of_protection(before, document(rule(check("external")))) == []
    assert len(told_of_protection(before, other)) == 1


def told_of_protection(before: Document, after: Document) -> list[str]:
    found = weakened(before, after, was=nothing_else, will=nothing_else, by_cases=False)
    return [each.sentence for each in found]


def test_a_case_that_triggered_and_has_to_pass_now_is_told() -> None:
    cases = [case("a", "trigger"), case("aa", "trigger"), case("b", "pass")]
    one = rule(check("regex", pattern="a"))
    turned = [case("a", "pass"), *cases[1:]]

    assert told(document(one, cases=cases), document(one, cases=turned))


def test_a_case_that_passes_can_be_dropped() -> None:
    cases = [case("a", "trigger"), case("b", "pass"), case("c", "pass")]
    one = rule(check("regex", pattern="a"))

    assert told(document(one, cases=cases), document(one, cases=cases[:2])) == ()


def test_an_old_case_that_no_longer_triggers_is_quoted() -> None:
    before = rule(check("regex", pattern="refund|gratis"))
    after = rule(check("regex", pattern="refund"))
    cases = [case("gratis!", "trigger"), case("refund", "trigger"), case("x", "pass")]

    found = told(document(before, cases=cases), document(after, cases=cases))

    assert [each.sentence for each in found] == [
        'its pattern was "refund|gratis" and is "refund": it may find less',
        'it no longer triggers on "gratis!"',
    ]


def test_a_long_pattern_that_changed_is_shown_where_it_differs() -> None:
    start = r"(?i)\byou(?:'re| are) (?:entitled to|going to get|promised) (?:a|the) "
    old, new = (
        rf"{start}{word} refund of the whole fare\b" for word in ("full", "big")
    )

    (sentence,) = told_of(
        rule(check("regex", pattern=old)), rule(check("regex", pattern=new))
    )

    assert sentence == (
        'its pattern was "...) (?:a|the) full refund of t..." '
        'and is "...) (?:a|the) big refund of t...": it may find less'
    )


@given(st.text("ab", max_size=150), st.text("ab", max_size=150))
def test_two_patterns_are_never_shown_alike(old: str, new: str) -> None:
    assume(old != new)

    shown = difference(old, new)

    assert shown[0] != shown[1]
    assert all(len(each) <= 60 for each in shown)


def test_a_pattern_narrowed_to_its_own_cases_is_told_all_the_same() -> None:
    cases = [case("AKIAABCDEFGHIJKLMNOP", "trigger"), case("x", "pass")]
    before = rule(check("regex"))
    after = rule(check("regex", pattern="AKIAABCDEFGHIJKLMNOP"))

    (found,) = told(document(before, cases=cases), document(after, cases=cases))

    assert found.sentence.endswith("it may find less")


def test_what_was_redacted_and_stays_readable_is_quoted() -> None:
    cases = [case("card 4111 1111", "trigger"), case("x", "pass")]
    before = rule(check("regex", pattern="[0-9 ]+"), action="redact")
    after = rule(check("regex", pattern="[0-9]{4}"), action="redact")

    found = told(document(before, cases=cases), document(after, cases=cases))

    assert found[-1].sentence == 'it leaves " " readable'


def test_the_call_of_a_case_is_quoted() -> None:
    call: Value = {"name": "refund", "arguments": {"amount": 900}}
    shows: Value = {"rule": "the-rule", "stage": "tool_call", "tool_call": call}
    cases: list[Json] = [
        {**shows, "expect": "trigger"},
        {**shows, "tool_call": {**call, "name": "find"}, "expect": "pass"},
    ]
    before = rule(check("tool_call", tools=["refund", "pay"]))
    after = rule(check("tool_call", tools=["pay"]))

    found = told(document(before, cases=cases), document(after, cases=cases))

    quoted = json.dumps('refund {"amount": 900}')
    assert found[-1].sentence == f"it no longer triggers on the call {quoted}"


def test_cases_of_an_engine_that_is_elsewhere_are_not_tried() -> None:
    before = rule(check("external"))
    after = rule(check("external", engine="other"))

    (found,) = told(document(before), document(after))

    assert found.sentence == "its engine was presidio and is other: it may find less"


# bots


def bot(guardrails: Value) -> Document:
    return parse(
        dump(
            {
                "kind": "bot",
                "name": "support",
                "version": "3.0.0",
                "owner": "product",
                "description": "A bot.",
                "review_by": "2027-05-01",
                "purpose": "Helping.",
                "audience": "Travellers.",
                "deputy": "operator",
                "on_call": "operator",
                "disclosure": "You are talking to a machine.",
                "fallback": "Please call us.",
                "prompts": {"a": "refunds"},
                "guardrails": guardrails,
            }
        )
    )


def told_of_bots(
    before: Document, after: Document | None, *documents: Document
) -> list[tuple[str | None, str]]:
    known = {each.ref: each for each in documents}

    def get(ref: Ref) -> Document:
        return known[ref] if ref in known else nothing_else(ref)

    found = weakened(before, after, was=get, will=get)
    return [(each.rule, each.sentence) for each in found]


def test_a_bot_that_no_longer_uses_a_guardrail_is_told() -> None:
    assert told_of_bots(bot({"a": "one", "b": "two"}), bot({"b": "two"})) == [
        (None, "bots/support no longer uses guardrails/one")
    ]


def test_a_guardrail_in_another_range_is_the_same() -> None:
    ranged: Value = {"name": "one", "range": "^1"}

    assert told_of_bots(bot({"a": "one"}), bot({"a": ranged})) == []
    assert told_of_bots(bot({"a": ranged}), bot({"a": "one"})) == []


def test_a_role_that_is_gone_is_told_though_its_guardrail_has_another() -> None:
    before = bot({"a": "one", "b": "one"})

    assert told_of_bots(before, bot({"b": "one"})) == [
        (None, "bots/support no longer uses guardrails/one in the role a")
    ]
    assert len(told_of_bots(before, bot({"c": "one"}))) == 2


def test_a_strict_guardrail_that_is_parked_in_another_role_is_told() -> None:
    cases = [case("a", "trigger"), case("x", "pass")]
    one, two = (rule(check("keyword", terms=each)) for each in (["a"], ["a", "b"]))
    weak = document(one, cases=cases, name="weak")
    strict = document(two, cases=cases, name="strict")
    before = bot({"input": "strict", "output": "strict"})
    after = bot({"input": "weak", "output": "weak", "audit": "strict"})

    found = told_of_bots(before, after, weak, strict)

    assert [sentence.partition(",")[0] for _, sentence in found] == [
        "in the role input",
        "in the role output",
    ]
    swapped = bot({"input": "weak", "output": "strict"})
    assert told_of_bots(
        swapped, bot({"input": "strict", "output": "weak"}), weak, strict
    )


def test_a_guardrail_in_the_place_of_another_is_compared_with_it() -> None:
    cases = [case("a", "trigger"), case("x", "pass")]
    one, two = (rule(check("keyword", terms=each)) for each in (["a"], ["a", "b"]))
    weak = document(one, cases=cases, name="weak")
    strong = document(two, cases=cases, name="strong")

    assert told_of_bots(bot({"a": "weak"}), bot({"a": "strong"}), weak, strong) == []
    found = told_of_bots(bot({"a": "strong"}), bot({"a": "weak"}), weak, strong)
    assert found[0] == (
        "the-rule",
        "in the role a, guardrails/weak takes the place of guardrails/strong: "
        'it no longer looks for "b"',
    )


def test_a_guardrail_that_cannot_be_compared_may_be_weaker() -> None:
    ((_, sentence),) = told_of_bots(bot({"a": "one"}), bot({"a": "two"}))

    assert sentence.endswith("it may be weaker")


def test_a_bot_that_is_deleted_or_adds_a_guardrail_is_not_weaker() -> None:
    assert told_of_bots(bot({"a": "one"}), None) == []
    assert told_of_bots(bot({"a": "one"}), bot({"a": "one", "b": "two"})) == []


# whatever the guardrail

ACTIONS = st.sampled_from(["block", "escalate", "flag"])


@st.composite
def guardrails(draw: st.DrawFn) -> list[Value]:
    """Rules of any types, in any order."""
    kinds = draw(st.lists(st.sampled_from(list(CHECKS)), min_size=1, max_size=4))
    return [
        rule(
            draw(st.sampled_from([check(kind), strict(kind)])),
            id=f"rule-{number}",
            action=draw(ACTIONS),
            severity=draw(st.sampled_from(["medium", "high", "critical"])),
        )
        for number, kind in enumerate(kinds)
    ]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(guardrails(), st.randoms(use_true_random=False))
def test_a_guardrail_is_never_weaker_than_itself_or_with_more(rules, random) -> None:
    before = document(*rules[1:] or rules)
    random.shuffle(rules)

    assert told(before, before) == ()
    assert told(before, document(*rules)) == ()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(guardrails(), st.data())
def test_whatever_is_taken_away_from_a_rule_is_told_of_that_rule(rules, data) -> None:
    at = data.draw(st.integers(0, len(rules) - 1))
    victim = rules[at]
    weaker = data.draw(st.sampled_from(list(taken_away(victim))))
    after = [*rules[:at], *weaker, *rules[at + 1 :]] or [
        rule(check("regex", pattern="another"), id="other")
    ]

    found = told(document(*rules), document(*after))

    assert found
    assert {each.rule for each in found} == {victim["id"]}


def taken_away(victim: Value) -> Iterator[list[Value]]:
    """The rule with less of it, and without it."""
    yield []
    yield [{**victim, "severity": "low"}]
    yield [{**victim, "on_error": "allow"}]
    if victim["action"] != "flag":
        yield [{**victim, "action": "flag"}]
    kind = victim["check"]["type"]
    for other, change in LOOSER:
        if other == kind and victim["check"] == strict(kind):
            yield [{**victim, "check": strict(kind, **change)}]


WORDS = ("no", "refund", "Refund", "refunds", "sure", "always", "a", "é", "\u202e")
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
few_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True)


@st.composite
def keywords(draw: st.DrawFn) -> Value:
    found: Value = {"type": "keyword", "terms": draw(few_words)}
    optional = {
        "match": st.sampled_from(["word", "substring"]),
        "case_sensitive": st.booleans(),
        "unless": few_words | st.sampled_from([["no refund"], ["No Refund", "a"]]),
        "near": st.fixed_dictionaries(
            {"terms": few_words, "within": st.integers(1, 3)}
        ),
    }
    return found | draw(st.fixed_dictionaries({}, optional=optional))


@st.composite
def simple_checks(draw: st.DrawFn) -> Value:
    return draw(
        keywords()
        | st.fixed_dictionaries(
            {
                "type": st.just("length"),
                "unit": st.sampled_from(["chars", "words"]),
                "min": st.integers(0, 5),
                "max": st.integers(5, 20),
            }
        )
        | st.fixed_dictionaries(
            {
                "type": st.just("regex"),
                "pattern": st.sampled_from(["refund", "refund|a", "é", "refund|é"]),
                "case_sensitive": st.booleans(),
            }
        )
        | st.fixed_dictionaries(
            {"type": st.just("hidden_text")},
            optional={"classes": st.sampled_from([["bidi"], ["control"]])},
        )
    )


groups = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["any_of", "all_of"]),
        "checks": st.lists(simple_checks(), min_size=2, max_size=3),
    }
)
any_check = simple_checks() | groups


OPTIONAL = ("match", "case_sensitive", "unless", "near", "classes", "min")


@st.composite
def edits(draw: st.DrawFn) -> tuple[Value, Value]:
    """A check, and what an edit of one part makes of it."""
    before = draw(any_check)
    after = json.loads(json.dumps(before))
    place, like = after, draw(any_check.filter(lambda c: c["type"] == after["type"]))
    if "checks" in after and draw(st.booleans()):
        place = draw(st.sampled_from(after["checks"]))
        like = draw(simple_checks())
    parts = [part for part in like if part != "type"]
    if place["type"] != like["type"] or not parts:
        return before, like
    part = draw(st.sampled_from(parts))
    old, new = place.get(part), like[part]
    if part in place and part in OPTIONAL and draw(st.booleans()):
        del place[part]
    elif isinstance(old, list):
        place[part] = old + [each for each in new if each not in old]
    else:
        place[part] = new
    return before, after


@pytest.mark.slow
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],  # many edits are told
)
@given(edits(), st.booleans(), st.data())
def test_where_nothing_is_told_nothing_slips_through(pair, redacts, data) -> None:
    before, after = pair
    assume(not list(losses(before, after, redacts=redacts)))
    samples = data.draw(st.lists(texts, min_size=5, max_size=20))

    opened = [open_rule(rule(each)) for each in pair]
    for text in samples:
        was, now = (one.run(subject_of("output", text, None, None)) for one in opened)

        assert was.error is now.error is None
        assert now.triggered or not was.triggered
        if redacts:
            covered = {at for span in now.spans for at in range(*span)}
            assert {at for span in was.spans for at in range(*span)} <= covered


CONTEXT = ("card", "my card", "card is", "is", "IS", "é", "my  card", "!", "card.is")
contexts = st.lists(st.sampled_from(CONTEXT), min_size=1, max_size=4, unique=True)
CARD = "4111 1111 1111 1111"
around = st.lists(
    st.sampled_from([*CONTEXT, "card is my card", "x" * 28, "x" * 50, "-", "mycard"]),
    max_size=4,
).map(" ".join)


@pytest.mark.slow
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)
@given(contexts, contexts, st.lists(st.tuples(around, around), min_size=5, max_size=15))
def test_where_no_context_word_is_told_nothing_slips_through(was, more, texts) -> None:
    found: Value = {"entities": ["CREDIT_CARD", "US_SSN"]}
    before, after = (
        check("pii", **found, context_words=words)
        for words in (was, [*was, *(word for word in more if word not in was)])
    )
    assume(not list(losses(before, after, redacts=True)))

    opened = [open_rule(rule(each)) for each in (before, after)]
    for left, right in texts:
        text = f"{left} {CARD} {right} 219-09-9999 {left}"
        old, new = (set(one.run(shown_text(text)).spans) for one in opened)

        assert old <= new
