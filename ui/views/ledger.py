"""The ledger: everything that ever happened, whether it holds, and what shows it."""

import streamlit as st

from registry.errors import Invalid
from ui.parts import (
    ledger_event,
    ledger_evidence,
    ledger_list,
    ledger_verify,
    session,
)

MAX_DIGITS = 15

asked = st.query_params.get("event")
if asked:
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= MAX_DIGITS):
        st.title("Event")
        raise Invalid("an event has a number", hint="Write it as ?event=42.")
    ledger_event.show(session.registry(), max(int(asked), 1))
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
        ledger_verify.show(session.registry())
    elif shown == "Evidence":
        ledger_evidence.show(session.registry())
    else:
        ledger_list.show(session.registry())
