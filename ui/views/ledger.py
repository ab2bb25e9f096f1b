"""The ledger: everything that ever happened, whether it holds, and what shows it."""

import streamlit as st

from registry.errors import Invalid
from ui.parts import session
from ui.parts.choosing import number_of
from ui.parts.ledger import event, evidence, listing, verify
from ui.parts.terms import lead, term

asked = st.query_params.get("event")
if asked:
    number = number_of(asked)
    if number is None:
        st.title("Event")
        raise Invalid("an event has a number", hint="Write it as ?event=42.")
    event.show(session.registry(), max(number, 1))
else:
    st.title("Ledger")
    st.html(
        lead(
            f"Everything that ever happened here, {term('event')} by event. Nothing in "
            "it can be altered or taken out without that being found: Verify looks, "
            f"and {term('evidence', 'Evidence')} shows it to somebody outside."
        )
    )
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
