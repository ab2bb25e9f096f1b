"""Text as a detector reads it: one spelling of digits, spaces and hyphens.

People and models write full-width or Arabic digits, a space that does not break, a
dash for a hyphen, and somebody who wants to pass writes a character without width
between two digits.  The rules:

 * A decimal digit of any script is read as 0 to 9, full-width ASCII as ASCII, any
   space as a space, any hyphen or dash as `-`.  Lines stay lines.
 * A character that shows nothing (zero width, bidi, tags, variation selectors) is
   not read at all.
 * Half of a surrogate pair is read as U+FFFD, so that RE2 takes the text.
 * A position in what is read leads back to the text as it was given.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from placet.guardrails.texts import Span, readable

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e0fff]"
)
WITHOUT_SPACES_FROM = "\u0e00"
"""From Thai on there are scripts that put no spaces between words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What is read of a text.

    Attributes:
        places: Where each character of `text` stands in the text as it was given;
            None if each stands where it stood.
    """

    text: str
    places: Sequence[int] | None

    def given(self, span: Span) -> Span:
        """Where a span that is not empty stands in the text as it was given."""
        if self.places is None:
            return span
        return self.places[span[0]], self.places[span[1] - 1] + 1


def folded(text: str) -> Folded:
    if text.isascii():
        return Folded(text=text, places=None)
    places = None
    if _UNSEEN.search(text) is not None:
        places = [at for at, char in enumerate(text) if not _UNSEEN.match(char)]
        text = "".join([text[at] for at in places])
    return Folded(text=readable(text).translate(_spellings()), places=places)


def stands_alone(text: str, span: Span) -> bool:
    """Whether no letter or digit touches the span.

    Letters of scripts that are written without spaces may: they are no part of a
    number that they stand beside.
    """
    start, end = span
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (_joins(before) or _joins(after))


def _joins(char: str) -> bool:
    return char.isalnum() and char < WITHOUT_SPACES_FROM


@cache
def _spellings() -> dict[int, str]:
    """Built when the first text needs it: it looks at every character there is."""
    spellings: dict[int, str] = {}
    for code in range(0x80, 0x20000):
        category = unicodedata.category(chr(code))
        if category == "Nd":
            spellings[code] = str(unicodedata.decimal(chr(code)))
        elif category == "Zs":
            spellings[code] = " "
        elif category == "Pd" or code == 0x2212:
            spellings[code] = "-"
    spellings |= {0xFF00 + code: chr(0x20 + code) for code in range(1, 0x5F)}
    return spellings
