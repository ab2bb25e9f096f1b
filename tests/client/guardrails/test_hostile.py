"""Hostile rules and hostile texts: an answer, in bounded time and memory."""

import json
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placet.guardrails import Action, open_guardrail
from tests.client.guardrails.ruling import body, found, guardrail, keyword, regex, rule

LONGEST = 262_144
EVERYTHING = body(
    rule(regex(r"(?i)[a-z]+\d"), "redact", id="regex"),
    rule(keyword("cat", "é", unless=["a cat"]), "redact", id="keyword"),
    rule(keyword("a", near={"terms": ["b"], "within": 1}), "flag", id="near"),
    rule({"type": "length", "unit": "bytes", "max": 50}, "flag", id="length"),
    rule({"type": "json_schema", "schema": {"pattern": "^a"}}, "flag", id="json"),
    rule({"type": "hidden_text"}, "redact", id="hidden"),
    rule({"type": "secret", "detectors": ["aws_access_key"]}, "redact", id="secret"),
    rule({"type": "pii", "entities": ["EMAIL_ADDRESS"]}, "redact", id="pii"),
    rule({"type": "url_allowlist", "domains": ["a.example"]}, "redact", id="url"),
)
EVERY = open_guardrail(EVERYTHING)

characters = st.characters() | st.sampled_from("\0\ud800\udfff\ufeff\U0010ffff\u202e")
arguments = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(characters),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(characters), inner),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.text(characters))
def test_no_text_is_too_odd_to_be_checked(text):
    outcome = EVERY.check("output", text)

    assert [hit.error for hit in outcome.findings if hit.error] == []
    for hit in outcome.findings:
        assert hit.span is None or 0 <= hit.span[0] < hit.span[1] <= len(text)
    if outcome.action in {Action.ALLOW, Action.FLAG}:
        assert outcome.text == text


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.text(characters), st.dictionaries(st.text(characters), arguments))
def test_no_call_is_too_odd_to_be_checked(name, given):
    check = {"type": "tool_call", "tools": ["a*"], "decision": "deny", "args": {}}
    args = {"a.*.0": "x", "*": ".*"}
    rules = guardrail(rule({**check, "args": args}, stage="tool_call"))

    outcome = rules.check("tool_call", tool_call={"name": name, "arguments": given})

    assert [hit.error for hit in outcome.findings if hit.error] == []


@pytest.mark.parametrize("size", [2_000, pytest.param(LONGEST, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a+)+$",
        r"(a|aa)+$",
        r"(?:a?){1000}b",
        r"(.*)*x",
        r"a(.*b)?",
        r"[ab]*a[ab]{900}c",
        "[ab]{900}" * 9 + "c",
        r"\pL{90}\d",
        r"((a{0,30}){0,30})x",
    ],
)
def test_no_pattern_keeps_a_chatbot_busy(pattern, size):
    """With Python's patterns, most of these would not end in a lifetime."""
    chance = random.Random(size)  # noqa: S311
    text = "".join(chance.choices("ab", k=size // 2)) + "a" * (size // 2)

    outcome = guardrail(rule(regex(pattern), "redact")).check("output", text)

    errors = [hit.error for hit in outcome.findings if hit.error]
    assert all("too large" in error for error in errors)
    assert outcome.text == text or outcome.action == "redact"


def test_no_list_keeps_a_chatbot_busy():
    """jsonschema compares each item with each, where they cannot be sorted."""
    check = {"type": "json_schema", "schema": {"uniqueItems": True}}
    text = json.dumps([pair for n in range(4_000) for pair in (n, f"{n}")])

    assert guardrail(rule(check)).check("output", text).action == "allow"


def test_a_pattern_too_large_for_a_text_is_an_error_known_beforehand():
    rules = guardrail(rule(regex("[ab]{900}" * 50 + "c")))

    short = rules.check("output", "ab" * 1_000)
    long = rules.check("output", "ab" * 100_000)

    assert short.action == "allow"
    assert "too large" in long.findings[0].error


def test_of_very_many_matches_nothing_is_left_unredacted():
    text = "secret 1 " * 20_000

    outcome = guardrail(rule(regex("[0-9]"), "redact")).check("output", text)

    assert not any(char.isdigit() for char in outcome.text)
    assert len(outcome.findings) <= 1_001


@pytest.mark.parametrize(
    "more", [{}, {"unless": ["a fee"]}, {"near": {"terms": ["x"], "within": 3}}]
)
def test_a_text_full_of_terms_triggers_whatever_its_exceptions(more):
    outcome = guardrail(rule(keyword("fee", **more), "redact", on_error="allow")).check(
        "output", "a fee " * 12_000
    )

    assert (outcome.action, outcome.text) == ("redact", "[it]")


def test_there_are_never_more_findings_than_can_be_read():
    rules = [rule(regex("a"), "flag", id=f"r{n}") for n in range(50)]

    outcome = guardrail(*rules).check("output", "a" * 1_500)

    assert len(outcome.findings) <= 1_000
    assert {hit.rule for hit in outcome.findings} == {f"r{n}" for n in range(50)}


@pytest.mark.slow
def test_memory_is_bounded():
    rules = guardrail(
        *(rule(regex(f"[{'ab' * n}]"), "redact", id=f"r{n}") for n in range(1, 200))
    )
    text = "ab" * (LONGEST // 2)

    tracemalloc.start()
    rules.check("output", text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 200 * 2**20


def test_half_a_surrogate_pair_moves_nothing():
    assert found(keyword("cat"), "\ud83d cat\udc00") == ["cat"]
