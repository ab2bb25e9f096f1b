"""Searching: live texts in which all the words are, and the lines in which they are.

* A word counts whatever its case, in the text or in the document's name.
* The lines with most of the words are told first; the one with the document's own
  name, which is told anyway, after others with as many.
* Of a long line that part is told in which the words are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from registry.db.history import LiveText
from registry.names import Ref

MAX_SNIPPET_CHARS = 200
MOST_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A live text in which all the words are.

    Attributes:
        where: `name`, or the first of the lines.
        snippet: What is written there.
        lines: Those with most of the words, best first.
        more_lines: How many others have one of them.
    """

    document: Ref
    environment: str
    where: str
    snippet: str
    lines: tuple[FoundLine, ...]
    more_lines: int


def found(texts: Iterable[LiveText], words: str) -> Iterator[Found]:
    """The texts that have every one of *words*, whatever their case."""
    wanted = words.casefold().split()
    for text in texts:
        source = text.source.decode()
        searched = f"{text.document}\n{source}".casefold()
        if wanted and all(word in searched for word in wanted):
            yield _found(text, source, wanted)


def _found(text: LiveText, source: str, wanted: list[str]) -> Found:
    lines = _lines(source, wanted)
    best = lines[:MOST_LINES]
    return Found(
        document=text.document,
        environment=text.environment,
        where=f"line {best[0].number}" if best else "name",
        snippet=best[0].text if best else str(text.document),
        lines=tuple(best),
        more_lines=len(lines) - len(best),
    )


def _lines(source: str, wanted: list[str]) -> list[FoundLine]:
    """Those with a word, the ones with most of them first."""
    counted = []
    for number, line in enumerate(source.splitlines(), 1):
        folded = line.casefold()
        count = sum(word in folded for word in wanted)
        if count:
            counted.append((-count, line.startswith("name:"), number, line))
    return [
        FoundLine(number=number, text=_around(line.strip(), wanted))
        for _, _, number, line in sorted(counted)
    ]


def _around(line: str, wanted: list[str]) -> str:
    """*line*, or of a long one the part that begins shortly before the words."""
    if len(line) <= MAX_SNIPPET_CHARS:
        return line
    folded = line.casefold()
    at = min(at for word in wanted if (at := folded.find(word)) >= 0)
    first = _unfolded(line, at)
    begin = min(max(first - MAX_SNIPPET_CHARS // 4, 0), len(line) - MAX_SNIPPET_CHARS)
    cut = line[begin : begin + MAX_SNIPPET_CHARS]
    before = "…" if begin else ""
    after = "…" if begin + MAX_SNIPPET_CHARS < len(line) else ""
    return f"{before}{cut}{after}"


def _unfolded(line: str, at: int) -> int:
    """Where in *line* that stands which its casefold has *at* a place.

    One character can become several.
    """
    ends = accumulate(len(one.casefold()) for one in line)
    return next(index for index, end in enumerate(ends) if end > at)
