"""Changes: the list, one of them to decide on, or a ratification to judge."""

import streamlit as st

from ui.parts import session
from ui.parts.change import listing, page, ratifying


def _number(name: str) -> int | None:
    asked = st.query_params.get(name, "")
    return (
        int(asked)
        if asked.isascii() and asked.isdecimal() and asked[15:] == ""
        else None
    )


change, ratification = _number("id"), _number("ratification")
if change is None and ratification is None:
    listing.show()
else:
    handle = session.me().handle
    if ratification is not None:
        ratifying.show(ratification, handle)
    elif change is not None:
        page.show(change, handle)
