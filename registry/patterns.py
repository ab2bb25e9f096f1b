"""Regular expressions, always RE2's: linear time whatever the text.

They are compiled by the code that a chatbot's guardrails compile theirs with, so
that there is one limit and one reading of a pattern.  A pattern matches anywhere
in a text unless `^` and `$` hold it.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from placet.guardrails.patterns import MAX_PATTERN_CHARS, PatternInvalid, compiled
from registry.errors import Invalid

MAX_INSTRUCTIONS = 1_000_000
"""How large the patterns of one document may be together, as RE2 compiles them.

A short pattern may be large: `\\pL{100}` has 120,000 instructions and takes 45 ms.
"""

Where = TypeVar("Where")

_REFUSED = 20_000
"""What a refused pattern counts for: RE2 may have worked on it until it gave up."""
_TOO_LONG = f"Keep it under {MAX_PATTERN_CHARS:,} characters."
_NOT_RE2 = "RE2 has no lookaround and no backreferences; write it without them."


def check_pattern(pattern: str) -> str:
    """Return *pattern* if RE2 takes it.

    Raises:
        Invalid: It is too long, or RE2 does not take it.
    """
    try:
        compiled(pattern)
    except PatternInvalid as error:
        hint = _TOO_LONG if len(pattern) > MAX_PATTERN_CHARS else _NOT_RE2
        raise Invalid(str(error), hint=hint) from error
    return pattern


def refusals(patterns: Iterable[tuple[Where, str]]) -> Iterator[tuple[Where, Invalid]]:
    """Yield what is wrong with patterns of one document, and where.

    The time that this takes is bounded, whatever the patterns.
    """
    left = MAX_INSTRUCTIONS
    for where, pattern in patterns:
        try:
            left -= compiled(check_pattern(pattern)).programsize
        except Invalid as error:
            left -= _REFUSED
            yield where, error
        if left < 0:
            hint = "Repeat less, above all of Unicode classes such as \\pL{100}."
            yield where, Invalid("the patterns up to here are too large", hint=hint)
            return


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern that was checked matches anywhere in *text*."""
    try:
        return compiled(pattern).search(text) is not None
    except UnicodeEncodeError:  # half a character, which no pattern describes
        return False
