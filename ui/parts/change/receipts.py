"""The receipt: what somebody who voted keeps, and can show to anybody later."""

import streamlit as st

from registry.errors import NotFound, Unavailable
from registry.remote.changes import ChangeView
from ui.parts import session
from ui.parts.change.saying import checked
from ui.parts.text import plain
from ui.parts.times import moment_html


def show(change: ChangeView, handle: str) -> None:
    """One's own receipt, if one has voted."""
    if all(vote.by != handle for vote in change.votes):
        return
    remote = session.registry()
    try:
        found = remote.changes.receipt(change.id)
    except NotFound:
        return
    except Unavailable:
        st.html('<p class="tight muted">Your vote is recorded; it is signed soon.</p>')
        return
    st.html(
        f'<p class="tight">Your vote is event <strong>{found.event}</strong> of the '
        f"ledger, {moment_html(found.at)}, in the signed checkpoint of "
        f"{found.signed:,} events with the root <code>{checked(found.root)}</code>.</p>"
    )
    st.download_button(
        "Download the receipt",
        # Made when it is asked for: to prove a vote is work for the registry.
        lambda: remote.changes.receipt_page(change.id),
        file_name=plain(f"receipt-change-{change.id}-{handle}.html"),
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        key=f"receipt-{change.id}",
    )
