"""Signing in again, where something takes a sign-in that is newer.

It opens another tab, which comes back to this page: what was typed here stays.
"""

from urllib.parse import urlencode

import streamlit as st

from ui.parts.text import label
from ui.settings import settings

_PAGE = "_signing_page"


def remember(page: st.Page) -> None:
    """That this is the page to come back to."""
    st.session_state[_PAGE] = page.url_path


def here() -> str:
    """The path of this page, with what its address says."""
    asked = urlencode(st.query_params.to_dict())
    return f"/{st.session_state.get(_PAGE, '')}" + (f"?{asked}" if asked else "")


def ask(why: str) -> None:
    """What is said above a button that agrees, which waits for it."""
    st.info(label(f"{why} Yours is older.", 300), icon=":material/lock_clock:")
    offer()


def offer() -> None:
    st.link_button(
        "Sign in again",
        settings().sign_in(here(), again=True),
        icon=":material/login:",
        type="primary",
    )
