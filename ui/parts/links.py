"""Links that several pages show within HTML of their own."""

from ui.parts.pages import CATALOGUE, CHANGE, LEDGER, path_of
from ui.parts.text import shown, shown_line


def change_link(change: int | None) -> str:
    """HTML of a link to a change; nothing where there is none."""
    if change is None:
        return ""
    address = shown(path_of(CHANGE, id=change))
    return f'<a href="{address}" target="_self" class="nowrap">change {change}</a>'


def document_link(document: str, **query: str) -> str:
    """HTML of a link to a document's page."""
    address = path_of(CATALOGUE, document=document, **query)
    return f'<a href="{shown(address)}" target="_self">{shown_line(document)}</a>'


def event_link(number: int) -> str:
    """HTML of a link to an event's page."""
    address = shown(path_of(LEDGER, event=number))
    return f'<a href="{address}" target="_self">{number}</a>'
