"""The catalogue: every document there is or was, and which models are used."""

import streamlit as st

from ui.parts import catalogue_document, catalogue_list, catalogue_models, session

document = st.query_params.get("document")
if document:
    catalogue_document.show(session.registry(), document)
else:
    st.title("Catalogue")
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
        catalogue_models.show(session.registry())
    else:
        catalogue_list.show(session.registry())
