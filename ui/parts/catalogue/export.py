"""The catalogue's list for a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from registry.remote.documents import Listed
from ui.parts.reviewing import review_words
from ui.parts.text import plain

WITHIN = {
    "overdue, or due in 30 days": 30,
    "overdue, or due in 90 days": 90,
}
"""What a review is looked for by, beside how it stands: days from now."""


def as_csv(found: Iterable[Listed], environments: list[str]) -> bytes:
    """The list for a spreadsheet, where no cell is read as a formula."""
    told = io.StringIO()
    rows = csv.writer(told)
    columns = ("document", "owners", "tier", "review", "review due (UTC)")
    rows.writerow([*columns, *map(harmless, environments)])
    for one in found:
        due = one.review_due.date().isoformat() if one.review_due else ""
        live = [one.live.get(name, "") for name in environments]
        review = "" if one.review is None else review_words(one.review)
        cells = (one.document, ", ".join(one.owners), one.tier or "", review, due)
        rows.writerow([harmless(cell) for cell in (*cells, *live)])
    return told.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """*cell*, with a quote before what a spreadsheet would compute."""
    text = plain(cell, limit=1000)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
