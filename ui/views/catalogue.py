"""The catalogue: every document there is or was, and which models are used."""

import streamlit as st

from ui.parts import session
from ui.parts.catalogue import document, listing, models
from ui.parts.terms import lead, term

asked = st.query_params.get("document")
if asked:
    document.show(session.registry(), asked)
else:
    st.title("Catalogue")
    st.html(
        lead(
            f"Every {term('document')} that is or was {term('live')}: whose it is, how "
            f"much can go wrong with it ({term('tier')}), and when somebody looks at "
            f"it again ({term('review')})."
        )
    )
    shown = st.segmented_control(
        "What to look at",
        ["Documents", "Retirements"],
        default="Documents",
        required=True,
        key="show",
        bind="query-params",
        label_visibility="collapsed",
    )
    if shown == "Retirements":
        models.show(session.registry())
    else:
        listing.show(session.registry())
