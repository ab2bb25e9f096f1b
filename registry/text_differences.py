"""Text differences: two texts line by line, with the words that differ marked.

A line stands as it is in the text, so that what is read is what is decided on.
Where lines were replaced, the words of the old and the new ones are compared
across line ends: a paragraph that was only broken anew shows few marks.  A
passage within an item of a list says which item, such as a rule, if that is
further up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 3
MAX_WORDS = 3000
"""Of a replaced passage; beyond that whole lines are marked, to stay quick."""

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
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(_passages(matcher, old, new))


def _passages(
    matcher: SequenceMatcher[str], old: list[str], new: list[str]
) -> Iterator[Line]:
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
                yield from _replaced(old[i1:i2], new[j1:j2])


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


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    before, after = _words(old), _words(new)
    if not old or not new or len(before) + len(after) > MAX_WORDS:
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
