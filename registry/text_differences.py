"""Text differences: two texts line by line, with the words that differ marked.

A line stands as it is in the text, so that what is read is what is decided on.
Where lines were replaced, the words of the old and the new ones are compared
across line ends: a paragraph that was only broken anew shows few marks.  A
passage within an item of a list says which item, such as a rule, if that is
further up.

The work is bounded, whatever an author writes.  What both texts begin and end with
is not compared; what is long, or repeats itself very often, is marked in whole lines,
in the end as one passage.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal

CONTEXT = 3
MAX_WORDS = 3000
"""Of a replaced passage; beyond that whole lines are marked, to stay quick."""

MAX_LINES = 3000
"""Of both texts, between what they begin and end with; beyond it is one passage."""

MAX_PAIRS = 30_000
"""Of equal words of two passages, or of equal lines, each with each.

The matcher goes through them again for every piece that it finds.
"""

_Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]
_Group = list[tuple[str, int, int, int, int]]
_ITEM = re.compile(r" *- (?:id|name|term|role|rule): ")
"""How an item begins that says which one it is."""

_WORD = re.compile(r"\n|\w+[^\S\n]*|[^\w\n][^\S\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Part of a line; `marked` where it differs from the other text."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Attributes:
    sign: `-`, `+`, a space, or `@` between passages.
    """

    sign: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def compare(before: str | None, after: str | None) -> tuple[Line, ...]:
    """What differs, with three lines around it; nothing if nothing does.

    Args:
        before: `None` if there was no text.
    """
    old, new = _both(before, after)
    return tuple(_passages(old, new))


class _Lines(SequenceMatcher[str]):
    """Compares what is between the lines that both texts begin and end with."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.begin = _alike(zip(old, new, strict=False))
        old, new = old[self.begin :], new[self.begin :]
        self.end = _alike(zip(reversed(old), reversed(new), strict=False))
        old, new = old[: len(old) - self.end], new[: len(new) - self.end]
        self.between = (len(old), len(new))
        # Lines that stand everywhere then match beside others alone.
        super().__init__(None, old, new, autojunk=_pairs(old, new) > MAX_PAIRS)

    def get_opcodes(self) -> list[_Opcode]:
        old, new = self.between
        found: list[_Opcode] = [("replace", 0, old, 0, new)]
        if old + new <= MAX_LINES:
            found = super().get_opcodes()
        at = self.begin
        shifted: list[_Opcode] = [
            (tag, i1 + at, i2 + at, j1 + at, j2 + at) for tag, i1, i2, j1, j2 in found
        ]
        i, j = at + old, at + new
        every: list[_Opcode] = [
            ("equal", 0, at, 0, at),
            *shifted,
            ("equal", i, i + self.end, j, j + self.end),
        ]
        return [one for one in every if one[1] < one[2] or one[3] < one[4]]


def _alike(lines: Iterable[tuple[str, str]]) -> int:
    """How many pairs are alike, before the first one that is not."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], lines))


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of the two are equal."""
    counts = Counter(new)
    return sum(counts[one] * count for one, count in Counter(old).items())


def _passages(old: list[str], new: list[str]) -> Iterator[Line]:
    left = MAX_PAIRS
    matcher = _Lines(old, new)
    for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT)):
        first = group[0]
        if number or first[1] or first[3]:
            item = _item(group, old, new)
            where = f", in {item}" if item else ""
            yield _line("@", f"line {first[3] + 1}{where}")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (_line(" ", text) for text in old[i1:i2])
            else:
                before, after = old[i1:i2], new[j1:j2]
                left -= _pairs(_words(before), _words(after))
                yield from _replaced(before, after, by_words=left >= 0)


def _item(group: _Group, old: list[str], new: list[str]) -> str:
    """The item of a list that the first edit of *group* is in, if it begins above."""
    _, i1, _, j1, j2 = next(one for one in group if one[0] != "equal")
    lines, at, shown = (new, j1, group[0][3]) if j2 > j1 else (old, i1, group[0][1])
    indent = _indent(lines[at]) if lines[at].strip() else len(lines[at])
    for number in range(at - 1, -1, -1):
        text = lines[number]
        if text.strip() and _indent(text) < indent:
            if _ITEM.match(text):
                return "" if number >= shown else text.strip().removeprefix("- ")
            indent = _indent(text)
    return ""


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _replaced(
    old: Sequence[str], new: Sequence[str], *, by_words: bool
) -> Iterator[Line]:
    before, after = _words(old), _words(new)
    is_long = len(before) + len(after) > MAX_WORDS
    if not old or not new or is_long or not by_words:
        yield from (_line("-", text, marked=True) for text in old)
        yield from (_line("+", text, marked=True) for text in new)
        return
    # Without line ends, and whatever space comes after a word.
    keys = [
        [word.strip() for word in words if word != "\n"] for words in (before, after)
    ]
    marks = [[True] * len(one) for one in keys]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        marks[0][a : a + size] = marks[1][b : b + size] = [False] * size
    yield from _broken("-", before, marks[0])
    yield from _broken("+", after, marks[1])


def _words(lines: Sequence[str]) -> list[str]:
    return _WORD.findall("\n".join(lines))


def _broken(sign: str, words: list[str], marks: list[bool]) -> Iterator[Line]:
    """The lines that *words* came from, neighbours of one mark put together."""
    pieces: list[Piece] = []
    left = iter(marks)
    for word in [*words, "\n"]:
        if word == "\n":
            yield Line(sign=sign, pieces=tuple(pieces))
            pieces = []
            continue
        marked = next(left)
        if pieces and pieces[-1].marked == marked:
            pieces[-1] = Piece(text=pieces[-1].text + word, marked=marked)
        else:
            pieces.append(Piece(text=word, marked=marked))


def _both(before: str | None, after: str | None) -> tuple[list[str], list[str]]:
    """The lines of both; a line end at the end counts if only one has it."""
    texts = [text for text in (before, after) if text is not None]
    end = "\n" if all(text.endswith("\n") for text in texts) else ""
    old, new = (
        [] if text is None else text.removesuffix(end).split("\n")
        for text in (before, after)
    )
    return old, new


def _line(sign: str, text: str, *, marked: bool = False) -> Line:
    return Line(sign=sign, pieces=(Piece(text=text, marked=marked),))
