"""The steps at the top of `registry/documents.py`, and each rule of the kinds."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.documents import Tier, Use, dump, parse, stricter
from registry.errors import Invalid, InvalidDocument, TooLarge
from registry.mistakes import Finding
from registry.names import digest_of
from registry.values import Json

PROMPT: dict[str, Json] = {
    "kind": "prompt",
    "name": "acme-air/refunds",
    "version": "1.0.0",
    "owner": "product",
    "description": "Answers questions about refunds.",
    "template": "simple",
    "inputs": {
        "type": "object",
        "properties": {
            "question": {"type": "string", "maxLength": 2000},
            "language": {"type": "string", "default": "English"},
        },
        "required": ["question"],
        "additionalProperties": False,
    },
    "messages": [
        {"role": "system", "content": "Answer in {{ language }}.\n"},
        {"placeholder": "history"},
        {"role": "user", "content": "{{ question }}"},
    ],
}
FRAGMENT: dict[str, Json] = {
    "kind": "fragment",
    "name": "acme-air/tone",
    "version": "1.0.0",
    "owner": "product",
    "description": "How we sound.",
    "template": "none",
    "text": "Be kind.\n",
}


def prompt(**changes: Json) -> bytes:
    return dump({**PROMPT, **changes})


def inputs(**properties: Json) -> bytes:
    """A prompt that declares *properties*, all of them required."""
    declared: dict[str, Json] = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return prompt(inputs=declared, messages=[{"role": "user", "content": "Hello."}])


def findings(source: bytes) -> tuple[Finding, ...]:
    """What is wrong with *source*; something must be."""
    with pytest.raises(InvalidDocument) as refused:
        parse(source)
    return refused.value.findings


def told(source: bytes) -> str:
    return "\n".join(f"{each.where} {each}" for each in findings(source))


def test_a_document_says_what_its_text_says() -> None:
    source = prompt(tier="low")

    document = parse(source)

    assert document.ref == "prompts/acme-air/refunds"
    assert document.version == "1.0.0"
    assert document.owner == "product"
    assert document.tier is Tier.LOW
    assert document.value == {**PROMPT, "tier": "low"}
    assert document.source == source
    assert document.digest == digest_of(source)


@pytest.mark.parametrize("value", [PROMPT, FRAGMENT])
def test_every_kind_reads_back_as_it_was_dumped(value: dict[str, Json]) -> None:
    assert parse(dump(value)).value == value


def test_a_document_without_a_tier_counts_as_high() -> None:
    assert parse(prompt()).tier is Tier.HIGH


def test_the_stricter_tier_is_the_one_that_asks_for_more() -> None:
    assert stricter(Tier.LOW, Tier.MEDIUM) is Tier.MEDIUM
    assert stricter(Tier.HIGH, Tier.MEDIUM) is Tier.HIGH


def test_a_prompt_uses_what_it_includes_each_once_and_sorted() -> None:
    text = "{{> fragments/b }} {{> fragments/a }} {{> fragments/b }}"
    source = prompt(messages=[{"role": "system", "content": text}])

    uses = parse(source).uses

    assert uses == (
        Use(ref="fragments/a", role=None, range=None),
        Use(ref="fragments/b", role=None, range=None),
    )


def test_more_than_256_kib_are_too_large() -> None:
    with pytest.raises(TooLarge):
        parse(prompt(description="x") + b"#" * 2**18)


@pytest.mark.parametrize("kind", ["promt", "", 5, None, ["prompt"], {"a": 1}])
def test_an_unknown_kind_is_refused_with_the_kinds_there_are(kind: Json) -> None:
    listed = "prompt, guardrail, binding, glossary, fragment, bot"

    assert f"The kinds are {listed}." in told(dump({"kind": kind}))


@pytest.mark.parametrize("source", [b"- a\n", b"text\n", b"12\n", b"null\n"])
def test_what_is_no_mapping_is_no_document(source: bytes) -> None:
    assert "this is no document" in told(source)


def test_the_place_and_the_name_must_agree() -> None:
    with pytest.raises(InvalidDocument) as refused:
        parse(prompt(), expected="prompts/acme-air/other")

    assert refused.value.document == "prompts/acme-air/other"
    assert refused.value.findings[0].where == "/name"


def test_the_place_and_the_kind_must_agree() -> None:
    with pytest.raises(InvalidDocument) as refused:
        parse(prompt(), expected="fragments/acme-air/refunds")

    assert refused.value.findings[0].where == "/kind"


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_lines() -> None:
    source = b"""\
kind: prompt
name: Acme/Refunds
version: 1.10
owner: Bob Smith
descripton: x
tier: huge
review_by: 2027-05-01
labels: {team: 12}
template: simple
inputs:
  type: object
  properties: {a: {type: sting}, b: {type: string, minLenght: 3}}
  additionalProperties: false
messages:
  - role: sytem
    content: |
      Hello {{ a }}
      {{ 1a }}
      {{> fragments/Acme }}
  - role: user
  - placeholder: history
    role: user
  - content: no
cases:
  - {inputs: {}, expect: {}}
"""

    found = findings(source)

    assert [(finding.line, finding.where) for finding in found] == [
        (0, ""),
        (2, "/name"),
        (3, "/version"),
        (4, "/owner"),
        (5, "/descripton"),
        (6, "/tier"),
        (7, "/review_by"),
        (8, "/labels/team"),
        (12, "/inputs/properties/a/type"),
        (12, "/inputs/properties/b/minLenght"),
        (15, "/messages/0/role"),
        (18, "/messages/0/content"),
        (19, "/messages/0/content"),
        (20, "/messages/1"),
        (22, "/messages/2/role"),
        (23, "/messages/3/content"),
        (23, "/messages/3"),
        (25, "/cases/0/expect"),
    ]
    assert all(finding.hint for finding in found)


def test_a_number_where_text_belongs_is_told_to_be_put_in_quotes() -> None:
    source = prompt().replace(b'"1.0.0"', b"1.0.0").replace(b"1.0.0", b"1.10")

    (finding,) = findings(source)

    assert finding.line == 3
    assert 'Put quotes around it: "1.10.0".' in finding.hint


@pytest.mark.parametrize("typed", ["1", "1.0", "2.10"])
def test_a_version_is_right_when_it_is_written_as_the_hint_says(typed: str) -> None:
    (finding,) = findings(prompt().replace(b'"1.0.0"', typed.encode()))

    said = finding.hint.removeprefix("Put quotes around it: ").removesuffix(".")

    assert parse(prompt().replace(b'"1.0.0"', said.encode()))


def test_one_mistake_is_told_once() -> None:
    (finding,) = findings(prompt().replace(b'"1.0.0"', b"012"))

    assert finding.where == "/version"
    assert "Put quotes around it" in finding.hint


def test_a_misspelt_key_is_told_its_nearest() -> None:
    assert "Did you mean `labels`?" in told(prompt(lables={}))


def test_a_missing_key_is_told_with_what_belongs_there() -> None:
    source = dump({key: value for key, value in PROMPT.items() if key != "owner"})

    assert "`owner` is missing (Who answers for this document" in told(source)


def test_every_missing_key_is_told() -> None:
    missing = {"name", "version", "owner", "description", "template", "messages"}

    said = told(b"kind: prompt\n")

    assert all(f"`{key}` is missing" in said for key in missing)


def test_no_more_than_fifty_findings_are_told_one_by_one() -> None:
    source = prompt(**{f"unknown-{number}": 1 for number in range(200)})

    found = findings(source)

    assert len(found) == 51
    assert found[-1].message == "there are more findings"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("name", "Acme"),
        ("name", "a//b"),
        ("name", "a/head"),
        ("name", "a.yaml"),
        ("name", "a/b/c/d/e/f/g"),
        ("name", "acme\n"),
        ("version", "v1.0.0"),
        ("version", "1.0"),
        ("version", "1.0.0+build"),
        ("version", "1.0.0-01"),
        ("version", "1.0.0-" + "a" * 60),
        ("owner", "Bob"),
        ("owner", ""),
        ("owner", "a" * 65),
        ("description", ""),
        ("description", "x" * 501),
        ("tier", "huge"),
        ("review_by", "2027-02-31"),
        ("review_by", "20270501"),
        ("review_by", "soon"),
        ("labels", {"team": 1}),
        ("labels", {"Team": "x"}),
        ("labels", ["a"]),
        ("template", "mustache"),
        ("messages", []),
        ("messages", [{"role": "user"}]),
        ("messages", [{"role": "tool", "content": "x"}]),
        ("messages", [{"role": "user", "content": ""}]),
        ("messages", [{"placeholder": "history", "content": "x"}]),
        ("messages", [{"placeholder": "a"}, {"placeholder": "a"}]),
        ("messages", [{"placeholder": "question"}]),
        ("messages", [{"role": "user", "content": "{{ }}"}]),
        ("messages", [{"role": "user", "content": "{{> prompts/x }}"}]),
        ("output", {"type": "text"}),
        ("output", True),
        ("cases", [{"inputs": {}}]),
        ("cases", [{"inputs": {}, "expect": {}}]),
        ("cases", [{"inputs": {}, "expect": {"max_chars": 0}}]),
        ("cases", [{"inputs": {}, "expect": {"contains": "x"}}]),
    ],
)
def test_a_prompt_with_a_wrong_part_is_refused(part: str, value: Json) -> None:
    (finding, *_) = findings(prompt(**{part: value}))

    assert finding.where.startswith(f"/{part}")
    assert finding.line > 0


def test_a_jinja_prompt_is_told_where_it_says_what_a_template_cannot_say() -> None:
    text = "Hello.\n{% include 'secrets' %}\n"
    source = prompt(template="jinja", messages=[{"role": "user", "content": text}])

    (finding,) = findings(source)

    assert "there is no `include`" in finding.message
    assert "{% include" in source.decode().splitlines()[finding.line - 1]


def test_a_literal_prompt_may_hold_any_braces() -> None:
    messages: Json = [{"role": "user", "content": "{{ }} {{ 1 }} {% x %} {{{"}]

    assert parse(prompt(template="none", messages=messages)).value["messages"]


def test_a_fragment_cannot_have_messages() -> None:
    assert "messages is not known here" in told(dump({**FRAGMENT, "messages": []}))


@pytest.mark.parametrize(
    "declaration",
    [
        {"type": "object", "properties": {}},
        {"type": "object", "additionalProperties": True},
        {"type": "array", "additionalProperties": False},
        {"properties": {}, "additionalProperties": False},
        {"type": "object", "additionalProperties": False, "allOf": [{}]},
        {"type": "object", "additionalProperties": False, "properties": {"a-b": {}}},
        {"type": "object", "additionalProperties": False, "properties": {"a": True}},
        {"type": "object", "additionalProperties": False, "required": ["a"]},
        {"type": "object", "additionalProperties": False, "required": "a"},
    ],
)
def test_inputs_declare_the_properties_of_a_closed_object(declaration: Json) -> None:
    (finding, *_) = findings(prompt(inputs=declaration))

    assert finding.where.startswith("/inputs")


def test_an_optional_input_needs_a_default() -> None:
    declaration: Json = {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "additionalProperties": False,
    }

    said = told(prompt(inputs=declaration, messages=[{"placeholder": "a"}]))

    assert "the optional input `a` has no default" in said


def test_a_default_must_fit_its_own_schema() -> None:
    said = told(inputs(a={"type": "string", "maxLength": 2, "default": "abc"}))

    assert "/inputs/properties/a/default" in said
    assert "3 characters; at most 2" in said


def test_a_default_may_fit_a_definition() -> None:
    declaration: Json = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/short", "default": "ab"}},
        "additionalProperties": False,
        "$defs": {"short": {"type": "string", "maxLength": 2}},
    }
    messages: Json = [{"role": "user", "content": "{{ a }}"}]

    document = parse(prompt(inputs=declaration, messages=messages))

    assert document.value["inputs"] == declaration


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
    ),
    max_leaves=6,
).filter(lambda value: "\\u0000" not in json.dumps(value))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([PROMPT, FRAGMENT]),
    st.dictionaries(st.sampled_from([*PROMPT, "text"]), json_values, max_size=4),
)
def test_nothing_but_our_error_comes_out_for_any_values(
    value: dict[str, Json], changes: dict[str, Json]
) -> None:
    with suppress(Invalid):
        parse(dump({**value, **changes}))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_but_our_error_comes_out_for_damaged_text(data: st.DataObject) -> None:
    source = bytearray(dump(data.draw(st.sampled_from([PROMPT, FRAGMENT]))))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(source) - 1))
        source[at : at + data.draw(st.integers(0, 5))] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"\n", b": ", b"{{", b"- ", b"&a"])
        )

    with suppress(Invalid):
        parse(bytes(source))
