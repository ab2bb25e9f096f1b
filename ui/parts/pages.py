"""The pages, and links to them."""

from pathlib import Path

import streamlit as st

_VIEWS = Path(__file__).parents[1] / "views"


def _page(name: str, title: str, icon: str, *, default: bool = False) -> st.Page:
    return st.Page(
        _VIEWS / f"{name}.py",
        title=title,
        icon=f":material/{icon}:",
        url_path=None if default else name,
        default=default,
    )


INBOX = _page("inbox", "Inbox", "inbox", default=True)
CHANGE = _page("change", "Changes", "rate_review")
LIVE = _page("live", "Live", "sensors")
TIME = _page("time", "Time", "history")
CATALOGUE = _page("catalogue", "Catalogue", "menu_book")
LEDGER = _page("ledger", "Ledger", "receipt_long")
PROPOSE = _page("propose", "Propose", "edit_document")
PLAYGROUND = _page("playground", "Playground", "science")
POLICY = _page("policy", "Policy and people", "gavel")


def path_of(page: st.Page, **query: str | int) -> str:
    """The address of a page on this server, for a link within shown text."""
    from urllib.parse import urlencode

    return f"/{page.url_path}" + (f"?{urlencode(query)}" if query else "")
