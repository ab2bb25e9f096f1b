"""Differences of texts, in HTML without scripts: escaped, words marked twice.

What went is struck through and red, what came is underlined and green, so that
neither needs the colour.  What hides stands as red tags.
"""

import html
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from registry.text_differences import Line, Piece, compare
from ui.parts.text import shown

MAX_LINES = 2000
"""Of what is shown; a page with more is no longer read, nor quick."""


def side_by_side(name: str, before: str | None, after: str | None) -> str:
    """A table with the text before on the left and after on the right."""
    lines = compare(before, after)
    rows = "".join(_pairs(lines[:MAX_LINES]))
    return _table(name, "sides", _heads("Before", "After"), rows) + _rest(lines)


def unified(name: str, before: str | None, after: str | None) -> str:
    """One column, `-` before what went and `+` before what came."""
    lines = compare(before, after)
    rows = "".join(_one(line) for line in lines[:MAX_LINES])
    return _table(name, "unified", _heads("", "Text"), rows) + _rest(lines)


def whole(name: str, text: str) -> str:
    """A text as it stands, with what hides in it."""
    return (
        f'<div class="scrolls" role="region" tabindex="0" '
        f'aria-label="{html.escape(name)}"><div class="text">{shown(text)}</div></div>'
    )


def _pairs(lines: Sequence[Line]) -> Iterator[str]:
    gone: list[Line] = []
    come: list[Line] = []
    for line in [*lines, None]:
        if line is not None and line.sign == "-":
            gone.append(line)
            continue
        if line is not None and line.sign == "+":
            come.append(line)
            continue
        for left, right in zip_longest(gone, come):
            yield f"<tr>{_side(left, 'went')}{_side(right, 'came')}</tr>"
        gone, come = [], []
        if line is None:
            return
        if line.sign == "@":
            yield f'<tr class="between"><td colspan="2">{shown(line.text)}</td></tr>'
        else:
            same = _side(line, "same")
            yield f"<tr>{same}{same}</tr>"


def _one(line: Line) -> str:
    if line.sign == "@":
        return f'<tr class="between"><td colspan="2">{shown(line.text)}</td></tr>'
    of = {"-": "went", "+": "came"}.get(line.sign, "same")
    sign = {"-": "-", "+": "+"}.get(line.sign, "")
    return f'<tr><td class="sign {of}">{sign}</td>{_side(line, of)}</tr>'


def _side(line: Line | None, of: str) -> str:
    if line is None:
        return '<td class="nothing"></td>'
    return f'<td class="{of}">{"".join(_piece(one, of) for one in line.pieces)}</td>'


def _piece(piece: Piece, of: str) -> str:
    text = shown(piece.text)
    if not piece.marked or of == "same":
        return text
    return f"<del>{text}</del>" if of == "went" else f"<ins>{text}</ins>"


def _heads(*names: str) -> str:
    cells = "".join(
        f'<th scope="col">{html.escape(one)}</th>' if one else '<td class="sign"></td>'
        for one in names
    )
    return f"<thead><tr>{cells}</tr></thead>"


def _table(name: str, classes: str, heads: str, rows: str) -> str:
    if not rows:
        return '<p class="muted">These texts are the same.</p>'
    told = html.escape(name)
    return (
        f'<div class="scrolls" role="region" tabindex="0" aria-label="{told}">'
        f'<table class="difference {classes}" aria-label="{told}">'
        f"{heads}<tbody>{rows}</tbody></table></div>"
    )


def _rest(lines: Sequence[Line]) -> str:
    left = len(lines) - MAX_LINES
    if left <= 0:
        return ""
    return f'<p class="muted">{left} more lines differ: download the texts.</p>'
