"""JSON Schemas (2020-12) as they stand in checks, with the limits of hostile text.

A schema uses the keywords listed here, no others: what jsonschema passes over in
silence, or would match with Python's patterns, is `Unsupported`.  It refers only to
its own `#/$defs/name`, never in a circle.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from placet.errors import BadAnswer, Unsupported
from placet.guardrails.drafts import Validating, regexp_of, validator_of
from placet.guardrails.errors import CannotCheck
from placet.shapes import Object

MAX_WORK = 500_000
MAX_PARTS = 2_000
"""A schema's size, every reference written out."""
MAX_MATCHING = 2 * 10**9
"""Instructions of all patterns times characters of the JSON."""
MAX_SAID = 50_000_000
"""Parts times characters: jsonschema's errors quote what they are about."""

_REFERENCE = "#/$defs/"
_ONE = (
    *("items", "contains", "additionalProperties", "propertyNames"),
    *("not", "if", "then", "else"),
)
_LISTS = ("prefixItems", "allOf", "anyOf", "oneOf")
_NAMED = ("properties", "patternProperties", "$defs", "dependentSchemas")
_PLAIN = (
    *("type", "enum", "const", "default", "examples", "required", "multipleOf"),
    *("dependentRequired", "pattern", "$ref", "uniqueItems"),
    *("minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"),
    *("minProperties", "maxProperties", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum"),
    *("title", "description", "$comment", "format"),
    *("deprecated", "readOnly", "writeOnly"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Attributes:
    parts: How many values it is made of, every reference written out.
    program: The sizes of all its patterns' programs, likewise.
    """

    validator: Validating
    parts: int
    program: int

    def fits(self, value: object, size: int, chars: int) -> bool:
        """Args:
        size: How many values *value* is made of, and of how many *chars*.

        Raises:
            CannotCheck: It would take too long.
        """
        too_long = self.parts * size > MAX_WORK or self.parts * chars > MAX_SAID
        if too_long or self.program * chars > MAX_MATCHING:
            raise CannotCheck("checking the JSON with the schema would take too long")
        return self.validator.is_valid(value)


def open_schema(schema: Object) -> Schema:
    """Raises:
    BadAnswer: It is no schema, or too large.
    Unsupported: It uses something that is not taken; or jsonschema is not there.
    """
    try:
        _check(schema)
        parts = _sum(lambda _: 1, schema, schema, {})
        program = _sum(_program, schema, schema, {})
    except RecursionError:
        raise BadAnswer("a schema is nested too deep") from None
    if parts > MAX_PARTS:
        raise BadAnswer("a schema is too large")
    return Schema(validator=validator_of(schema), parts=parts, program=program)


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


def _sum(
    weigh: Callable[[object], int], part: object, root: Object, known: dict[str, int]
) -> int:
    """Add up everything in *part*, every reference written out.

    *known* has what references come to; -1 is one that is being followed.
    """
    total = weigh(part)
    if isinstance(part, list):
        return total + sum(_sum(weigh, inner, root, known) for inner in part)
    if not isinstance(part, Mapping):
        return total
    total += sum(_sum(weigh, inner, root, known) for inner in part.values())
    reference = part.get("$ref")
    if isinstance(reference, str):
        if known.get(reference) == -1:
            raise BadAnswer("a schema refers to itself")
        if reference not in known:
            known[reference] = -1
            target = _target(reference, root)
            known[reference] = _sum(weigh, target, root, known)
        total += known[reference]
    return total


def _program(part: object) -> int:
    if not isinstance(part, Mapping):
        return 0
    keys = part.get("patternProperties")
    patterns = [part.get("pattern"), *(keys if isinstance(keys, Mapping) else ())]
    return sum(regexp_of(p).programsize for p in patterns if isinstance(p, str))


def _target(reference: str, root: Object) -> object:
    name = reference.removeprefix(_REFERENCE)
    definitions = root.get("$defs")
    plain = name != reference and not set(name) & set("/%~")
    if not plain or not isinstance(definitions, Mapping) or name not in definitions:
        raise BadAnswer("a schema refers to something that is not in it")
    return definitions[name]
