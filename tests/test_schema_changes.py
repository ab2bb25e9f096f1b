"""Whether a schema takes all that another takes: `registry/schema_changes.py`."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from registry.schema_changes import is_same, shortfalls
from registry.validation import Checker

FILTERED = settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
NUMBERS = st.integers(-3, 3)
COUNTS = st.integers(0, 3)
NAMES = st.sampled_from("ab")
SCALARS = st.sampled_from([None, True, False, 0, 1, 2, 2.5, -2, "", "a", "ab", "abc"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner)
    ),
    max_leaves=6,
)
TYPES = st.sampled_from(
    ["string", "number", "integer", "boolean", "object", "array", "null"]
)


def keywords(inner: st.SearchStrategy) -> st.SearchStrategy:
    lists = st.lists(inner, min_size=1, max_size=2)
    mappings = st.dictionaries(NAMES, inner, max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
            "enum": st.lists(SCALARS, min_size=1, max_size=3),
            "const": SCALARS,
            "minimum": NUMBERS,
            "maximum": NUMBERS,
            "exclusiveMinimum": NUMBERS,
            "exclusiveMaximum": NUMBERS,
            "multipleOf": st.sampled_from([1, 2]),
            "minLength": COUNTS,
            "maxLength": COUNTS,
            "pattern": st.sampled_from(["^a", "b$"]),
            "minItems": COUNTS,
            "maxItems": COUNTS,
            "uniqueItems": st.booleans(),
            "items": inner,
            "prefixItems": lists,
            "contains": inner,
            "minContains": COUNTS,
            "minProperties": COUNTS,
            "maxProperties": COUNTS,
            "required": st.lists(NAMES, unique=True, max_size=2),
            "properties": mappings,
            "patternProperties": st.dictionaries(
                st.sampled_from(["^a", "c"]), inner, max_size=1
            ),
            "additionalProperties": inner,
            "allOf": lists,
            "anyOf": lists,
            "oneOf": lists,
            "not": inner,
            "if": inner,
            "then": inner,
        },
    )


SCHEMAS = st.recursive(st.booleans() | keywords(st.booleans()), keywords, max_leaves=5)


def fits(schema, value) -> bool:
    return next(Checker({"allOf": [schema]}).problems(value), None) is None


def found(narrow, wide, **how) -> list[tuple[tuple[str, ...], str]]:
    missing = shortfalls(narrow, wide, roots=(_root(narrow), _root(wide)), **how)
    return [(one.path, one.keyword) for one in missing]


def _root(schema):
    return schema if isinstance(schema, dict) else {}


@pytest.mark.slow
@FILTERED
@given(narrow=SCHEMAS, wide=SCHEMAS, value=VALUES)
def test_what_is_shown_to_be_taken_is_taken(narrow, wide, value):
    assume(fits(narrow, value) and not fits(wide, value))

    assert found(narrow, wide) != []


@pytest.mark.slow
@FILTERED
@given(base=keywords(st.booleans()), more=keywords(st.booleans()), value=VALUES)
def test_what_is_shown_of_near_schemas_holds(base, more, value):
    changed = {**base, **more}
    assume(fits(base, value) and not fits(changed, value))

    assert found(base, changed) != []


@pytest.mark.slow
@given(schema=SCHEMAS)
def test_a_schema_takes_what_it_takes(schema):
    assert found(schema, schema) == []


@pytest.mark.slow
@given(schema=SCHEMAS)
def test_everything_takes_everything(schema):
    assert found(schema, True) == []
    assert found(schema, {}) == []


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ({"type": "integer"}, {"type": "number"}),
        ({"type": "string"}, {"type": ["string", "null"]}),
        ({"type": "boolean"}, {"enum": [True, False, None]}),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}),
        ({"const": "ab"}, {"type": "string", "maxLength": 2, "pattern": "^a"}),
        ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 9}),
        ({"type": "string"}, {"maximum": 3, "required": ["a"], "minItems": 1}),
        ({"type": "number", "exclusiveMinimum": 3}, {"minimum": 3}),
        ({"required": ["a", "b"]}, {"required": ["a"]}),
        ({"additionalProperties": False}, {"properties": {"a": {"type": "string"}}}),
        ({"items": {"type": "integer"}}, {"items": {"type": "number"}}),
        ({"type": "string"}, {"anyOf": [{"type": "null"}, {"type": "string"}]}),
        ({"anyOf": [{"const": 1}, {"const": 2}]}, {"type": "integer"}),
        ({"oneOf": [{"const": 1}, {"type": "null"}]}, {"type": ["integer", "null"]}),
        ({"type": "string", "title": "A"}, {"type": "string", "description": "B"}),
    ],
)
def test_what_is_plainly_taken_is_shown(narrow, wide):
    assert found(narrow, wide) == []


@pytest.mark.parametrize(
    ("narrow", "wide", "missing"),
    [
        ({"type": "number"}, {"type": "integer"}, ((), "type")),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, ((), "enum")),
        ({"type": "string"}, {"enum": ["a"]}, ((), "enum")),
        ({"type": "string"}, {"maxLength": 9}, ((), "maxLength")),
        ({"minimum": 3}, {"exclusiveMinimum": 3}, ((), "exclusiveMinimum")),
        ({"type": "object"}, {"required": ["a"]}, ((), "required")),
        (
            {"properties": {"a": {"type": "string"}}},
            {"properties": {"a": {"type": "null"}}},
            (("a",), "type"),
        ),
        (
            {"properties": {"a": True}, "additionalProperties": False},
            {"additionalProperties": False},
            (("a",), ""),
        ),
        ({"type": "array"}, {"items": {"type": "null"}}, (("*",), "type")),
        ({"const": "a"}, {"const": "a", "enum": ["b"]}, ((), "enum")),
        (
            {"allOf": [{"enum": ["a"]}]},
            {"if": {"const": "a"}, "then": {"maxLength": 0}},
            ((), "if"),
        ),
        (
            {"anyOf": [{"enum": [{"a": 1}]}]},
            {"properties": {"b": True}, "additionalProperties": False},
            (("*",), ""),
        ),
        ({"oneOf": [{"const": 1}, True]}, {"not": {"const": 1}}, ((), "not")),
    ],
)
def test_what_may_not_be_taken_is_named(narrow, wide, missing):
    assert missing in found(narrow, wide)


def test_a_definition_counts_as_what_it_says():
    narrow = {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}}
    wide = {"$ref": "#/$defs/b", "$defs": {"b": {"type": ["string", "null"]}}}

    assert found(narrow, wide) == []
    assert found(wide, narrow) == [((), "type")]


def test_a_property_that_is_not_known_matters_unless_it_is_said_not_to():
    wide = {"properties": {"a": True}, "additionalProperties": False}
    narrow = {"properties": {"a": True, "b": True}, "additionalProperties": False}

    assert found(narrow, wide) == [(("b",), "")]
    assert found(narrow, wide, open_ended=True) == []


def test_schemas_are_the_same_whatever_is_remarked_on_them():
    one = {"type": "string", "title": "A", "maxLength": 3}
    other = {"maxLength": 3, "type": "string", "default": "x"}

    assert is_same(one, other, roots=(one, other))
    assert not is_same(one, {**other, "maxLength": 4}, roots=(one, other))
    assert not is_same({"const": 1}, {"const": True}, roots=({}, {}))


def test_schemas_that_are_too_intricate_are_not_compared_for_long():
    def nested(leaf: dict, depth: int) -> dict:
        return leaf if not depth else {"anyOf": [nested(leaf, depth - 1), {"const": 1}]}

    assert found(nested({"minLength": 1}, 14), nested({"minLength": 2}, 14)) != []


@pytest.mark.parametrize("name", ["title", "default", "examples", "$ref", "const"])
def test_names_are_no_keywords(name):
    wide = {"dependentRequired": {name: []}}
    narrow = {"dependentRequired": {name: ["source"]}}

    assert not is_same(narrow, wide, roots=(narrow, wide))
    assert found(wide, narrow) == [((), "dependentRequired")]
    for keyword in ("properties", "patternProperties", "dependentSchemas"):
        one, other = ({keyword: {name: {"maxLength": n}}} for n in (1, 2))
        assert not is_same(one, other, roots=(one, other))
