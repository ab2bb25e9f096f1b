"""Marks: a word or two with a colour, which says nothing that the word does not.

They are made here alone, from words that the registry uses; nothing that an author
wrote becomes one.
"""

import html
from collections.abc import Iterable, Sequence

from ui.parts.text import attribute

_TONES = {
    # of changes
    "waiting": "amber",
    "approved": "blue",
    "stale": "grey",
    "activated": "green",
    "rejected": "red",
    "withdrawn": "grey",
    "expired": "grey",
    "open": "amber",
    # of ratifications
    "ratified": "green",
    "repudiated": "red",
    "overdue": "red",
    # tiers
    "low": "grey",
    "medium": "amber",
    "high": "red",
    # of reviews
    "certified": "green",
    "due": "amber",
    "lapsed": "red",
    "none": "grey",
}


def mark(word: str, tone: str | None = None, *, title: str = "") -> str:
    """HTML of one mark.

    Args:
        word: The registry's or ours.
        tone: `green`, `amber`, `red`, `blue` or `grey`; by the word if not given.
        title: What is told of it besides; somebody else may have written that.
    """
    tone = tone or _TONES.get(word, "grey")
    told = f' title="{attribute(title)}"' if title else ""
    return f'<span class="mark {tone}"{told}>{html.escape(word)}</span>'


def tier(name: str | None) -> str:
    """`high tier`, or nothing where no tier is known."""
    return "" if name is None else mark(f"{name} tier", _TONES.get(name))


def table(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    classes: str = "",
) -> str:
    """An HTML table with a header cell for each column and each row.

    Args:
        name: What the table is, for who does not see it.
        rows: Cells in HTML: what people wrote has been through `shown`.
    """
    heads = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in columns)
    lines = "".join(_row(columns, cells) for cells in rows)
    return (
        f'<div class="scrolls" role="region" tabindex="0" '
        f'aria-label="{html.escape(name)}">'
        f'<table class="plain {classes}" aria-label="{html.escape(name)}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _row(columns: Sequence[str], cells: Sequence[str]) -> str:
    # At small widths a cell stands alone and says which column it is from.
    told = [
        f'<td data-column="{html.escape(column)}">{cell}</td>'
        for column, cell in zip(columns[1:], cells[1:], strict=True)
    ]
    return f'<tr><th scope="row">{cells[0]}</th>{"".join(told)}</tr>'
