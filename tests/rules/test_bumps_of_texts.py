"""What counts for prompts, fragments and glossaries: `registry/prompt_bumps.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import glossary_bumps, prompt_bumps
from registry.bump_reasons import Bump, judge_parts

TEXT = {"type": "string", "maxLength": 100}
SCHEMAS = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "maxLength": 5},
        {"type": "integer", "minimum": 0},
        {"enum": ["a", "b"]},
        {"type": "boolean"},
        {"type": ["string", "null"]},
    ]
)
NAMES = st.sampled_from("abcd")


def declared(properties: dict, *required: str) -> dict:
    return {
        "inputs": {
            "type": "object",
            "properties": properties,
            "required": list(required),
            "additionalProperties": False,
        }
    }


@st.composite
def declarations(draw) -> dict:
    properties = draw(st.dictionaries(NAMES, SCHEMAS))
    required = [name for name in properties if draw(st.booleans())]
    for name in properties.keys() - set(required):
        properties[name] = {**properties[name], "default": "a"}
    return declared(properties, *required)


def says(*messages: str, **more) -> dict:
    """Args:
    messages: Roles, and `>name` for placeholders.
    """
    return {
        "messages": [
            {"placeholder": one[1:]}
            if one.startswith(">")
            else {"role": one, "content": "Be kind."}
            for one in messages
        ],
        **more,
    }


def answers(**properties) -> dict:
    return {"output": {"type": "object", "properties": properties}}


def judged(before: dict, after: dict) -> list[tuple[Bump, str]]:
    found = judge_parts(before, after, prompt_bumps.JUDGES)
    return [(one.bump, one.sentence) for one in found]


def biggest(before: dict, after: dict) -> Bump | None:
    bumps = [bump for bump, _ in judged(before, after)]
    return max(bumps, key=lambda bump: bump.rank, default=None)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (declared({"x": TEXT}, "x"), declared({}), "the input `x` was removed"),
        (declared({}), declared({"x": TEXT}, "x"), "the required input `x` was added"),
        (
            declared({"x": {**TEXT, "default": ""}}),
            declared({"x": TEXT}, "x"),
            "the input `x` became required",
        ),
        (
            declared({"x": TEXT}, "x"),
            declared({"x": {**TEXT, "maxLength": 9}}, "x"),
            "the input `x` takes less: `maxLength` 100 became 9",
        ),
        (
            declared({"x": {"enum": ["a", "b"]}}, "x"),
            declared({"x": {"enum": ["a"]}}, "x"),
            "the input `x` takes less: b does not fit on both sides",
        ),
        (
            declared({"x": {"type": "object"}}, "x"),
            declared({"x": {"properties": {"y": {"type": "string"}}}}, "x"),
            "the input `x.y` takes less: `type` string is new",
        ),
        (
            declared({"x": TEXT}, "x"),
            declared({"x": {**TEXT, "pattern": "^a"}}, "x"),
            "the input `x` takes less: `pattern` ^a is new",
        ),
        (says("system"), says("system", ">history"), "placeholder `history` was added"),
        (says("system", ">h"), says("system"), "the placeholder `h` was removed"),
        (says("system", "user"), says("system"), "a message was removed"),
        (
            says("system", "user"),
            says("user", "system"),
            "a message was removed, moved",
        ),
        (says(">a", ">b"), says(">b", ">a"), "a message was removed, moved"),
        (
            says("user", template="none"),
            says("user", template="simple"),
            "the text is read by another engine",
        ),
        ({}, answers(), "an answer in JSON is promised"),
        (answers(), {}, "an answer in JSON is no longer promised"),
        (
            answers(a={"type": "string"}),
            answers(),
            "the answer's `output.a` promises less: `type` string is gone",
        ),
        (
            answers(a={"type": "string"}),
            answers(a={"type": ["string", "null"]}),
            "the answer's `output.a` promises less: ",
        ),
    ],
)
def test_what_callers_must_follow_is_major(before, after, why):
    found = [sentence for bump, sentence in judged(before, after) if bump is Bump.MAJOR]

    assert found
    assert why in found[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (declared({}), declared({"x": {**TEXT, "default": "a"}})),
        ({}, declared({"x": {**TEXT, "default": "a"}})),
        (declared({"x": TEXT}, "x"), declared({"x": {**TEXT, "default": "a"}})),
        (declared({"x": TEXT}, "x"), declared({"x": {"type": "string"}}, "x")),
        (
            declared({"x": {**TEXT, "default": "a"}}),
            declared({"x": {**TEXT, "default": "b"}}),
        ),
        (says("system"), says("system", "user")),
        (answers(), answers(a={"type": "string"})),
        (
            {"output": {"properties": {}, "additionalProperties": False}},
            {"output": {"properties": {"a": {}}, "additionalProperties": False}},
        ),
        (
            answers(a={"type": "string"}),
            answers(a={"type": "string", "maxLength": 5}),
        ),
    ],
)
def test_what_callers_may_follow_is_minor(before, after):
    assert biggest(before, after) is Bump.MINOR


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"text": "Be kind."}, {"text": "Be kind. {{> fragments/acme/tone }}"}),
        (says("user"), {"messages": [{"role": "user", "content": "Be brief."}]}),
        ({}, {"cases": [{"inputs": {}, "expect": {"contains": ["a"]}}]}),
        (
            declared({"x": TEXT}, "x"),
            declared({"x": {**TEXT, "description": "What was asked."}}, "x"),
        ),
        (
            answers(a={"type": "string"}),
            answers(a={"type": "string", "title": "A"}),
        ),
    ],
)
def test_wording_is_a_patch(before, after):
    assert biggest(before, after) is Bump.PATCH


@given(one=declarations())
def test_what_does_not_differ_asks_for_nothing(one):
    assert judged(one, one) == []


@given(one=declarations(), schema=SCHEMAS)
def test_an_input_with_a_default_is_never_major(one, schema):
    inputs = one["inputs"]
    more = {**inputs["properties"], "new": {**schema, "default": "a"}}

    assert biggest(one, {"inputs": {**inputs, "properties": more}}) is Bump.MINOR


@given(
    before=declarations(),
    after=declarations(),
    words=st.lists(st.sampled_from(["system", "user", ">h"]), max_size=3),
    others=st.lists(st.sampled_from(["system", "user", ">h"]), max_size=3),
)
def test_what_is_major_stays_so_whatever_else_changes(before, after, words, others):
    alone = {found for found in judged(before, after) if found[0] is Bump.MAJOR}

    together = judged({**before, **says(*words)}, {**after, **says(*others)})

    assert alone <= set(together)


def terms(*words: str, **said) -> dict:
    return {
        "terms": [{"term": word, "definition": "A thing.", **said} for word in words]
    }


@pytest.mark.parametrize(
    ("before", "after", "bump"),
    [
        (terms("fare", "seat"), terms("fare"), Bump.MAJOR),
        (terms("fare"), terms("price"), Bump.MAJOR),
        (terms("fare", "fare"), terms("fare"), Bump.MAJOR),
        (terms("fare"), terms("fare", "seat"), Bump.MINOR),
        (terms("fare"), terms("fare", definition="A price."), Bump.MINOR),
        (terms("fare"), terms("fare", synonyms=["price"]), Bump.MINOR),
        (terms("fare", avoid=["cost"]), terms("fare"), Bump.MINOR),
        (terms("fare"), terms("fare", owner="risk"), Bump.PATCH),
        (terms("fare"), terms("fare", valid_until="2027-01-01"), Bump.PATCH),
        (terms("fare", "seat"), terms("seat", "fare"), Bump.PATCH),
    ],
)
def test_a_glossary_counts_by_what_its_terms_mean(before, after, bump):
    found = [one.bump for one in judge_parts(before, after, glossary_bumps.JUDGES)]

    assert max(found, key=lambda one: one.rank) is bump
