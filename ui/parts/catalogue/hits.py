"""Texts that are live now and have the words, with the lines in which these stand."""

from collections.abc import Iterable, Iterator
from itertools import islice

import streamlit as st

from registry.remote import Remote
from registry.remote.documents import Found, FoundLine, Wanted
from ui.parts import marks
from ui.parts.links import document_link
from ui.parts.text import marked_line, shown_line

MAX_HITS = 60
"""Texts; one that is the same in three environments is three."""


def show(remote: Remote, looked_for: Wanted) -> None:
    st.subheader("In the texts")
    words = str(looked_for.q)
    found = list(
        islice(
            remote.documents.search(
                words,
                kind=looked_for.kind,
                environment=looked_for.environment,
                limit=MAX_HITS + 1,
            ),
            MAX_HITS + 1,
        )
    )
    if not found:
        st.caption("No live text has all these words.")
        return
    columns = ("Document", "Live in", "What stands there")
    st.html(marks.table("Texts found", columns, _rows(found[:MAX_HITS], words)))
    if len(found) > MAX_HITS:
        st.caption(f"These are the first {MAX_HITS}; write more words to narrow it.")


def _rows(hits: Iterable[Found], words: str) -> Iterator[list[str]]:
    """A row for each text; the same one in several environments is one."""
    where: dict[tuple[str, tuple[FoundLine, ...], int], list[str]] = {}
    for one in hits:
        key = (one.document, one.lines, one.more_lines)
        where.setdefault(key, []).append(one.environment)
    for (document, lines, more), environments in where.items():
        yield [
            document_link(document),
            shown_line(", ".join(environments)),
            _lines(lines, more, words.split()),
        ]


def _lines(lines: tuple[FoundLine, ...], more: int, words: list[str]) -> str:
    if not lines:
        return '<span class="muted">only in its name</span>'
    told = "".join(
        f'<li><span class="muted nowrap">line {one.number}</span> '
        f"{marked_line(one.text, words)}</li>"
        for one in lines
    )
    if more:
        noun = "line" if more == 1 else "lines"
        told += f'<li class="muted">and {more} more {noun}</li>'
    return f'<ul class="hits">{told}</ul>'
