"""Words beside a number that say what it is.

A word counts, whole and in any case, if it ends within 60 characters before a find
or begins within 30 after it.  The words of a phrase stand in that order with spaces
or punctuation between them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

from placet.guardrails.folding import stands_alone
from placet.guardrails.patterns import compiled_long, escape
from placet.guardrails.texts import Span

CHARS_BEFORE = 60
CHARS_AFTER = 30

_WORD = re.compile(r"\w+")
_BETWEEN = r"[^\p{L}\p{N}]{1,3}"


class Context:
    """Where words stand in a text; they are looked for when first asked about.

    One pass finds them all: to look around each of many finds would cost more than
    all finds together.
    """

    def __init__(self, text: str, phrases: Iterable[str]) -> None:
        self._text = text
        self._phrases = frozenset(phrases)

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._phrases)

    def is_near(self, span: Span) -> bool:
        start, end = span
        after = bisect_left(self._starts, end)
        if after < len(self._starts) and self._starts[after] - end <= CHARS_AFTER:
            return True
        before = bisect_left(self._ends, start + 1) - 1
        return before >= 0 and start - self._ends[before] <= CHARS_BEFORE

    @cached_property
    def _words(self) -> list[Span]:
        pattern = "|".join(map(_pattern, sorted(self._phrases)))
        found = compiled_long(pattern, case_sensitive=False, longest=True)
        spans = (each.span() for each in found.finditer(self._text))
        return [span for span in spans if stands_alone(self._text, span)]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._words]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self._words]


def phrases(written: Iterable[str]) -> frozenset[str]:
    """Those that hold a word."""
    return frozenset(each.strip() for each in written if _WORD.search(each))


def _pattern(phrase: str) -> str:
    return _BETWEEN.join(map(escape, _WORD.findall(phrase)))
