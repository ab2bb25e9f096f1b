"""A text as the checks see it: read once, measured once.

Half a surrogate pair, which no UTF-8 can hold, is read as U+FFFD, so that every
position stays where it was.  More than `MAX_CHARS` characters are not checked.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from placet.guardrails.errors import CannotCheck

MAX_CHARS = 262_144
MAX_BYTES = 4 * MAX_CHARS

Span = tuple[int, int]
"""Where something was found: half-open, in code points."""

_HALVES = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Attributes:
    data: `text` as UTF-8; RE2 is quicker on bytes that it need not make itself.
    """

    text: str
    data: bytes

    def spans(self, found: Iterable[Span]) -> tuple[Span, ...]:
        """Turn positions in `data` into positions in `text`."""
        if len(self.data) == len(self.text):
            return tuple(found)
        spans = list(found)
        places = sorted({place for span in spans for place in span})
        chars = dict(self._chars(places))
        return tuple((chars[start], chars[end]) for start, end in spans)

    def _chars(self, places: Sequence[int]) -> Iterator[tuple[int, int]]:
        at = chars = 0
        for place in places:
            chars += len(self.data[at:place].decode())
            at = place
            yield place, chars


@dataclass(frozen=True, slots=True)
class Words:
    """Where the words of a text begin; a word is what white space surrounds."""

    starts: Sequence[int]

    def between(self, one: Span, other: Span) -> int:
        """Count the words that lie between two spans; -1 within the same word."""
        first, second = sorted((one, other))
        return self._number(second[0]) - self._number(first[1] - 1) - 1

    def _number(self, place: int) -> int:
        return bisect_right(self.starts, place)


def readable(text: str) -> str:
    """Return *text* with U+FFFD for each half of a surrogate pair."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def read(text: str) -> Text:
    """Raises:
    CannotCheck: It is longer than what is checked.
    """
    if len(text) > MAX_CHARS:
        raise CannotCheck(
            f"the text has {len(text):,} characters, at most {MAX_CHARS:,} are checked"
        )
    plain = readable(text)
    return Text(text=plain, data=plain.encode())


def words_of(text: str) -> Words:
    return Words([word.start() for word in _WORD.finditer(text)])


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that overlap; those that only touch stay apart."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
