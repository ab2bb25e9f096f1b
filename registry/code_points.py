"""Code points: what each is called, and how one is shown that cannot be seen.

A character that hides is shown by its number and its name, between angle brackets,
so that nobody takes it for what stands beside it: `<U+200B ZERO WIDTH SPACE>`.
"""

import unicodedata

_CONTROLS = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x09: "TAB",
    0x0A: "LINE FEED",
    0x0B: "VERTICAL TAB",
    0x0C: "FORM FEED",
    0x0D: "CARRIAGE RETURN",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
    0x85: "NEXT LINE",
    0x9B: "CONTROL SEQUENCE INTRODUCER",
}
"""Names that Unicode gives as aliases only."""

_OF_CATEGORY = {
    "Cc": "CONTROL CHARACTER",
    "Cs": "HALF OF A SURROGATE PAIR",
    "Co": "PRIVATE USE",
}
_NONCHARACTERS = range(0xFDD0, 0xFDF0)


def named(char: str) -> str:
    """`U+200B ZERO WIDTH SPACE`."""
    number = ord(char)
    name = unicodedata.name(char, "") or _CONTROLS.get(number)
    name = name or _OF_CATEGORY.get(unicodedata.category(char), "UNASSIGNED")
    return f"U+{number:04X} {'NONCHARACTER' if is_noncharacter(char) else name}"


def marked(char: str) -> str:
    """`<U+200B ZERO WIDTH SPACE>`."""
    return f"<{named(char)}>"


def is_noncharacter(char: str) -> bool:
    """Whether it is one of the 66 code points that never become a character."""
    number = ord(char)
    return number in _NONCHARACTERS or number & 0xFFFE == 0xFFFE
