"""Changes: the list, one of them to decide on, or a ratification to judge."""

import streamlit as st

from registry.errors import NotFound
from ui.parts import frame, session
from ui.parts.change import listing, page, ratifying
from ui.parts.choosing import number_asked
from ui.parts.pages import CHANGE


def _show(change: int | None, ratification: int | None) -> None:
    handle = session.me().handle
    try:
        if ratification is not None:
            ratifying.show(ratification, handle)
        elif change is not None:
            page.show(change, handle)
    except NotFound as error:
        st.title("Not there")
        frame.show_error(error)
        st.page_link(CHANGE, label="All changes", query_params={"status": "any"})


change, ratification = number_asked("id"), number_asked("ratification")
if change is None and ratification is None:
    listing.show()
else:
    _show(change, ratification)
