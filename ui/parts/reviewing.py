"""How a review stands, in the words of people, and when it is due."""

from datetime import datetime

from ui.parts.marks import mark
from ui.parts.times import ago, ends_html

REVIEWS = {
    "overdue": "lapsed",
    "due soon": "due",
    "in time": "certified",
    "no day named": "none",
}
"""What the registry calls it, by the words, which stand in addresses, too."""


def review_words(status: str) -> str:
    return next((words for words, one in REVIEWS.items() if one == status), status)


def review_mark(status: str | None) -> str:
    """`overdue`, in the colour of a review that has lapsed."""
    return "" if status is None else mark(review_words(status), _TONES.get(status))


def due_html(due: datetime) -> str:
    """`14 Nov 2026, 8 days ago`."""
    return f"{ends_html(due)}, {ago(due)}"


def review_html(status: str | None, due: datetime | None) -> str:
    """How a review stands, and when it is or was due."""
    return review_mark(status) + ("" if due is None else f" due {due_html(due)}")


_TONES = {"lapsed": "red", "due": "amber", "certified": "green", "none": "grey"}
