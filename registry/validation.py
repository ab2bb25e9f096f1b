"""Checking values with JSON Schemas (2020-12).

Nothing is ever fetched, every pattern is matched by RE2, `format` is a remark and
not a rule, and values that would take noticeable time to check are refused.
"""

import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, Protocol, TypeAlias

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from registry.findings import MAX_FINDINGS, Place, Problem, place_of
from registry.json_schemas import Schema, expanded
from registry.misfits import Misfit, told
from registry.patterns import matches
from registry.values import Json, count

MAX_WORK = 500_000

_Errors: TypeAlias = Iterator[ValidationError]


class _Descends(Protocol):
    def descend(self, value: Json, schema: Json | Schema, path: str) -> _Errors: ...


class Checker:
    """Checks values with one schema, which must have no problems itself."""

    def __init__(self, schema: Schema) -> None:
        self._validator = _Draft(dict(schema), registry=Registry())

    def problems(self, value: Json, place: Place | None = None) -> Iterator[Problem]:
        """Tell what does not fit, with paths within *value*.

        Args:
            place: Where *value* stands, if it was read from text: the words can
                then say what to put quotes around.
        """
        for error in islice(self._validator.iter_errors(value), MAX_FINDINGS + 1):
            misfit = _misfit(error, place)
            message, hint = told(misfit)
            yield Problem(path=misfit.path, message=message, hint=hint)


def author_problems(
    schema: Schema, value: Json, place: Place | None = None
) -> Iterator[Problem]:
    """The same with a schema whose size is its author's choice."""
    if expanded(schema) * count(value) > MAX_WORK:
        message = "checking the values with the schema would take too long"
        yield Problem(path=(), message=message, hint="Make one of them smaller.")
    else:
        yield from Checker(schema).problems(value, place)


def _misfit(error: ValidationError, place: Place | None) -> Misfit:
    path = tuple(error.absolute_path)
    value: Any = error.instance
    if "propertyNames" in error.absolute_schema_path:
        path = (*path, str(value))
    scalar = not isinstance(value, (str, list, dict))
    typed = place_of(place, path).plain if place is not None and scalar else None
    schema: Any = error.schema
    limit: Any = error.validator_value
    return Misfit(
        path=path,
        keyword=str(error.validator),
        limit=limit,
        value=value,
        schema=schema,
        said=error.message,
        typed=typed,
    )


# What follows replaces keywords of jsonschema, in the form in which it calls them:
# the validator, the keyword's value, the value to check, the schema around.  Its
# own `pattern`s are Python's, which a hostile one can keep busy for ever.


def _pattern(_: _Descends, pattern: str, value: Json, __: Schema) -> _Errors:
    if isinstance(value, str) and not matches(pattern, value):
        yield ValidationError("the pattern does not match")


def _pattern_properties(
    validator: _Descends, patterns: dict[str, Schema], value: Json, _: Schema
) -> _Errors:
    if isinstance(value, dict):
        for pattern, schema in patterns.items():
            for key in filter(partial(matches, pattern), value):
                yield from validator.descend(value[key], schema, path=key)


def _additional_properties(
    validator: _Descends, wanted: Json, value: Json, schema: dict[str, Any]
) -> _Errors:
    """One error for each unknown key, with the path of the key itself."""
    if not isinstance(value, dict):
        return
    named = schema.get("properties", ())
    patterns = schema.get("patternProperties", ())
    for key in value:
        if key in named or any(matches(pattern, key) for pattern in patterns):
            continue
        if wanted is False:
            yield ValidationError("the key is not known", path=[key])
        else:
            yield from validator.descend(value[key], wanted, path=key)


def _required(_: _Descends, names: list[str], value: Json, __: Schema) -> _Errors:
    """The message is the name that is missing: `Misfit.said` needs no more."""
    if isinstance(value, dict):
        yield from (ValidationError(name) for name in names if name not in value)


def _unique_items(_: _Descends, wanted: bool, value: Json, __: Schema) -> _Errors:
    """In linear time, where jsonschema compares each with each."""
    if wanted and isinstance(value, list):
        different = {json.dumps(each, sort_keys=True) for each in value}
        if len(different) < len(value):
            yield ValidationError("it holds the same value twice")


_Draft: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "required": _required,
        "uniqueItems": _unique_items,
    },
)
