"""Inputs: what a prompt asks for, as fields to fill in, and what was filled in.

* What was typed becomes a value by the input's type: a text is taken as it stands,
  a list or an object is JSON.
* An input that is left empty takes its default.  A required text that may be empty
  is given as an empty text.
* A value that does not fit what the prompt declares is told, and rendered all the
  same: a chatbot would do that too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from placet.errors import PlacetError
from placet.guardrails.drafts import validator_of

Kind = Literal["text", "line", "whole", "number", "boolean", "choice", "json"]

LINE_CHARS = 200
"""A text that may have more is written in a larger field."""

SHORT_DEFAULT = 20
"""A text that is usually this short is written on a line, too."""

_SIMPLE = {"boolean": "boolean", "integer": "whole", "number": "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field.

    Attributes:
        default: As JSON; `None` if there is none.
        options: As JSON, of a choice.
        inputs: The whole declaration that it is of.
    """

    name: str
    kind: Kind
    required: bool
    default: str | None
    description: str
    options: tuple[str, ...]
    schema: Mapping[str, Any]
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What came of one field.

    Attributes:
        is_there: Whether there is a value to give.
        wrong: Why there is none, or why it does not fit; empty if all is well.
    """

    is_there: bool
    value: object = None
    wrong: str = ""


def inputs_of(document: Mapping[str, Any]) -> list[Input]:
    """The fields of a prompt: those that it requires first."""
    inputs = document.get("inputs")
    inputs = inputs if isinstance(inputs, dict) else {}
    required = inputs.get("required", ())
    found = [
        _input(name, schema, inputs, name in required)
        for name, schema in inputs.get("properties", {}).items()
        if isinstance(schema, dict)
    ]
    return sorted(found, key=lambda one: not one.required)


def placeholders_of(document: Mapping[str, Any]) -> list[str]:
    """Where a prompt takes turns of the conversation."""
    found = (one.get("placeholder") for one in document.get("messages", ()))
    return [name for name in found if name is not None]


def given(field: Input, raw: object) -> Given:
    """Args:
    raw: What the widget holds; `None` if nothing was put in.
    """
    if raw is None or (raw == "" and not _is_empty_text(field)):
        return Given(is_there=False, wrong="" if field.default else _missing(field))
    try:
        value = _read(field, raw)
    except ValueError as error:
        return Given(is_there=False, wrong=str(error))
    return Given(is_there=True, value=value, wrong=_misfit(field, value))


def raw_of(field: Input, value: object) -> object:
    """What the widget has to hold to give *value*."""
    if field.kind in ("text", "line", "number"):  # `1e5` is text to some readers
        return value if isinstance(value, str) else as_json(value)
    if field.kind == "whole":
        is_whole = isinstance(value, int) and abs(value) < 2**53
        return int(value) if is_whole and isinstance(value, int) else None
    if field.kind == "boolean":
        return value if isinstance(value, bool) else None
    return as_json(value)


def empty_of(field: Input) -> object:
    """What the widget holds while nothing is put in."""
    return "" if field.kind in ("text", "line", "number", "json") else None


def wanted(schema: Mapping[str, Any]) -> str:
    """What fits, in words: `a text of at most 300 characters`."""
    if "enum" in schema:
        return "one of " + ", ".join(spoken(one) for one in schema["enum"][:12])
    kind = schema.get("type")
    if kind == "string":
        if schema.get("format") == "date":
            return "a day, as YYYY-MM-DD"
        form = f" in the form {schema['format']}" if "format" in schema else ""
        return "a text" + _lengths(schema, "Length", "character") + form
    if kind in ("integer", "number"):
        name = "a whole number" if kind == "integer" else "a number"
        least, most = schema.get("minimum"), schema.get("maximum")
        name += f", at least {least}" if least is not None else ""
        return name + (f", at most {most}" if most is not None else "")
    if kind == "array":
        return "a list" + _lengths(schema, "Items", "entry", "entries")
    if kind == "object":
        names = ", ".join(schema.get("required", ()))
        return "an object" + (f" with {names}" if names else "")
    return {"boolean": "true or false"}.get(str(kind), "what the prompt declares")


def spoken(value: object) -> str:
    """A text as it stands, everything else as JSON."""
    return value if isinstance(value, str) else as_json(value)


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _input(
    name: str, declared: Mapping[str, Any], inputs: Mapping[str, Any], required: bool
) -> Input:
    schema = _resolved(declared, inputs)
    default = declared.get("default", schema.get("default", ...))
    options = schema.get("enum")
    return Input(
        name=name,
        kind=_kind(schema),
        required=required,
        default=None if default is ... else as_json(default),
        description=str(declared.get("description", schema.get("description", ""))),
        options=tuple(map(as_json, options)) if isinstance(options, list) else (),
        schema=schema,
        inputs=inputs,
    )


def _kind(schema: Mapping[str, Any]) -> Kind:
    if isinstance(schema.get("enum"), list):
        return "choice"
    kind = schema.get("type")
    if kind == "string":
        default = schema.get("default")
        is_short = schema.get("maxLength", LINE_CHARS + 1) <= LINE_CHARS
        is_short |= isinstance(default, str) and 0 < len(default) <= SHORT_DEFAULT
        return "line" if is_short or "format" in schema else "text"
    if kind == "boolean":
        return "boolean"
    if kind == "integer":
        return "whole"
    return "number" if kind == "number" else "json"


def _resolved(
    schema: Mapping[str, Any], inputs: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What a `$ref` into the declaration leads to; as it stands if to nothing."""
    for _ in range(8):
        to = schema.get("$ref")
        if not isinstance(to, str) or not to.startswith("#/"):
            return schema
        found: Any = inputs
        for part in to[2:].split("/"):
            found = found.get(part) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            return schema
        schema = found
    return schema


def _is_empty_text(field: Input) -> bool:
    """Whether leaving it empty gives an empty text."""
    if field.kind not in ("text", "line") or field.default is not None:
        return False
    is_form = "format" in field.schema or "pattern" in field.schema
    return field.required and not is_form and not field.schema.get("minLength")


def _missing(field: Input) -> str:
    return f"Give {wanted(field.schema)}." if field.required else ""


def _read(field: Input, raw: object) -> object:
    if field.kind not in ("number", "json", "choice") or not isinstance(raw, str):
        return raw
    what = wanted(field.schema)
    try:
        value = json.loads(raw, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        where = ""
        if isinstance(error, json.JSONDecodeError):
            where = f" (line {error.lineno}, column {error.colno}: {error.msg})"
        form = "a number" if field.kind == "number" else "JSON"
        raise ValueError(f"This is not {form}{where}. Give {what}.") from None
    if field.kind == "number" and not _is_number(value):
        raise ValueError(f"This is not a number. Give {what}.")
    return value


def _refused(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _misfit(field: Input, value: object) -> str:
    alone = {
        **field.inputs,
        "properties": {field.name: field.schema},
        "required": [],
    }
    try:
        if validator_of(alone).is_valid({field.name: value}):
            return ""
    except (PlacetError, RecursionError):
        return ""
    return f"It does not fit: the prompt declares {wanted(field.schema)}."


def _lengths(schema: Mapping[str, Any], of: str, one: str, many: str = "") -> str:
    least, most = schema.get(f"min{of}"), schema.get(f"max{of}")
    many = many or f"{one}s"
    if least and most:
        return f" of {least:,} to {most:,} {many}"
    if most:
        return f" of at most {most:,} {one if most == 1 else many}"
    return f" of at least {least:,} {one if least == 1 else many}" if least else ""
