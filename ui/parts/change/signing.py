"""Signing in again, where agreeing takes a sign-in that is newer.

It opens another tab, which comes back to this page: what was typed here stays.
"""

from urllib.parse import urlencode

import streamlit as st

from ui.parts.text import label
from ui.settings import settings


def ask(why: str) -> None:
    """What is said above a button that agrees, which waits for it."""
    st.info(label(f"{why} Yours is older.", 300), icon=":material/lock_clock:")
    offer()


def offer() -> None:
    back_to = "/change?" + urlencode(st.query_params.to_dict())
    st.link_button(
        "Sign in again",
        settings().sign_in(back_to, again=True),
        icon=":material/login:",
        type="primary",
    )
