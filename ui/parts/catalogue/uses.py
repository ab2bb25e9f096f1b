"""What uses a document and what it uses: a picture, and the same in words."""

from collections.abc import Iterable

import streamlit as st

from registry.remote import Remote
from registry.remote.documents import Document, UsedDocument
from ui.parts import marks
from ui.parts.catalogue.picture import MOST_DRAWN, dot, sentence
from ui.parts.choosing import usual_environment
from ui.parts.links import document_link
from ui.parts.text import label, shown_line


def show(remote: Remote, document: Document) -> None:
    environment = st.segmented_control(
        "Environment",
        list(document.live),
        default=usual_environment(document.live),
        required=True,
        key="in",
        bind="query-params",
        format_func=lambda one: label(str(one)),
        label_visibility="collapsed",
    )
    found = remote.documents.uses(str(environment), document.document)
    users = [one for one in found.documents if one.steps < 0]
    used = [one for one in found.documents if one.steps > 0]
    if not users and not used:
        st.info(
            f"In {label(str(environment))} nothing uses this document, and it uses "
            "nothing else."
        )
        return
    with st.container(border=True):
        # As large as it is drawn: a column of boxes would be blown up across the page.
        st.graphviz_chart(dot(found), width="content", alt=sentence(found))
        if len(found.documents) > MOST_DRAWN:
            st.caption(f"Drawn are the nearest {MOST_DRAWN}; the tables have more.")
    _show_table("Used by", users, found.users_left_out, "Nothing uses it.")
    _show_table("Uses", used, found.used_left_out, "It uses nothing else.")


def _show_table(
    name: str, documents: Iterable[UsedDocument], left_out: int, nothing: str
) -> None:
    st.subheader(name)
    rows = [
        [
            document_link(one.document),
            shown_line(one.version),
            shown_line(one.owner),
            marks.mark(one.tier),
            "directly" if abs(one.steps) == 1 else f"{abs(one.steps)} steps away",
        ]
        for one in sorted(documents, key=lambda one: (abs(one.steps), one.document))
    ]
    if not rows:
        st.caption(nothing)
        return
    st.html(marks.table(name, ("Document", "Version", "Owner", "Tier", "How"), rows))
    if left_out:
        st.caption(f"And {left_out} more, further away.")
