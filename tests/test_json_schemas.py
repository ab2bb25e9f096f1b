"""The rules at the top of `registry/json_schemas.py` and `registry/validation.py`."""

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from registry.json_schemas import KEYWORDS, problems
from registry.validation import Checker, author_problems
from registry.values import Json


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "sting"},
        {"type": ["string", "string"]},
        {"type": []},
        {"minLenght": 3},
        {"minLength": -1},
        {"minLength": "3"},
        {"minLength": True},
        {"enum": []},
        {"enum": "a"},
        {"required": ["a", "a"]},
        {"multipleOf": 0},
        {"anyOf": []},
        {"anyOf": {}},
        {"items": []},
        {"properties": []},
        {"pattern": "(?=a)"},
        {"pattern": r"(a)\1"},
        {"pattern": "("},
        {"pattern": "a" * 2_001},
        {"pattern": "((a{100}){100}){100}"},
        {"patternProperties": {"(?<!a)b": {}}},
        {"$schema": "https://json-schema.org/draft/2020-12/schema"},
        {"$id": "https://example.test/x"},
        {"$anchor": "x"},
        {"$dynamicRef": "#x"},
        {"unevaluatedProperties": False},
        {"$ref": "#"},
        {"$ref": "#/$defs/nothing"},
        {"$ref": "#/properties/a"},
        {"$ref": "other.json"},
        {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        {"$ref": "#/$defs/%61", "$defs": {"a": {}, "%61": {}}},
        {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {}, "a~1b": {}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
        {"$defs": {"a": {"items": {"$ref": "#/$defs/b"}}, "b": {"$ref": "#/$defs/a"}}},
    ],
    ids=lambda schema: str(schema)[:50],
)
def test_an_authors_schema_that_is_not_plain_is_refused(schema: Json) -> None:
    (problem, *_) = problems(schema)

    assert problem.message
    assert problem.hint


def test_patterns_that_are_large_together_are_refused_and_not_all_tried() -> None:
    each = [f"{name}\\pL{{100}}" for name in map(str, range(500))]  # 45 ms a piece

    found = problems({"anyOf": [{"pattern": pattern} for pattern in each]})

    assert [problem.message for problem in found] == [
        "the patterns up to here are too large"
    ]
    assert found[0].path < ("anyOf", 10)


def test_a_pattern_is_found_wherever_a_schema_can_have_one() -> None:
    wrong: dict[str, Json] = {"pattern": "("}
    schema: dict[str, Json] = {
        "properties": {"a": {"items": wrong}},
        "patternProperties": {")": True},
        "prefixItems": [True, wrong],
        "not": wrong,
    }

    assert [problem.path for problem in problems(schema)] == [
        ("properties", "a", "items", "pattern"),
        ("patternProperties", ")"),
        ("prefixItems", 1, "pattern"),
        ("not", "pattern"),
    ]


def test_references_that_multiply_are_refused() -> None:
    definitions: dict[str, Json] = {"d0": {"type": "string"}}
    for level in range(1, 20):
        inner: Json = {"$ref": f"#/$defs/d{level - 1}"}
        definitions[f"d{level}"] = {"allOf": [inner, inner, inner]}

    (problem,) = problems({"$ref": "#/$defs/d19", "$defs": definitions})

    assert "the schema stands for" in problem.message


def test_a_remote_reference_is_refused_and_not_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/schema.json"

        (problem,) = problems({"$ref": address})

        assert "is not `#/$defs/name`" in problem.message
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_hostile_pattern_is_matched_in_linear_time() -> None:
    schema: dict[str, Json] = {"type": "string", "pattern": "^(a+)+$"}

    assert list(author_problems(schema, "a" * 5_000)) == []
    assert list(author_problems(schema, "a" * 5_000 + "!"))


def test_hostile_patterns_for_keys_are_matched_in_linear_time() -> None:
    schema: dict[str, Json] = {
        "patternProperties": {"^(a+)+$": {"type": "number"}},
        "additionalProperties": False,
    }

    (problem,) = author_problems(schema, {"a" * 5_000: 1, "a" * 5_000 + "!": 1})

    assert "is not known here" in problem.message


def test_patterns_of_keys_choose_the_schema_of_their_values() -> None:
    schema: dict[str, Json] = {
        "patternProperties": {"^n_": {"type": "number"}},
        "additionalProperties": {"type": "string"},
    }

    found = author_problems(schema, {"n_a": 1, "n_b": "x", "c": 2, "d": "y"})

    assert {problem.path for problem in found} == {("n_b",), ("c",)}


def test_digits_and_letters_of_a_pattern_are_those_of_ascii() -> None:
    assert list(author_problems({"pattern": r"^\d$"}, "٣"))


def test_a_schema_and_values_that_multiply_are_refused() -> None:
    either: list[Json] = [{"type": "string", "minLength": size} for size in range(200)]
    schema: dict[str, Json] = {"items": {"anyOf": either}}

    (problem,) = author_problems(schema, ["x"] * 5_000)

    assert "would take too long" in problem.message


schema_like = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["a", "string"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYWORDS, "a", "$id"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(schema_like)
def test_a_schema_that_is_taken_is_json_schema_2020_12(schema: Json) -> None:
    if not problems(schema):
        Draft202012Validator.check_schema(schema)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(schema_like, schema_like)
def test_values_are_judged_as_json_schema_judges_them(
    schema: Json, value: Json
) -> None:
    if isinstance(schema, dict) and not problems(schema):
        expected = Draft202012Validator(schema).is_valid(value)

        assert (list(Checker(schema).problems(value)) == []) == expected
