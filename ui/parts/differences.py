"""Differences of texts, in HTML without scripts: escaped, words marked twice.

What went is struck through and red, what came is underlined and green, so that
neither needs the colour.  What hides stands as red tags.  Of a very long difference
the first lines are shown; a page can offer the texts beside it.
"""

import html
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

import streamlit as st

from registry.text_differences import Line, Piece, compare
from ui.parts.text import plain, shown

MAX_LINES = 2000
"""Of what is shown; a page with more is no longer read, nor quick."""


_VERSION = re.compile(r"version: \S+")


def side_by_side(
    name: str, before: str | None, after: str | None, *, tells_version: bool = True
) -> str:
    """A table with the text before on the left and after on the right.

    Args:
        tells_version: Else a passage in which nothing but the line of a document's
            version differs is left out: its heading says it.
    """
    lines = _told(compare(before, after), tells_version)
    rows = "".join(_pairs(lines[:MAX_LINES]))
    return _table(name, "sides", _heads("Before", "After"), rows) + _rest(lines)


def unified(
    name: str, before: str | None, after: str | None, *, tells_version: bool = True
) -> str:
    """One column, `-` before what went and `+` before what came."""
    lines = _told(compare(before, after), tells_version)
    rows = "".join(_one(line) for line in lines[:MAX_LINES])
    return _table(name, "unified", _heads("", "Text"), rows) + _rest(lines)


def whole(name: str, text: str) -> str:
    """A text as it stands, with what hides in it."""
    return (
        f'<div class="scrolls" role="region" tabindex="0" '
        f'aria-label="{html.escape(name)}"><div class="text">{shown(text)}</div></div>'
    )


def show_downloads(name: str, before: str | None, after: str | None, key: str) -> None:
    """Buttons for both texts, where their difference is too long to be shown."""
    texts = {"before": before, "after": after}
    if sum((text or "").count("\n") for text in texts.values()) < MAX_LINES:
        return
    if not _left_out(compare(before, after)):
        return
    with st.container(horizontal=True):
        for when, text in texts.items():
            if text is not None:
                st.download_button(
                    f"Download the text {when}",
                    text,
                    file_name=f"{plain(name).replace('/', '-')}-{when}.txt",
                    mime="text/plain",
                    on_click="ignore",
                    icon=":material/download:",
                    key=f"{key}-{when}",
                )


def _told(lines: tuple[Line, ...], tells_version: bool) -> tuple[Line, ...]:
    """All of it, or without what changes the version alone; never nothing."""
    if tells_version:
        return lines
    passages: list[list[Line]] = [[]]
    for line in lines:
        if line.sign == "@":
            passages.append([])
        passages[-1].append(line)
    left = [one for one in passages if not _is_version(one)]
    return tuple(line for one in left for line in one) or lines


def _is_version(passage: Sequence[Line]) -> bool:
    return all(
        _VERSION.fullmatch(line.text) for line in passage if line.sign in {"-", "+"}
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
            yield f"<tr>{_around(line) * 2}</tr>"


def _one(line: Line) -> str:
    if line.sign == "@":
        return f'<tr class="between"><td colspan="2">{shown(line.text)}</td></tr>'
    of = {"-": "went", "+": "came"}.get(line.sign, "same")
    sign = {"-": "-", "+": "+"}.get(line.sign, "")
    return f'<tr><td class="sign {of}">{sign}</td>{_side(line, of)}</tr>'


def _around(line: Line) -> str:
    """A cell of what stays, which is cut after some lines unless something hides."""
    text = shown(line.text)
    cut = "same" if 'class="hidden"' in text else "same cut"
    return f'<td class="{cut}"><div>{text}</div></td>'


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
    left = _left_out(lines)
    if not left:
        return ""
    differ = "1 more line differs" if left == 1 else f"{left:,} more lines differ"
    return f'<p class="muted">{differ}, and cannot be shown here.</p>'


def _left_out(lines: Sequence[Line]) -> int:
    """How many of what is not shown differ."""
    return sum(line.sign in {"-", "+"} for line in lines[MAX_LINES:])
