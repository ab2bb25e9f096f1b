"""What does not fit a schema, said in plain words.

A schema's `description` is written for people who fill it in, so it is also what
they are told when what they wrote does not fit.
"""

import difflib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from registry.values import Json, Path, quoted, spoken

MAX_LISTED = 50

_SHORT_VERSION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?\Z")

_NOUNS = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}
_WRITE = {
    "string": "Write text.",
    "object": "Write `key: value` lines, indented below it.",
    "array": "Write a list, each entry after `- `.",
    "boolean": "Write true or false, without quotes.",
    "integer": "Write a whole number, without quotes.",
    "number": "Write a number, without quotes.",
    "null": "Write null.",
}
_AMOUNTS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A value that does not fit one keyword of a schema.

    Attributes:
        path: Leads to the value; to the key itself where a key is the matter.
        keyword: The keyword of the schema, with its own value as `limit`.
        schema: The schema that has the keyword.
        said: What the validator said; for `required`, the name that is missing.
        typed: What stood there without quotes.
    """

    path: Path
    keyword: str
    limit: Json
    value: Json
    schema: Json
    said: str
    typed: str | None

    @property
    def name(self) -> str:
        return spoken(self.path) or "this"

    @property
    def description(self) -> str:
        said = self.schema.get("description") if isinstance(self.schema, dict) else None
        return str(said or "Correct it as the schema says.")


def told(misfit: Misfit) -> tuple[str, str]:
    """Return what is wrong, and what to do."""
    teller = _TELLERS.get(misfit.keyword)
    if teller is None:
        asked = f"what its schema asks for under `{misfit.keyword}`"
        return f"{misfit.name} is not {asked}", misfit.description
    return teller(misfit)


def nearest(given: str, known: list[str]) -> str:
    """Return a hint for what somebody may have meant who wrote *given*."""
    near = difflib.get_close_matches(given[:100], known, n=1)
    if near:
        return f"Did you mean `{near[0]}`?"
    more = ", ..." if len(known) > MAX_LISTED else ""
    listed = ", ".join(known[:MAX_LISTED]) + more
    return f"Known: {listed}." if known else "Leave it out."


def _type(misfit: Misfit) -> tuple[str, str]:
    wanted = misfit.limit if isinstance(misfit.limit, list) else [misfit.limit]
    types = [str(each) for each in wanted]
    noun = _noun(misfit.value)
    if "string" in types and misfit.typed is not None:
        return (
            f"{misfit.name} is text, but {misfit.typed[:40]} is read as {noun}",
            f"Put quotes around it: {quoted(_as_text(misfit))}.",
        )
    nouns = " or ".join(_NOUNS[each] for each in types)
    hint = _WRITE[types[0]]
    if types == ["array"] and _is_described_entry(misfit):
        hint = misfit.description  # a list in a list: its form is easily missed
    return f"{misfit.name} must be {nouns}, not {noun}", hint


def _as_text(misfit: Misfit) -> str:
    """What was typed; a version gets the three numbers that it has."""
    typed = misfit.typed or ""
    if misfit.path == ("version",) and _SHORT_VERSION.match(typed):
        return typed + ".0" * (2 - typed.count("."))
    return typed


def _is_described_entry(misfit: Misfit) -> bool:
    described = isinstance(misfit.schema, dict) and "description" in misfit.schema
    return described and any(isinstance(step, int) for step in misfit.path[-1:])


def _unknown(misfit: Misfit) -> tuple[str, str]:
    key = str(misfit.path[-1]) if misfit.path else ""
    return f"{misfit.name} is not known here", nearest(key, sorted(_declared(misfit)))


def _missing(misfit: Misfit) -> tuple[str, str]:
    around = f" in {spoken(misfit.path)}" if misfit.path else ""
    known = _declared(misfit).get(misfit.said)
    hint = known.get("description") if isinstance(known, dict) else None
    return f"`{misfit.said}` is missing{around}", str(hint or "Add it.")


def _choice(misfit: Misfit) -> tuple[str, str]:
    options = misfit.limit if misfit.keyword == "enum" else [misfit.limit]
    listed = options if isinstance(options, list) else []
    known = [each if isinstance(each, str) else _shown(each) for each in listed]
    message = f"{misfit.name} cannot be {_shown(misfit.value)}"
    return message, nearest(str(misfit.value), known)


def _pattern(misfit: Misfit) -> tuple[str, str]:
    if misfit.path[-1:] == (misfit.value,):  # a key, by `propertyNames`
        around = spoken(misfit.path[:-1])
        message = f"{quoted(str(misfit.value))} cannot be a name in {around}"
        return message, misfit.description
    return f"{misfit.name} cannot be {_shown(misfit.value)}", misfit.description


def _size(misfit: Misfit) -> tuple[str, str]:
    has = len(misfit.value) if isinstance(misfit.value, (str, list, dict)) else 0
    unit = "characters" if misfit.keyword.endswith("Length") else "entries"
    if has == 0:
        return f"{misfit.name} is empty", misfit.description
    if misfit.limit == 0:
        return f"{misfit.name} must be empty", misfit.description
    bound = "at most" if misfit.keyword.startswith("max") else "at least"
    message = f"{misfit.name} has {has:,} {unit}; {bound} {misfit.limit} are taken"
    return message, misfit.description


def _amount(misfit: Misfit) -> tuple[str, str]:
    bound = f"{_AMOUNTS[misfit.keyword]} {_shown(misfit.limit)}"
    message = f"{misfit.name} is {_shown(misfit.value)}, it must be {bound}"
    return message, misfit.description


def _twice(misfit: Misfit) -> tuple[str, str]:
    return f"{misfit.name} holds the same value twice", misfit.description


_TELLERS: dict[str, Callable[[Misfit], tuple[str, str]]] = {
    "type": _type,
    "additionalProperties": _unknown,
    "required": _missing,
    "enum": _choice,
    "const": _choice,
    "pattern": _pattern,
    "uniqueItems": _twice,
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _size),
    **dict.fromkeys(("minProperties", "maxProperties"), _size),
    **dict.fromkeys(_AMOUNTS, _amount),
}


def _declared(misfit: Misfit) -> dict[str, Json]:
    schema = misfit.schema if isinstance(misfit.schema, dict) else {}
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _noun(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return _shown(value)
    if isinstance(value, (int, float)):
        return f"the number {_shown(value)}"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"


def _shown(value: Json) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 80 else shown[:80] + "..."
