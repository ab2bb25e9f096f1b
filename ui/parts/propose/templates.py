"""A new document to begin from: what a schema requires, with its own examples."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _/.-]*[A-Za-z0-9]|[A-Za-z]")
_READ_AS_OTHERS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_FIRST = ("kind", "name", "version", "owner", "description")
TO_WRITE = "Write this"


def template(schema: Mapping[str, Any], given: Mapping[str, str]) -> str:
    """YAML with every required member, in the order of the schema.

    Args:
        given: Members whose values are known, such as the name.
    """
    members = schema["properties"]
    required = [one for one in members if one in schema["required"]]
    optional = [one for one in ("tier",) if one in members]
    ordered = [*(one for one in required if one in _FIRST), *optional]
    ordered += [one for one in required if one not in _FIRST]
    lines: list[str] = []
    for name in ordered:
        value = given.get(name, _example(members[name], schema))
        lines += _member(name, value, "")
    return "\n".join(lines) + "\n"


def _example(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> object:
    if "$ref" in schema:
        schema = _referred(str(schema["$ref"]), whole)
    if "const" in schema:
        return schema["const"]
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("enum"):
        return schema["enum"][0]
    return _of_type(schema, whole)


def _of_type(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> object:
    type = schema.get("type", "object" if "properties" in schema else "string")
    if type == "object":
        members = schema.get("properties", {})
        names = schema.get("required") or list(members)[: schema.get("minProperties")]
        return {one: _example(members[one], whole) for one in names if one in members}
    if type == "array":
        return [_example(schema.get("items", {}), whole)]
    if type in {"integer", "number"}:
        return schema.get("minimum", 1)
    return False if type == "boolean" else TO_WRITE


def _referred(path: str, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = whole
    for part in path.removeprefix("#/").split("/"):
        found = found.get(part, {})
    return dict(found)


def _member(name: str, value: object, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield f"{indent}{name}:"
        for key, one in value.items():
            yield from _member(key, one, indent + "  ")
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        yield f"{indent}{name}:"
        for one in value:
            yield from _item(one, indent + "  ")
    elif isinstance(value, list):
        yield f"{indent}{name}: [{', '.join(map(_scalar, value))}]"
    else:
        yield f"{indent}{name}: {_scalar(value)}"


def _item(value: object, indent: str) -> Iterator[str]:
    if not isinstance(value, dict) or not value:
        yield f"{indent}- {_scalar(value)}"
        return
    lines = [line for key, one in value.items() for line in _member(key, one, "")]
    yield f"{indent}- {lines[0]}"
    yield from (f"{indent}  {line}" for line in lines[1:])


def _scalar(value: object) -> str:
    is_plain = isinstance(value, str) and _PLAIN.fullmatch(value)
    if is_plain and str(value).lower() not in _READ_AS_OTHERS:
        return str(value)
    return json.dumps(value, ensure_ascii=False)
