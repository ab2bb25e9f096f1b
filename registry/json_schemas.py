"""The JSON Schemas that authors write in their documents.

What authors write is hostile until shown harmless.  A schema of theirs:

 * is JSON Schema 2020-12 and uses the keywords listed here, no others: a keyword
   that is misspelt would check nothing and say nothing;
 * refers (`$ref`) only to its own definitions, `#/$defs/name`, never in a circle;
 * has patterns that RE2 takes;
 * stands for at most 2,000 parts, every reference written out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias, cast

from registry.findings import Problem
from registry.misfits import nearest
from registry.patterns import refusals
from registry.values import Json, Path

MAX_EXPANDED = 2_000

Schema: TypeAlias = Mapping[str, Json]

_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
_SCHEMAS = (
    *("items", "contains", "additionalProperties", "propertyNames"),
    *("not", "if", "then", "else"),
)
_LISTS = ("prefixItems", "allOf", "anyOf", "oneOf")
_MAPPINGS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_COUNTS = (
    *("minLength", "maxLength", "minItems", "maxItems"),
    *("minProperties", "maxProperties", "minContains", "maxContains"),
)
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_TEXTS = ("title", "description", "$comment", "format")
_FLAGS = ("uniqueItems", "deprecated", "readOnly", "writeOnly")
_REFERENCE = "#/$defs/"


def problems(schema: Json) -> list[Problem]:
    """Return what is wrong with *schema*."""
    found = form_problems(schema)
    refused = () if found else refusals(patterns(schema))
    return found + [
        Problem(path=path, message=str(error), hint=error.hint)
        for path, error in refused
    ]


def form_problems(schema: Json) -> list[Problem]:
    """Return what is wrong with *schema* but for its patterns."""
    found = list(_problems(schema, ()))
    if isinstance(schema, dict) and not found:
        found.extend(_size_problems(schema))
    return found


def patterns(schema: Json, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the regular expressions in a schema whose form is right."""
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        if keyword == "pattern":
            yield (*path, keyword), str(value)
        if keyword == "patternProperties" and isinstance(value, dict):
            yield from (((*path, keyword, name), name) for name in value)
        for step, inner in _inner(keyword, value):
            yield from patterns(inner, (*path, keyword, *step))


def expanded(schema: Schema) -> int:
    """Return how many values *schema* is made of, every reference written out.

    Raises:
        LookupError: A reference leads nowhere, or back to itself.
    """
    return _expanded(schema, schema, {})


def resolved(schema: Json, root: Schema) -> Schema:
    """Follow `$ref` within *root* until there is none; `true` says nothing."""
    while isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        schema = _target(cast(str, schema["$ref"]), root)
    return schema if isinstance(schema, dict) else {}


def _problems(schema: Json, path: Path) -> Iterator[Problem]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        hint = "Write a mapping, such as {type: string}."
        yield Problem(path=path, message="a schema must be a mapping", hint=hint)
        return
    for keyword, value in schema.items():
        yield from _keyword_problems(keyword, value, (*path, keyword))


def _keyword_problems(keyword: str, value: Json, path: Path) -> Iterator[Problem]:
    if keyword not in KEYWORDS:
        message = f"the keyword `{keyword}` is not taken in a schema"
        hint = _UNTAKEN.get(keyword) or nearest(keyword, sorted(KEYWORDS))
        yield Problem(path=path, message=message, hint=hint)
        return
    wanted, fits = KEYWORDS[keyword]
    if not fits(value):
        message = f"`{keyword}` must be {wanted}"
        yield Problem(path=path, message=message, hint="Correct the schema here.")
    else:
        for step, inner in _inner(keyword, value):
            yield from _problems(inner, (*path, *step))


def _inner(keyword: str, value: Json) -> Iterable[tuple[Path, Json]]:
    """The schemas that a keyword holds, and where within its value."""
    if keyword in _SCHEMAS:
        return [((), value)]
    if keyword in _LISTS and isinstance(value, list):
        return [((index,), inner) for index, inner in enumerate(value)]
    if keyword in _MAPPINGS and isinstance(value, dict):
        return [((name,), inner) for name, inner in value.items()]
    return []


def _size_problems(schema: Schema) -> Iterator[Problem]:
    try:
        size = expanded(schema)
    except LookupError as error:
        hint = f"Refer to a definition in this schema: `{_REFERENCE}name`."
        yield Problem(path=(), message=str(error.args[0]), hint=hint)
        return
    if size > MAX_EXPANDED:
        message = f"the schema stands for {size:,} parts, at most {MAX_EXPANDED:,}"
        yield Problem(path=(), message=message, hint="Make it simpler.")


def _expanded(part: Json | Schema, root: Schema, sizes: dict[str, int]) -> int:
    """*sizes* has what references stand for; 0 is one that is being counted."""
    if isinstance(part, list):
        return 1 + sum(_expanded(inner, root, sizes) for inner in part)
    if not isinstance(part, Mapping):
        return 1
    total = 1 + sum(_expanded(inner, root, sizes) for inner in part.values())
    reference = part.get("$ref")
    if isinstance(reference, str):
        if sizes.get(reference) == 0:
            raise LookupError(f"`$ref` {reference[:80]} leads back to itself")
        if reference not in sizes:
            sizes[reference] = 0
            sizes[reference] = _expanded(_target(reference, root), root, sizes)
        total += sizes[reference]
    return total


def _target(reference: str, root: Schema) -> Json:
    """Only definitions: elsewhere, a default could pose as an unchecked schema."""
    name = reference.removeprefix(_REFERENCE)
    if name == reference or "/" in name or "%" in name or "~" in name:
        raise LookupError(f"`$ref` {reference[:80]} is not `{_REFERENCE}name`")
    definitions = root.get("$defs")
    if not isinstance(definitions, dict) or name not in definitions:
        raise LookupError(f"`$ref` {reference[:80]} leads nowhere")
    return definitions[name]


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_flag(value: Json) -> bool:
    return isinstance(value, bool)


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_factor(value: Json) -> bool:
    return _is_number(value) and cast(float, value) > 0


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _is_filled_list(value: Json) -> bool:
    return isinstance(value, list) and len(value) > 0


def _is_schema(value: Json) -> bool:
    return isinstance(value, (dict, bool))


def _is_mapping(value: Json) -> bool:
    return isinstance(value, dict)


def _is_names(value: Json) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(name, str) for name in value)
        and len(set(map(str, value))) == len(value)
    )


def _is_mapping_of_names(value: Json) -> bool:
    return isinstance(value, dict) and all(map(_is_names, value.values()))


def _is_type(value: Json) -> bool:
    if isinstance(value, list):
        return _is_names(value) and value != [] and all(map(_is_type, value))
    return value in _TYPES


KEYWORDS: dict[str, tuple[str, Callable[[Json], bool]]] = {
    "type": (f"one of {', '.join(_TYPES)}, or a list of them", _is_type),
    "enum": ("a list of values", _is_filled_list),
    "const": ("a value", lambda _: True),
    "default": ("a value", lambda _: True),
    "examples": ("a list of values", _is_list),
    "required": ("a list of names, each once", _is_names),
    "dependentRequired": ("a mapping of lists of names", _is_mapping_of_names),
    "multipleOf": ("a number above 0", _is_factor),
    "pattern": ("text", _is_text),
    "$ref": ("text", _is_text),
    **dict.fromkeys(_SCHEMAS, ("a schema", _is_schema)),
    **dict.fromkeys(_LISTS, ("a list of schemas", _is_filled_list)),
    **dict.fromkeys(_MAPPINGS, ("a mapping of schemas", _is_mapping)),
    **dict.fromkeys(_COUNTS, ("a whole number, 0 or above", _is_count)),
    **dict.fromkeys(_NUMBERS, ("a number", _is_number)),
    **dict.fromkeys(_TEXTS, ("text", _is_text)),
    **dict.fromkeys(_FLAGS, ("true or false", _is_flag)),
}
_UNTAKEN = {
    # A `$schema` inside a schema would switch to a validator that is not ours.
    "$schema": "Leave it out; it is always JSON Schema 2020-12.",
    "$id": "Leave it out; a schema refers only to its own definitions.",
}
