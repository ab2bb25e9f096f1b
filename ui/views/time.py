"""Time: everything as of a moment, two moments beside each other, and what became."""

import streamlit as st

from ui.parts import session
from ui.parts.terms import lead, term
from ui.parts.time import page

st.title("Time")
st.html(
    lead(
        "What chatbots were told at any moment, and who had agreed to it. Each "
        f"{term('environment')} numbers its moments: such a number is a {term('seq')}."
    )
)
page.show(session.registry())
