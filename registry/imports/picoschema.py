"""Picoschema, dotprompt's short form of JSON Schema, as JSON Schema.

* `name: string, what it is`; a `?` after the name makes it optional.
* `name(array, what it is): string`, `name(object): ...`, `name(enum): [A, B]`.
* `(*): string` is what any other name holds.
* A mapping with a `type` that JSON Schema knows, or with `properties`, is JSON
  Schema already.
* A type of another name is a schema registered in a program: it is not here.
"""

from collections.abc import Callable

from registry.errors import Invalid
from registry.imports.results import refused
from registry.values import Json, quoted

_SCALARS = {"any", "boolean", "integer", "null", "number", "string"}
_HINT = "Write the schema out as JSON Schema, then import the file."


def schema_from(said: Json, unknown: Callable[[str], None]) -> dict[str, Json] | None:
    """The JSON Schema that *said* stands for; None if it says nothing.

    Args:
        unknown: Is told each name of a schema that is elsewhere.

    Raises:
        Invalid: It is no Picoschema.
    """
    if said in (None, "", {}, False):
        return None
    if isinstance(said, dict):
        if said.get("type") in (*_SCALARS, "object", "array"):
            return _shorthand_within(said)
        if isinstance(said.get("properties"), dict):
            return _shorthand_within({**said, "type": "object"})
    return _Picoschema(unknown).any(said)


def _shorthand_within(schema: dict[str, Json]) -> dict[str, Json]:
    """JSON Schema in which `name: string` is short for `name: {type: string}`.

    Files have it although dotprompt does not read it.
    """
    properties = schema.get("properties")
    made = dict(schema)
    if isinstance(properties, dict):
        made["properties"] = {
            name: {"type": inner} if isinstance(inner, str) else _within(inner)
            for name, inner in properties.items()
        }
    if "items" in made:
        items = made["items"]
        made["items"] = {"type": items} if isinstance(items, str) else _within(items)
    return made


def _within(schema: Json) -> Json:
    return _shorthand_within(schema) if isinstance(schema, dict) else schema


class _Picoschema:
    def __init__(self, unknown: Callable[[str], None]) -> None:
        self._unknown = unknown

    def any(self, said: Json) -> dict[str, Json]:
        if isinstance(said, str):
            return self._scalar(said)
        if isinstance(said, dict):
            return self._mapping(said)
        raise _wrong(said)

    def _scalar(self, said: str) -> dict[str, Json]:
        kind, description = _described(said)
        if kind not in _SCALARS:
            self._unknown(kind)
        schema: dict[str, Json] = {"type": kind} if kind in _SCALARS - {"any"} else {}
        return {**schema, **_saying(description)}

    def _mapping(self, said: dict[str, Json]) -> dict[str, Json]:
        properties: dict[str, Json] = {}
        required: list[Json] = []
        others: Json = False
        for key, value in said.items():
            if key == "(*)":
                others = self.any(value)
                continue
            name, optional, schema = self._property(key, value)
            properties[name] = schema
            if not optional:
                required.append(name)
        made: dict[str, Json] = {"type": "object", "properties": properties}
        if required:
            made["required"] = required
        return made | {"additionalProperties": others}

    def _property(self, key: str, value: Json) -> tuple[str, bool, dict[str, Json]]:
        before, _, info = key.partition("(")
        optional = before.endswith("?")
        name = before.removesuffix("?").strip()
        if not info:
            schema = self.any(value)
            if optional and isinstance(schema.get("type"), str):
                schema["type"] = [schema["type"], "null"]
            return name, optional, schema
        kind, description = _described(info.removesuffix(")"))
        schema = self._typed(kind, value, optional=optional)
        return name, optional, {**schema, **_saying(description)}

    def _typed(self, kind: str, value: Json, *, optional: bool) -> dict[str, Json]:
        if kind == "array":
            types: Json = ["array", "null"] if optional else "array"
            return {"type": types, "items": self.any(value)}
        if kind == "object":
            schema = self.any(value)
            return {**schema, "type": ["object", "null"]} if optional else schema
        if kind == "enum" and isinstance(value, list) and value:
            none: list[Json] = [None] if optional and None not in value else []
            return {"enum": [*value, *none]}
        raise _wrong(kind)


def _described(said: str) -> tuple[str, str]:
    kind, _, description = said.partition(",")
    return kind.strip(), description.strip()


def _saying(description: str) -> dict[str, Json]:
    return {"description": description} if description else {}


def _wrong(said: Json) -> Invalid:
    return refused(f"{quoted(str(said))} is no type that Picoschema knows", _HINT)
