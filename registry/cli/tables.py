"""Tables: aligned columns that fit a screen.

A cell is broken at spaces, and within a name after a `/` where there is no room
for the name as a whole; never within a word, nor between a day and its time.  The
widest column gives way first.  Where even that is not enough, each row is told by
itself, a line for each cell that says something; what is longer still is left to the
terminal.
"""

import re
from collections.abc import Iterator, Sequence

from rich.text import Text

GAP = 2

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}\S*\s*"
_WORD = re.compile(rf"\s+|{_TIME}|\S+\s*")
_PIECE = re.compile(rf"\s+|{_TIME}|[^\s/]*/\s*|[^\s/]+\s*")


def lay_out(columns: Sequence[str], rows: Sequence[Sequence[Text]], room: int) -> Text:
    """The rows under the columns' names, in lines of at most *room* if they fit."""
    table = [[Text(name, style="bold") for name in columns], *rows]
    by_column = list(zip(*table, strict=True))
    widths = _fit(
        [max(cell.cell_len for cell in column) for column in by_column],
        [
            [max(_longest(pieces, cell) for cell in column) for column in by_column]
            for pieces in (_WORD, _PIECE)
        ],
        room - GAP * (len(columns) - 1),
    )
    if len(columns) > 1 and sum(widths) + GAP * (len(columns) - 1) > room:
        return _one_by_one(columns, rows, room)
    lines: list[Text] = []
    for row in table:
        cells = [_broken(cell, width) for cell, width in zip(row, widths, strict=True)]
        for number in range(max(map(len, cells))):
            lines.append(_line([cell[number : number + 1] for cell in cells], widths))
    return Text("\n").join(lines)


def _one_by_one(
    columns: Sequence[str], rows: Sequence[Sequence[Text]], room: int
) -> Text:
    """Each row below the last one, with the columns' names beside the cells."""
    beside = max(map(len, columns))
    told = []
    for row in rows:
        lines: list[Text] = []
        for name, cell in zip(columns, row, strict=True):
            label = [Text(name, style="bold")]
            broken = _broken(cell, room - beside - GAP) if cell.plain else []
            for number in range(len(broken)):
                parts = [label[number : number + 1], broken[number : number + 1]]
                lines.append(_line(parts, [beside, 0]))
        told.append(Text("\n").join(lines))
    return Text("\n\n").join(told)


def _fit(natural: list[int], floors: list[list[int]], room: int) -> list[int]:
    """Args:
    floors: How narrow each column may become, those first that break less.
    """
    widths = list(natural)
    for least in floors:
        while sum(widths) > room:
            loose = [n for n, width in enumerate(widths) if width > least[n]]
            if not loose:
                break
            widths[max(loose, key=widths.__getitem__)] -= 1
    return widths


def _longest(pieces: re.Pattern[str], cell: Text) -> int:
    return max(
        (Text(piece.strip()).cell_len for piece in pieces.findall(cell.plain)),
        default=0,
    )


def _broken(cell: Text, width: int) -> list[Text]:
    """The lines of *cell*, each with as many of its pieces as fit."""
    if cell.cell_len <= width:
        return [cell]
    cuts: list[int] = []
    start = 0
    for begin, end in _spans(cell.plain, width):
        upto = cell.plain[start:end].strip()
        if start < begin and Text(upto).cell_len > width:
            start = begin
            cuts.append(start)
    lines = list(cell.divide(cuts))
    for line in lines:
        line.rstrip()
    return lines


def _spans(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each word, and of the parts of one that is too long."""
    for word in _WORD.finditer(text):
        if Text(word[0].strip()).cell_len <= width:
            yield word.span()
        else:
            parts = _PIECE.finditer(text, *word.span())
            yield from (part.span() for part in parts)


def _line(cells: list[list[Text]], widths: list[int]) -> Text:
    line = Text()
    for cell, width in zip(cells, widths, strict=True):
        text = cell[0].copy() if cell else Text()
        text.append(" " * (width - text.cell_len + GAP))
        line.append_text(text)
    line.rstrip()
    return line
