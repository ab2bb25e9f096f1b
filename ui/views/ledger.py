"""The ledger: everything that ever happened, whether it holds, and what shows it."""

import streamlit as st

from registry.errors import Invalid
from ui.parts import session
from ui.parts.ledger import event, evidence, listing, verify

MAX_DIGITS = 15

asked = st.query_params.get("event")
if asked:
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= MAX_DIGITS):
        st.title("Event")
        raise Invalid("an event has a number", hint="Write it as ?event=42.")
    event.show(session.registry(), max(int(asked), 1))
else:
    st.title("Ledger")
    shown = st.segmented_control(
        "What to look at",
        ["Events", "Verify", "Evidence"],
        default="Events",
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    if shown == "Verify":
        verify.show(session.registry())
    elif shown == "Evidence":
        evidence.show(session.registry())
    else:
        listing.show(session.registry())
