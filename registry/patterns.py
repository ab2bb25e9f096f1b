"""Regular expressions, always RE2's: linear time whatever the text.

They are compiled by the code that a chatbot's guardrails compile theirs with, so
that there is one limit and one reading of a pattern.  A pattern matches anywhere
in a text unless `^` and `$` hold it.
"""

import re
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
_NOT_MEANT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
"""What double quotes in YAML make of `\\b` and the like; tabs and line ends may be."""

_TOO_LONG = f"Keep it under {MAX_PATTERN_CHARS:,} characters."
_TOO_LARGE = "Repeat less, above all of Unicode classes such as \\pL{100}."
_REMEDIES: tuple[tuple[str, str], ...] = (
    (r"missing \):", "Close the group with `)`, or write `\\(` for the character."),
    (r"missing \]:", "Close the class with `]`, or write `\\[` for the character."),
    (r"unexpected \):", "Open a group with `(`, or write `\\)` for the character."),
    (
        r"no argument for repetition operator: (.)",
        "Write before it what is repeated, or `\\{0}` for the character.",
    ),
    (
        "bad repetition operator:",
        "Write one repetition only, or a group around the inner one, as (?:a+)*; "
        "RE2 has no possessive ones.",
    ),
    (
        "invalid repetition size:",
        "Repeat at most 1,000 times, groups within groups together, and write the "
        "smaller number first.",
    ),
    (r"invalid perl operator: \(\?<?[=!]", "RE2 has no lookaround; write it without."),
    (
        r"invalid perl operator: \(\?P$",
        "Write (?P<name>...) for a group; RE2 has no backreferences to it.",
    ),
    (
        "invalid perl operator:",
        "RE2 takes `(?:...)`, `(?P<name>...)` and the flags i, m, s and U, as "
        "`(?i)`; write it with these.",
    ),
    (
        "invalid named capture group:",
        "Write (?P<name>...), the name in letters, digits and `_`.",
    ),
    (
        r"invalid escape sequence: \\[1-9k]",
        "RE2 has no backreferences; write it without.",
    ),
    (
        r"invalid escape sequence: \\Z",
        "Write `\\z` for the end of the text; in RE2 `$` is that too.",
    ),
    (
        r"invalid escape sequence: \\[xuU]",
        "Write a character by its number as `\\x{{20AC}}`, up to 10FFFF.",
    ),
    (
        r"invalid escape sequence: \\[bBdDwWsS]",
        "That cannot stand there in a class: write it outside of `[...]`, or as the "
        "end of no range.",
    ),
    (
        r"invalid escape sequence: \\(\w)",
        "RE2 does not know it: write `{0}` for the letter, `\\\\` for a backslash.",
    ),
    (r"trailing \\", "Write `\\\\` for a backslash."),
    (
        "invalid character class range:",
        "Write a range from the lower to the higher character, a hyphen itself as "
        "`\\-`, and classes as [[:alpha:]], \\pL or \\p{{Greek}}.",
    ),
    ("the pattern holds half of", "Write the whole character."),
    ("pattern too large", _TOO_LARGE.replace("{", "{{").replace("}", "}}")),
)
"""What helps against what RE2 says: the first that fits how it begins."""

_MAX_SHOWN = 60
_CONTEXT = 12
_DOTS = "..."


def check_pattern(pattern: str) -> str:
    """Return *pattern* if RE2 takes it.

    Raises:
        Invalid: It is too long, has control characters, or RE2 does not take it.
    """
    try:
        compiled(pattern)
    except PatternInvalid as error:
        hint = _TOO_LONG if len(pattern) > MAX_PATTERN_CHARS else _remedy(str(error))
        raise Invalid(str(error), hint=hint) from error
    if found := _NOT_MEANT.search(pattern):
        number = f"{ord(found[0]):04X}"
        raise Invalid(
            f"the pattern holds a control character, U+{number}",
            hint="Write it in single quotes, in which `\\b` stays as it is; for the "
            f"character itself write `\\x{{{number}}}`.",
        )
    return pattern


def _remedy(message: str) -> str:
    said = message.partition(" the pattern: ")[2] or message
    for begins, remedy in _REMEDIES:
        if found := re.match(begins, said):
            return remedy.format(*found.groups())
    return "Write it as RE2 reads patterns."


def difference(old: str, new: str) -> tuple[str, str]:
    """The two as a sentence shows them: the place where they differ, if they are long.

    They are at most as long as `registry.values.quoted` shows them whole.
    """
    if max(len(old), len(new)) <= _MAX_SHOWN:
        return old, new
    begin = _alike(old, new)
    end = _alike(old[begin:][::-1], new[begin:][::-1])
    return _around(old, begin, len(old) - end), _around(new, begin, len(new) - end)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    return next((place for place, (a, b) in pairs if a != b), shorter)


def _around(text: str, begin: int, end: int) -> str:
    """What stands there, with what is beside it."""
    first, last = max(0, begin - _CONTEXT), min(len(text), end + _CONTEXT)
    shown = text[first:last]
    room = _MAX_SHOWN - 2 * len(_DOTS)
    if len(shown) > room:
        half = (room - len(_DOTS)) // 2
        shown = shown[:half] + _DOTS + shown[-half:]
    return _DOTS * (first > 0) + shown + _DOTS * (last < len(text))


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
            message = "the patterns up to here are too large"
            yield where, Invalid(message, hint=_TOO_LARGE)
            return


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern that was checked matches anywhere in *text*."""
    try:
        return compiled(pattern).search(text) is not None
    except UnicodeEncodeError:  # half a character, which no pattern describes
        return False
