"""What is wrong with a request, in our words.

The framework finds what does not fit and says so in words of its own; here each kind
of mistake gets ours.  Places are named and values never: a password may be among them.
"""

from collections.abc import Callable, Mapping
from typing import Any

_NOUNS = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dict": "a mapping",
    "model": "a mapping",
    "model_attributes": "a mapping",
    "dataclass": "a mapping",
    "datetime": "a time, such as 2026-05-03T14:07:00Z",
    "timezone": "a time with its zone, such as 2026-05-03T14:07:00Z",
    "date": "a day, such as 2026-05-03",
}
_KINDS_OF_TYPE = ("type", "parsing", "unicode", "from", "object", "aware", "invalid")

_Context = Mapping[str, Any]


def mistake(told: Mapping[str, Any]) -> str:
    """One mistake: where it is, and what is wrong there."""
    kind, context = str(told["type"]), told.get("ctx") or {}
    if kind == "json_invalid":
        return f"the body is not JSON that can be read: {context.get('error', '')}"
    return f"{_place(told['loc'])} {_wrong(kind, context)}"


def _wrong(kind: str, context: _Context) -> str:
    teller = _TELLERS.get(kind)
    if teller is not None:
        return teller(context)
    for name, noun in _NOUNS.items():
        rest = kind.removeprefix(f"{name}_")
        if rest != kind and rest.split("_")[0] in _KINDS_OF_TYPE:
            return f"must be {noun}"
    return "cannot be that"


def _at_most(context: _Context) -> str:
    return f"has too many entries; at most {context['max_length']:,} are taken"


def _at_least(context: _Context) -> str:
    return f"has too few entries; at least {context['min_length']:,} are needed"


_TELLERS: dict[str, Callable[[_Context], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not known here",
    "enum": lambda context: f"must be one of {_options(context)}",
    "literal_error": lambda context: f"must be one of {_options(context)}",
    "string_too_long": lambda context: (
        f"is too long; at most {context['max_length']:,} characters are taken"
    ),
    "string_too_short": lambda context: (
        f"is too short; at least {context['min_length']:,} characters are needed"
    ),
    "string_pattern_mismatch": lambda context: (
        f"is not of the form {context['pattern']}"
    ),
    "too_long": _at_most,
    "too_short": _at_least,
    "greater_than_equal": lambda context: f"must be at least {context['ge']:,}",
    "greater_than": lambda context: f"must be above {context['gt']:,}",
    "less_than_equal": lambda context: f"must be at most {context['le']:,}",
    "less_than": lambda context: f"must be below {context['lt']:,}",
    "int_parsing_size": lambda _: "is too large a number",
    "finite_number": lambda _: "must be a number that has an end",
}


def _options(context: _Context) -> str:
    return str(context["expected"]).replace("'", "").replace(" or ", ", ")


def _place(path: tuple[str | int, ...]) -> str:
    words = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path[1:])
    return words.removeprefix(".") or f"the {path[0]}" if path else "the request"
