"""Time: everything as of a moment, two moments beside each other, and what became."""

import streamlit as st

from ui.parts import session
from ui.parts.time import page

st.title("Time")
page.show(session.registry())
