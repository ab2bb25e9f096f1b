"""What is said of a proposal that was made here: it waits for others."""

from registry.remote.changes import ChangeView
from ui.parts.done import Happened, Link
from ui.parts.pages import CHANGE


def proposed(change: ChangeView, said: str, **query: str) -> Happened:
    """Args:
    said: What it proposes, in a sentence.
    query: Where the page goes on.
    """
    link = Link(
        words=f"Change {change.id}: {change.title}",
        page=CHANGE,
        query={"id": str(change.id)},
    )
    return Happened(said=f"{said} It waits for votes.", query=query, link=link)
