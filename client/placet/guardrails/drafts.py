"""The validator of JSON Schemas: jsonschema's, fetching nothing, matching with RE2.

What jsonschema would match with Python's patterns, or compares each with each, is
replaced here: a hostile schema or text could keep it busy for ever.  So is what
collects every error there is, each with a message: the first one is enough.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Protocol, TypeAlias

from placet.errors import BadAnswer
from placet.guardrails.patterns import PatternInvalid, Regexp, compiled, missing
from placet.guardrails.texts import readable
from placet.shapes import Object

_Errors: TypeAlias = Iterator[Exception]


class Validating(Protocol):
    def is_valid(self, value: object, /) -> bool: ...


class _Descends(Protocol):
    def descend(self, value: object, schema: object, /) -> _Errors: ...


def validator_of(schema: Object) -> Validating:
    """Raises:
    BadAnswer: It is no schema.
    Unsupported: jsonschema is not installed.
    """
    draft, registry, invalid = _jsonschema()
    try:
        draft.check_schema(dict(schema))
    except invalid:
        raise BadAnswer("a schema is no JSON Schema") from None
    validator: Validating = draft(dict(schema), registry=registry())
    return validator


@lru_cache(maxsize=2_000)  # RE2 itself remembers very few
def regexp_of(pattern: str) -> Regexp:
    try:
        return compiled(pattern, captures=False)
    except PatternInvalid:  # from None: the error quotes the pattern
        raise BadAnswer("a schema has a pattern that RE2 does not take") from None


def _matches(pattern: str, text: str) -> bool:
    return regexp_of(pattern).search(readable(text)) is not None


# What follows replaces keywords of jsonschema, in the form in which it calls them:
# the validator, the keyword's value, the value to check, the schema around.


def _pattern(_: object, pattern: str, value: object, __: Object) -> _Errors:
    if isinstance(value, str) and not _matches(pattern, value):
        yield _error()


def _pattern_properties(
    validator: _Descends, patterns: Object, value: object, _: Object
) -> _Errors:
    if isinstance(value, dict):
        for pattern, schema in patterns.items():
            for key in value:
                if _matches(pattern, key):
                    yield from validator.descend(value[key], schema)


def _additional_properties(
    validator: _Descends, wanted: object, value: object, schema: Object
) -> _Errors:
    if not isinstance(value, dict):
        return
    named = _named(schema.get("properties", {}))
    patterns = _named(schema.get("patternProperties", {}))
    for key in value:
        if key not in named and not any(_matches(each, key) for each in patterns):
            yield from validator.descend(value[key], wanted)


def _unique_items(_: object, wanted: object, value: object, __: Object) -> _Errors:
    if not wanted or not isinstance(value, list):
        return
    if len(set(map(_identity, value))) < len(value):
        yield _error()


def _any_of(
    validator: _Descends, schemas: list[object], value: object, _: Object
) -> _Errors:
    if not any(_fits(validator, value, each) for each in schemas):
        yield _error()


def _one_of(
    validator: _Descends, schemas: list[object], value: object, _: Object
) -> _Errors:
    fitting = (each for each in schemas if _fits(validator, value, each))
    if len(list(islice(fitting, 2))) != 1:
        yield _error()


def _not(validator: _Descends, schema: object, value: object, _: Object) -> _Errors:
    if _fits(validator, value, schema):
        yield _error()


def _fits(validator: _Descends, value: object, schema: object) -> bool:
    return next(iter(validator.descend(value, schema)), None) is None


def _named(of: object) -> Object:
    return of if isinstance(of, Mapping) else {}


def _identity(value: object) -> object:
    """Equal for values that JSON Schema calls equal: 1 and 1.0, but not true.

    Numbers are written out: any number of them can be chosen to have one hash.
    """
    if isinstance(value, dict):
        return frozenset((key, _identity(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return tuple(map(_identity, value))
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.__class__, repr(value)


def _error() -> Exception:
    from jsonschema.exceptions import ValidationError

    return ValidationError("it does not fit")


@cache
def _jsonschema() -> tuple[Any, Any, type[Exception]]:
    """The kind of validator, an empty registry of schemas, and how it refuses one."""
    try:
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import SchemaError
        from jsonschema.validators import extend
        from referencing import Registry
    except ImportError:
        raise missing("jsonschema") from None
    keywords = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
        "anyOf": _any_of,
        "oneOf": _one_of,
        "not": _not,
    }
    draft = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    return draft, Registry, SchemaError
