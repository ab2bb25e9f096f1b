"""The script that Streamlit runs for each person: who is here, and which page."""

from copy import copy
from pathlib import Path

import streamlit as st

from ui.parts import frame, terms
from ui.parts.pages import (
    CATALOGUE,
    CHANGE,
    INBOX,
    LEDGER,
    LIVE,
    PLAYGROUND,
    POLICY,
    PROPOSE,
    TIME,
)
from ui.parts.propose import keeping

HERE = Path(__file__).parent

st.set_page_config(
    page_title="Placet",
    page_icon=str(HERE / "icon.png"),  # a Material icon would be fetched from elsewhere
    layout="wide",
    menu_items={"Get help": None, "Report a bug": None, "About": None},
)
st.html(HERE / "style.css")
terms.begin()

# In sections, headings would stand within a list of links, where they break it for
# screen readers.
# Copies: a page is marked for the one run that may call it, and at the same time
# somebody else's run may be at it.
PAGES = (INBOX, CHANGE, LIVE, TIME, CATALOGUE, LEDGER, PROPOSE, PLAYGROUND, POLICY)
page = st.navigation([copy(one) for one in PAGES], expanded=True)
frame.show(page, signed_out=keeping.offer)
