"""JSON Schemas (2020-12) as they stand in checks, with the limits of hostile text.

A schema uses the keywords listed here, no others: what jsonschema passes over in
silence, or would match with Python's patterns, is `Unsupported`.  It refers only to
its own `#/$defs/name`, never in a circle.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from placet.errors import BadAnswer, Unsupported
from placet.guardrails.drafts import Validating, regexp_of, validator_of
from placet.shapes import Object

MAX_PARTS = 2_000
"""A schema's size, every reference written out."""

# What jsonschema takes at worst, in nanoseconds, as measured: all of it for each
# value of the JSON, for what may be asked of every value is asked of every value.
READING = 100
"""For each character of the JSON."""
_SCHEMA = 4_000
_KEYWORD = 4_000
_REFERRING = 20_000
_ENTRY = 1_000
"""For each value within `enum` and the like, and each pattern."""
_NAME = 200
"""For each name of a property."""
_QUOTED = 5
"""For each character of these: errors quote what was asked for."""
_QUOTING = 60
"""For each keyword and each character of the JSON, which errors quote as well."""
_MATCHING = 2
"""For each instruction of a pattern and each character."""

_REFERENCE = "#/$defs/"
_ONE = (
    *("items", "contains", "additionalProperties", "propertyNames"),
    *("not", "if", "then", "else"),
)
_LISTS = ("prefixItems", "allOf", "anyOf", "oneOf")
_NAMED = ("properties", "patternProperties", "$defs", "dependentSchemas")
_ENTRIES = ("enum", "const", "type", "dependentRequired")
_PLAIN = (
    *("type", "enum", "const", "default", "examples", "required", "multipleOf"),
    *("dependentRequired", "pattern", "$ref", "uniqueItems"),
    *("minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"),
    *("minProperties", "maxProperties", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum"),
    *("title", "description", "$comment", "format"),
    *("deprecated", "readOnly", "writeOnly"),
)
_REMARKS = frozenset({"$defs", "default", "examples", *_PLAIN[-7:]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Attributes:
    per_value: What it takes at worst for each value, in nanoseconds.
    per_char: And for each character of the values.
    """

    validator: Validating
    per_value: int
    per_char: int

    def cost(self, size: int, chars: int) -> int:
        """Args:
        size: How many values are checked, written with how many *chars*.
        """
        return self.per_value * size + self.per_char * chars


def open_schema(schema: Object) -> Schema:
    """Raises:
    BadAnswer: It is no schema, or too large.
    Unsupported: It uses something that is not taken; or jsonschema is not there.
    """
    try:
        return _opened(json.dumps(schema))
    except (RecursionError, TypeError):
        raise BadAnswer("a schema is nested too deep, or no JSON") from None


@lru_cache(maxsize=500)  # to hold a schema against JSON Schema's own takes long
def _opened(written: str) -> Schema:
    schema: Object = json.loads(written)
    _check(schema)
    if _parts(schema, schema, {}) > MAX_PARTS:
        raise BadAnswer("a schema is too large")
    validator = validator_of(schema)
    program = _most(_program, schema, schema)
    keywords = _most(_asked, schema, schema)
    return Schema(
        validator=validator,
        per_value=_most(_effort, schema, schema),
        per_char=_QUOTING * keywords + _MATCHING * program,
    )


def _check(schema: object) -> None:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        raise BadAnswer("a schema has to be an object")
    for keyword, value in schema.items():
        if keyword not in {*_ONE, *_LISTS, *_NAMED, *_PLAIN}:
            raise Unsupported(f"a schema uses {str(keyword)[:60]!r}")
        for pattern in _patterns(keyword, value):
            regexp_of(pattern)
        for inner in _schemas(keyword, value):
            _check(inner)


def _patterns(keyword: str, value: object) -> Sequence[str]:
    if keyword == "pattern":
        return [str(value)]
    return list(_mapping(value)) if keyword == "patternProperties" else []


def _schemas(keyword: str, value: object) -> Sequence[object]:
    if keyword in _ONE:
        return [value]
    if keyword in _LISTS:
        return value if isinstance(value, list) else [None]
    return list(_mapping(value).values()) if keyword in _NAMED else []


def _mapping(value: object) -> Object:
    if not isinstance(value, Mapping):
        raise BadAnswer("a schema has something else where an object belongs")
    return value


def _parts(part: object, root: Object, known: dict[str, int]) -> int:
    """Count the values in *part*, every reference written out.

    *known* has what references come to; -1 is one that is being followed.
    """
    if isinstance(part, list):
        return 1 + sum(_parts(inner, root, known) for inner in part)
    if not isinstance(part, Mapping):
        return 1
    total = 1 + sum(_parts(inner, root, known) for inner in part.values())
    reference = part.get("$ref")
    if isinstance(reference, str):
        if known.get(reference) == -1:
            raise BadAnswer("a schema refers to itself")
        if reference not in known:
            known[reference] = -1
            known[reference] = _parts(_target(reference, root), root, known)
        total += known[reference]
    return total


def _most(weigh: Callable[[Object], int], schema: object, root: Object) -> int:
    """Add up all that may be asked of one value, every reference written out.

    A value has one name or place, so that of `properties` and `prefixItems` one
    schema at most is asked of it.
    """
    if not isinstance(schema, Mapping):
        return weigh({})
    total = weigh(schema)
    for keyword, value in schema.items():
        each = [_most(weigh, inner, root) for inner in _schemas(keyword, value)]
        if keyword in {"properties", "prefixItems"}:
            total += max(each, default=0)
        elif keyword != "$defs":
            total += sum(each)
    if "$ref" in schema:
        total += _most(weigh, _target(str(schema["$ref"]), root), root)
    return total


def _effort(schema: Object) -> int:
    """What its own keywords take for one value, without the schemas in them."""
    asked = [schema[keyword] for keyword in _ENTRIES if keyword in schema]
    patterns = _mapping(schema.get("patternProperties", {}))
    required = cast(list[object], schema.get("required", []))
    names = [schema.get(k, {}) for k in ("properties", "dependentSchemas")]
    return (
        _SCHEMA
        + _KEYWORD * _asked(schema)
        + _REFERRING * ("$ref" in schema)
        + _ENTRY * (_parts(asked, {}, {}) + len(patterns))
        + _NAME * (len(required) + sum(len(_mapping(each)) for each in names))
        + _QUOTED * len(json.dumps([asked, required]))
    )


def _asked(schema: Object) -> int:
    return len(schema.keys() - _REMARKS)


def _program(schema: Object) -> int:
    patterns = (p for keyword in schema for p in _patterns(keyword, schema[keyword]))
    return sum(regexp_of(pattern).programsize for pattern in patterns)


def _target(reference: str, root: Object) -> object:
    name = reference.removeprefix(_REFERENCE)
    definitions = root.get("$defs")
    plain = name != reference and not set(name) & set("/%~")
    if not plain or not isinstance(definitions, Mapping) or name not in definitions:
        raise BadAnswer("a schema refers to something that is not in it")
    return definitions[name]
