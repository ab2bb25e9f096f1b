"""Checks of the type `json_schema`: a text that is not the JSON it should be.

* It triggers if the text is no JSON, names something twice, or does not fit. At the
  stage `tool_call`, without a text, the call's arguments are what has to fit.
* `extract: fenced_block` takes what stands in the first block fenced by three or
  more backquotes or tildes; a text without one triggers.
* Nothing is ever fetched, RE2 matches every pattern, `format` is a remark.
* A text that is nested deeper than 64 levels is not checked, nor one that could
  take a rule longer than a tenth of a second, or all rules together longer than
  three tenths: `on_error` decides.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from placet import shapes
from placet.guardrails.errors import CannotCheck
from placet.guardrails.findings import NOTHING, WHOLE, Found
from placet.guardrails.parameters import choice, known
from placet.guardrails.schemas import READING, Schema, open_schema
from placet.guardrails.subjects import MAX_DEPTH, Subject
from placet.shapes import Object

MAX_VALUES = 50_000

# Nothing is given back: a line of tildes alone would be tried at each of them.
_FENCE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)[^\n`]*+\n", re.MULTILINE)


class _NotJson(ValueError):
    """The text is no JSON, or there is none in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonSchema:
    schema: Schema
    is_fenced: bool

    @property
    def needs(self) -> None:
        return None

    def find(self, subject: Subject) -> Found:
        try:
            text = self._json(subject)
            subject.allowance.spend(READING * len(text))
            value = _parsed(text)
        except _NotJson:
            return WHOLE
        subject.allowance.spend(self.schema.cost(_size(value), len(text)))
        return NOTHING if self.schema.validator.is_valid(value) else WHOLE

    def _json(self, subject: Subject) -> str:
        if subject.is_made and subject.tool_call is not None:
            return _dumped(subject.tool_call.arguments)
        text = subject.text.text
        return _fenced(text) if self.is_fenced else text


def open_json_schema(check: Object) -> JsonSchema:
    known(check, ("type", "schema", "extract"), "a json_schema check")
    extract = choice(check, "extract", ("whole", "fenced_block"), "whole")
    return JsonSchema(
        schema=open_schema(shapes.mapping(check, "schema")),
        is_fenced=extract == "fenced_block",
    )


def _fenced(text: str) -> str:
    """What stands in the first fenced block; a block may end with the text."""
    begin = _FENCE.search(text)
    if begin is None:
        raise _NotJson
    fence = begin[1]
    end = re.compile(
        rf"^ {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$", re.MULTILINE
    ).search(text, begin.end())
    return text[begin.end() : end.start() if end else len(text)]


def _parsed(text: str) -> object:
    try:
        value: object = json.loads(
            text, parse_constant=_no_constant, object_pairs_hook=_once
        )
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise _NotJson from None
    return value


def _dumped(arguments: Mapping[str, object]) -> str:
    try:
        return json.dumps(arguments, allow_nan=False, default=dict)
    except RecursionError:
        raise _too_deep() from None
    except (TypeError, ValueError):
        raise _NotJson from None


def _no_constant(_: str) -> object:
    raise _NotJson


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Two readers may take two different ones of what is named twice."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _NotJson
    return value


def _size(value: object) -> int:
    """Count the values in *value*.

    Raises:
        CannotCheck: It is nested too deep, or holds too many.
    """
    count, level = 0, [value]
    for _ in range(MAX_DEPTH + 1):
        count += len(level)
        if count > MAX_VALUES:
            raise CannotCheck(f"the JSON holds more than {MAX_VALUES:,} values")
        level = [inner for each in level for inner in _inner(each)]
        if not level:
            return count
    raise _too_deep()


def _inner(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep() -> CannotCheck:
    return CannotCheck(f"the JSON is nested deeper than {MAX_DEPTH} levels")
