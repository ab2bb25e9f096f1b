"""What YAML text without quotes means, and which characters YAML text may hold.

* `true`, `false`, `null` and JSON's numbers are what they are in JSON, as long as
  JSON keeps them: integers of 53 bits, finite numbers.
* What a reader of YAML 1.1 or 1.2 could take for something else than text (`no`,
  `012`, `1_000`, `12:30`, a date, `~`, nothing at all) is refused.
* Everything else is text.
"""

import re

from registry.code_points import named
from registry.values import Json, quoted

MAX_INTEGER = 2**53 - 1

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)"
)
"""What may stand in YAML text only as an escape: control characters, and what only
some readers take for the end of a line."""

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?P<rest>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)\Z"
)
_AMBIGUOUS = re.compile(
    r"""(?: ~ | = | << | (?i: null | true | false | yes | no | y | n | on | off )
      | [-+]? \.(?i: inf ) | \.(?i: nan )
      | [-+]? 0b [01_]+ | [-+]? 0o [0-7_]+ | [-+]? 0x [0-9a-fA-F_]+
      | [-+]? (?: [0-9][0-9_]* (?: \.[0-9_]* )? | \.[0-9_]+ ) (?: [eE][-+]?[0-9]+ )?
      | [-+]? [0-9][0-9_]* (?: :[0-5]?[0-9] )+ (?: \.[0-9_]* )?
      | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} (?: (?: [Tt]|[ \t]+ ) [0-9:.]+ [ \tZ0-9:+-]* )?
      )\Z""",
    re.VERBOSE,
)


class NotPlain(ValueError):
    """Text that has to stand in quotes, or has to be left out."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read_plain(text: str) -> Json:
    """Return what *text* means where it stands without quotes.

    Raises:
        NotPlain: Readers differ about it, or JSON cannot hold it.
    """
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.match(text)
    if number:
        return _number(text, whole=number["rest"] == "")
    if not text:
        hint = 'Write a value; `null` for none, `""` for an empty text.'
        raise NotPlain("there is no value here", hint)
    if _AMBIGUOUS.match(text):
        message = f"not every reader of YAML takes {text[:40]} for text"
        raise NotPlain(message, f"Put quotes around it: {quoted(text)}.")
    return text


def is_plain_text(text: str) -> bool:
    """Whether every reader takes *text* for text where it stands without quotes."""
    return not (
        text in _WORDS or text == "" or _AMBIGUOUS.match(text) or _NUMBER.match(text)
    )


def told_character(found: str) -> tuple[str, str]:
    """Return what is wrong with a character that is FORBIDDEN, and what to do."""
    if found == "\r":
        hint = "End lines with LF or CRLF."
        return "a carriage return that ends no line", hint
    if found == "\0":
        return "the character NUL", "Leave it out; no text needs it."
    code = f"\\u{ord(found):04X}"
    hint = f'Leave it out; a case may have it as {code} in double quotes ("...").'
    return f"the character {named(found)}", hint


def _number(text: str, *, whole: bool) -> int | float:
    if whole and len(text) < 20 and abs(int(text)) <= MAX_INTEGER:
        return int(text)
    if not whole and abs(float(text)) != float("inf"):
        return float(text)
    hint = f"If it is meant as text, put quotes around it: {quoted(text)}."
    raise NotPlain(f"the number {text[:40]} is too large for JSON", hint)
