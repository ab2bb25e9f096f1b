"""Inputs: the values that a prompt or a fragment declares it is given.

* `inputs` is the JSON Schema of an object that allows no other names.
* An input is required or has a default, and the default fits its own schema.
* A text uses only declared inputs.  A dotted name leads through mappings whose
  parts are required, to something that has one obvious form as text: not to a
  list or a mapping.  A `jinja` text may take lists and mappings, and ask whether a
  part is there.
* What a fragment declares, whatever includes it declares as well, with a type
  that the fragment takes.
"""

from collections.abc import Iterator, Mapping

from placet.jinja import Part
from placet.templates import Name
from registry import json_schemas
from registry.findings import Place, Problem, place_of
from registry.json_schemas import Schema, resolved
from registry.misfits import nearest
from registry.names import Ref
from registry.validation import author_problems
from registry.values import Json

_NOTHING: dict[str, Json] = {
    "type": "object",
    "properties": {},
    "required": [],
    "additionalProperties": False,
}


def declared(value: Mapping[str, Json]) -> dict[str, Json]:
    """Return the `inputs` of a document's value; without any, one of no inputs."""
    inputs = value.get("inputs")
    return inputs if isinstance(inputs, dict) else _NOTHING


def problems(inputs: dict[str, Json], place: Place) -> Iterator[Problem]:
    """Tell what is wrong with a declaration, which stands at *place*."""
    found = json_schemas.problems(inputs)
    yield from found
    if found:
        return
    properties = _properties(inputs)
    required = _required(inputs)
    for name in sorted(required - properties.keys()):
        hint = "Declare it under `properties`, or take it out of `required`."
        message = f"the required input `{name}` is not declared"
        yield Problem(path=("required",), message=message, hint=hint)
    for name in properties:
        default = _default_problems(name, inputs, place)
        yield from (problem.below(("properties", name)) for problem in default)


def name_problem(name: Name, inputs: Schema) -> tuple[str, str] | None:
    """Return what is wrong with a name that a text uses, and what to do."""
    schema = inputs
    for depth, part in enumerate(name.path):
        properties = _properties(schema)
        shown = ".".join(name.path[: depth + 1])
        if part not in properties:
            return _undeclared(name, depth, schema)
        if depth and part not in _required(schema):
            around = ".".join(name.path[:depth])
            hint = f"Add {part} to the `required` of {around}."
            return f"`{shown}` may be absent", hint
        schema = resolved(properties[part], inputs)
        if depth + 1 < len(name.path) and types_of(schema) != {"object"}:
            hint = "Give it `type: object` and `properties`."
            return f"`{shown}` need not be a mapping, so that it has no parts", hint
    return _form_problem(str(name), types_of(schema))


def jinja_name_problem(name: Name, inputs: Schema) -> tuple[str, str] | None:
    """The same for a `jinja` text: the parts that are declared are looked at."""
    if isinstance(name, Part):
        return _part_problem(name, inputs)
    schema = inputs
    for depth, part in enumerate(name.path):
        properties = _properties(schema)
        if part not in properties:
            return (
                None if depth and not properties else _undeclared(name, depth, schema)
            )
        schema = resolved(properties[part], inputs)
    return None


def fragment_problems(
    inputs: Schema, fragment: Ref, theirs: Schema
) -> Iterator[tuple[str, str]]:
    """Yield what *inputs* lacks of what a fragment declares, and what to do."""
    properties = _properties(inputs)
    for name, schema in _properties(theirs).items():
        wanted = types_of(resolved(schema, theirs))
        taken = wanted | {"integer"} if "number" in wanted else wanted
        if name not in properties:
            hint = f"Copy its declaration from {fragment} into `inputs`."
            yield f"the input `{name}` of {fragment} is not declared", hint
        elif wanted and not types_of(resolved(properties[name], inputs)) <= taken:
            hint = "Declare it with the same type, or rename one of them."
            said = " or ".join(sorted(wanted))
            yield f"the input `{name}` must be {said}, as {fragment} takes it", hint


def types_of(schema: Schema) -> frozenset[str]:
    """Return the types that a schema names, or those of the values that it lists."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return frozenset({kind})
    if isinstance(kind, list):
        return frozenset(map(str, kind))
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return frozenset(map(_type_of, values)) if isinstance(values, list) else frozenset()


def _default_problems(
    name: str, inputs: dict[str, Json], place: Place
) -> Iterator[Problem]:
    schema = _properties(inputs)[name]
    if not isinstance(schema, dict) or "default" not in schema:
        if name not in _required(inputs):
            message = f"the optional input `{name}` has no default"
            hint = f"Add a `default`, or add {name} to `required`."
            yield Problem(path=(), message=message, hint=hint)
        return
    inner = place_of(place, ("properties", name, "default"))
    whole = {**schema, "$defs": inputs.get("$defs", {})}
    for problem in author_problems(whole, schema["default"], inner):
        yield problem.below(("default",))


def _undeclared(name: Name, depth: int, schema: Schema) -> tuple[str, str]:
    shown = ".".join(name.path[: depth + 1])
    known = sorted(_properties(schema))
    hint = f"Declare it under `inputs`. {nearest(name.path[depth], known)}"
    if name.path[0] == "loop":
        hint = "`loop` is there within a `{% for %}` of `template: jinja`."
    return f"`{shown}` is not a declared input", hint


def _part_problem(part: Part, inputs: Schema) -> tuple[str, str] | None:
    """A part of an entry that does not say what parts it has may have any."""
    schema = inputs
    for step in part.steps:
        properties = _properties(schema)
        if step is None:
            if not types_of(schema) <= {"array", "null"} or "prefixItems" in schema:
                return None
            schema = resolved(schema.get("items"), inputs)
        elif step in properties:
            schema = resolved(properties[step], inputs)
        elif properties and types_of(schema) <= {"object", "null"}:
            hint = (
                f"{nearest(step, sorted(properties))} Parts are declared in `inputs`."
            )
            return f"`{part}` is not declared", hint
        else:
            return None
    return None


def _form_problem(name: str, types: frozenset[str]) -> tuple[str, str] | None:
    if not types:
        return f"the input `{name}` does not say what type it is", "Add a `type`."
    if types & {"object", "array"}:
        hint = "Name a part of it (`{{ customer.name }}`), or declare it as text."
        return f"the input `{name}` is a list or a mapping, not text", hint
    return None


def _properties(schema: Schema) -> dict[str, Json]:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _required(schema: Schema) -> set[str]:
    required = schema.get("required")
    return set(map(str, required)) if isinstance(required, list) else set()


def _type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {dict: "object", list: "array", str: "string", int: "integer"}
    return names.get(type(value), "null" if value is None else "number")
