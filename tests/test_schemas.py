"""The schemas are data, and good enough for editors to show."""

import json
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from registry import schemas
from registry.names import Kind
from registry.values import Json

WITHIN = ("items", "additionalProperties", "propertyNames", "if", "then", "else")


def undescribed(schema: Json, path: str) -> Iterator[str]:
    """Yield the path of each property that says nothing about itself."""
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    for name, inner in properties.items():
        if not isinstance(inner, dict) or not inner.get("description"):
            yield f"{path}/{name}"
        yield from undescribed(inner, f"{path}/{name}")
    for keyword in WITHIN:
        yield from undescribed(schema.get(keyword), f"{path}/{keyword}")
    branches = schema.get("allOf", [])
    assert isinstance(branches, list)
    for index, inner in enumerate(branches):
        yield from undescribed(inner, f"{path}/allOf/{index}")
    definitions = schema.get("$defs", {})
    assert isinstance(definitions, dict)
    for name, inner in definitions.items():
        yield from undescribed(inner, f"{path}/$defs/{name}")


@pytest.mark.parametrize("kind", schemas.taken())
def test_every_property_is_described(kind: Kind) -> None:
    assert list(undescribed(json.loads(schemas.read(kind)), "")) == []


@pytest.mark.parametrize("kind", schemas.taken())
def test_a_schema_is_json_schema_2020_12_and_names_its_own_address(kind: Kind) -> None:
    schema = json.loads(schemas.read(kind))

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert schema["$id"] == f"/schemas/{kind}.json"
    assert schema["title"]


@pytest.mark.parametrize("kind", schemas.taken())
def test_unknown_keys_are_refused_everywhere(kind: Kind) -> None:
    schema = json.loads(schemas.read(kind))

    assert schema["additionalProperties"] is False


def test_every_kind_is_taken() -> None:
    assert set(schemas.taken()) == set(Kind)
