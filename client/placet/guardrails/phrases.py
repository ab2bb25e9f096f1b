"""Words and phrases, found wherever they stand in a text, also where they overlap.

* A space within a phrase stands for any white space, a line end too.
* Upper and lower case are folded character by character: `STRASSE` is not
  `straße`.
* A whole word has no letter, mark, number or `_` beside it, in any script.  An end
  of a phrase that is none of these itself (`C++`, `$5`) may have anything beside
  it.
* Of phrases that begin at one place, the longest that fits counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from placet.guardrails.findings import Need
from placet.guardrails.patterns import Regexp, compiled_long, escape
from placet.guardrails.texts import Span

MAX_FOUND = 10_000
MAX_GROUP_CHARS = 600
"""What one pattern may hold: so large that few are needed, so small that RE2 need
not give up its quickest way of matching."""

_BEFORE = r"(?:\A|[^0-9A-Za-z_])"
_AFTER = r"(?:\z|[^0-9A-Za-z_])"
"""No more than ASCII: Unicode's letters would take RE2 a hundred times longer to
compile.  What stands beside a phrase and is not ASCII is looked at afterwards."""

_SPACE = r"[\s\pZ]+"

_Ends = tuple[bool, bool]


class TooMany(Exception):
    """A text consists of little else than these phrases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Phrases that need the same on their left and right, as one pattern."""

    regexp: Regexp
    patterns: Sequence[str]
    case_sensitive: bool
    ends: _Ends

    def find(self, data: bytes) -> Iterator[Span]:
        """Search again just after where the last one began, to find what overlaps."""
        at = 0
        while (match := self.regexp.search(data, at)) is not None:
            start, end = match.span(1)
            if self._begins(data, start):
                if self._ends(data, end):
                    yield start, end
                else:
                    yield from self._shorter(data, start)
            at = start if self.ends[0] and start > at else _after(data, start)

    def _begins(self, data: bytes, start: int) -> bool:
        return not self.ends[0] or not _is_wordly(_char_before(data, start))

    def _ends(self, data: bytes, end: int) -> bool:
        return not self.ends[1] or not _is_wordly(data[end : _after(data, end)])

    def _shorter(self, data: bytes, start: int) -> Iterator[Span]:
        """The longest has a letter beside it; another may have none."""
        found = (one.match(data, start) for one in _each(self))
        ends = [match.span()[1] for match in found if match is not None]
        fitting = [end for end in ends if self._ends(data, end)]
        if fitting:
            yield start, max(fitting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Attributes:
    needs: One of these patterns matches wherever a phrase is found.
    """

    needs: tuple[Need, ...]
    _groups: Sequence[_Group]

    def find(self, data: bytes) -> list[Span]:
        """Return where the phrases are, in bytes and in order.

        Raises:
            TooMany: There are more than `MAX_FOUND`.
        """
        every = (span for group in self._groups for span in group.find(data))
        spans = list(islice(every, MAX_FOUND + 1))
        if len(spans) > MAX_FOUND:
            raise TooMany
        return list(dict(sorted(spans)).items())  # of one start, the last end


def open_phrases(
    phrases: Iterable[str], *, whole_words: bool, case_sensitive: bool
) -> Phrases:
    by_ends: dict[_Ends, list[str]] = {}
    for phrase in sorted(set(phrases)):
        ends = _ends(phrase) if whole_words else (False, False)
        by_ends.setdefault(ends, []).append(_pattern(phrase))
    groups = [
        _group(ends, few, case_sensitive)
        for ends, patterns in by_ends.items()
        for few in _grouped(patterns)
    ]
    return Phrases(
        needs=tuple(
            Need(pattern="|".join(group.patterns), case_sensitive=case_sensitive)
            for group in groups
        ),
        _groups=groups,
    )


def _group(ends: _Ends, patterns: Sequence[str], case_sensitive: bool) -> _Group:
    before, after = _BEFORE if ends[0] else "", _AFTER if ends[1] else ""
    regexp = compiled_long(
        f"{before}({'|'.join(patterns)}){after}",
        case_sensitive=case_sensitive,
        longest=True,
    )
    return _Group(
        regexp=regexp, patterns=patterns, case_sensitive=case_sensitive, ends=ends
    )


def _each(group: _Group) -> Iterator[Regexp]:
    return (
        compiled_long(pattern, case_sensitive=group.case_sensitive, longest=True)
        for pattern in group.patterns
    )


def _pattern(phrase: str) -> str:
    words = [escape(word) for word in phrase.split()]
    return _SPACE.join(words) or _SPACE


def _ends(phrase: str) -> _Ends:
    words = "".join(phrase.split()) or " "
    return _is_wordly(words[0].encode()), _is_wordly(words[-1].encode())


@lru_cache(maxsize=4_096)
def _is_wordly(char: bytes) -> bool:
    """Whether it is a letter, mark, number or `_`; nothing is none."""
    return _wordly().search(char) is not None


@cache
def _wordly() -> Regexp:
    return compiled_long(r"[\pL\pM\pN_]")


def _grouped(patterns: Iterable[str]) -> Iterator[list[str]]:
    few: list[str] = []
    chars = 0
    for pattern in patterns:
        if few and chars + len(pattern) > MAX_GROUP_CHARS:
            yield few
            few, chars = [], 0
        few.append(pattern)
        chars += len(pattern)
    if few:
        yield few


def _char_before(data: bytes, place: int) -> bytes:
    start = max(0, place - 1)
    while start > 0 and data[start] & 0xC0 == 0x80:
        start -= 1
    return data[start:place]


def _after(data: bytes, place: int) -> int:
    """The place of the next character."""
    place += 1
    while place < len(data) and data[place] & 0xC0 == 0x80:
        place += 1
    return place
