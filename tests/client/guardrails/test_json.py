"""Answers that have to be JSON, and as a schema says."""

import json
import socket
import time

import pytest

import placet
from placet.guardrails.rules import open_rule
from tests.client.guardrails.ruling import guardrail, rule, run

REFUND = {
    "type": "object",
    "required": ["amount"],
    "properties": {"amount": {"type": "integer", "maximum": 100}},
    "additionalProperties": False,
}


def check(schema=REFUND, **more):
    return {"type": "json_schema", "schema": schema, **more}


@pytest.mark.parametrize(
    ("text", "triggers"),
    [
        ('{"amount": 90}', False),
        ('{"amount": 900}', True),
        ('{"amount": "90"}', True),
        ('{"amount": 90, "to": "me"}', True),
        ("{}", True),
        ("Here you are: {}", True),
        ("", True),
        ('{"amount": NaN}', True),
        ('{"amount": 900, "amount": 90}', True),
        ('{"amount": ' + "9" * 5_000 + "}", True),
    ],
)
def test_what_does_not_conform_triggers(text, triggers):
    result = run(check(), text)

    assert (result.triggered, result.error) == (triggers, None)


@pytest.mark.parametrize(
    ("text", "triggers"),
    [
        ('Sure!\n```json\n{"amount": 90}\n```\nBye.', False),
        ('```\n{"amount": 900}\n```', True),
        ('~~~~\n{"amount": 90}\n~~~~', False),
        ('```json\n{"amount": 90}', False),
        ('````\n{"amount": 90}\n````\n```\n{"amount": 900}\n```', False),
        ('{"amount": 90}', True),
    ],
)
def test_a_fenced_block_can_be_what_has_to_conform(text, triggers):
    result = run(check(extract="fenced_block"), text)

    assert (result.triggered, result.error) == (triggers, None)


def test_the_arguments_of_a_call_are_what_has_to_conform():
    called = {"name": "refund", "arguments": {"amount": 90}}
    too_much = {"name": "refund", "arguments": {"amount": 900}}

    assert not run(check(), stage="tool_call", tool_call=called).triggered
    assert run(check(), stage="tool_call", tool_call=too_much).triggered


@pytest.mark.parametrize(
    ("schema", "fits", "misfits"),
    [
        ({"pattern": "^a+$"}, '"aaa"', '"ab"'),
        ({"pattern": r"^\d$"}, '"1"', '"\\u0661"'),
        ({"patternProperties": {"^x": {"type": "null"}}}, '{"xa": null}', '{"xa": 1}'),
        (
            {"patternProperties": {"^x": True}, "additionalProperties": False},
            '{"xa": null}',
            '{"a": 1}',
        ),
        ({"additionalProperties": {"type": "null"}}, '{"a": null}', '{"a": 1}'),
        ({"uniqueItems": True}, "[1, true, 2]", "[1, 1.0]"),
        ({"uniqueItems": True}, '[{"a": 1}, {"a": true}]', '[{"a": [1]}, {"a": [1]}]'),
        ({"$ref": "#/$defs/n", "$defs": {"n": {"type": "null"}}}, "null", "1"),
        ({"not": {"const": 1}}, "true", "1"),
    ],
)
def test_keywords_mean_what_json_schema_says(schema, fits, misfits):
    assert not run(check(schema), fits).triggered
    assert run(check(schema), misfits).triggered


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "(?=a)"},
        {"patternProperties": {"(a)\\1": True}},
        {"properties": {"a": {"not": {"pattern": "("}}}},
        {"type": "text"},
        {"required": "a"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
        {"$ref": "https://example.invalid/schema"},
        {"$ref": "#/properties/a", "properties": {"a": True}},
        {"allOf": [{"title": "x"}] * 3_000},
        {"items": {"$dynamicRef": "#a"}},
        {"unevaluatedProperties": False},
        {"$schema": "http://json-schema.org/draft-07/schema#"},
        {"typ": "object"},
    ],
)
def test_a_schema_that_could_do_harm_or_nothing_is_refused(schema):
    with pytest.raises((placet.BadAnswer, placet.Unsupported)):
        open_rule(rule(check(schema)))


def test_nothing_is_ever_fetched():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/s.json"
        with pytest.raises(placet.BadAnswer):
            open_rule(rule(check({"$ref": address})))

        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    ("begin", "times", "end"),
    [
        ("[", 70, "]" * 70),
        ("[", 100_000, ""),
        ('{"a":', 50_000, ""),
        ("1,", 60_000, ""),
    ],
)
def test_json_that_is_too_deep_or_too_much_is_no_crash(begin, times, end):
    result = run(check({"type": "array"}), "[" + begin * times + end + "1]")

    assert result.error is not None or result.triggered


def test_what_would_take_too_long_is_an_error():
    nested = {"anyOf": [{"items": {"pattern": "^(a|b)*a(a|b){90}$"}}] * 100}

    result = run(check(nested), '["' + "ab" * 100_000 + '"]')

    assert "too long" in result.error


ONES = "[" + "1," * 400 + "1]"
SLOW = [
    ({"anyOf": [{"items": {"not": {"type": "integer"}, "minimum": 9}}] * 100}, ONES),
    ({"items": {"oneOf": [{"minimum": 9}] * 100}}, ONES),
    ({"items": {"not": {"required": ["x" * 100_000]}}}, "[" + "{}," * 20_000 + "{}]"),
    (
        {"uniqueItems": True},
        "[" + ",".join(str(n * (2**61 - 1)) for n in range(11_000)) + "]",
    ),
]


@pytest.mark.parametrize(("schema", "text"), SLOW, ids=range(len(SLOW)))
def test_one_text_is_checked_or_refused_before_long(schema, text):
    slow = guardrail(*(rule(check(schema), id=f"r{n}") for n in range(10)))
    began = time.process_time()

    slow.check("output", text)

    assert time.process_time() - began < 0.6


def test_rules_share_what_may_be_done_for_one_text():
    schema = {"items": {"oneOf": [{"minimum": n} for n in range(12)]}}
    several = guardrail(*(rule(check(schema), id=f"r{n}") for n in range(20)))

    first, *_, last = several.check("output", ONES).findings

    assert first.error is None
    assert "with all schemas" in last.error


def test_an_everyday_answer_is_far_from_the_limit():
    fields = {f"field{n}": {"type": "string", "maxLength": 200} for n in range(20)}
    offer = {"type": "object", "properties": fields, "required": list(fields)}
    text = json.dumps([dict.fromkeys(fields, "words")] * 50)

    assert run(check({"type": "array", "items": offer}), text).error is None


def test_a_line_of_tildes_is_looked_at_once():
    began = time.process_time()

    assert run(check(extract="fenced_block"), "~" * 200_000).triggered
    assert time.process_time() - began < 1
