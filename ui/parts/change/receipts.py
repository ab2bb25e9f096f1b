"""The receipt: what somebody who voted or judged keeps, and can show to anybody later.

To prove something is work for the registry, so that nothing is read of it before
somebody asks.
"""

from collections.abc import Callable
from time import sleep

import streamlit as st

from registry.errors import NotFound, Unavailable
from registry.remote.evidence import Receipt
from ui.parts import session
from ui.parts.hints import here
from ui.parts.terms import term
from ui.parts.text import label, plain, shown_line
from ui.parts.times import moment_html

SIGNED_WITHIN = 6
"""Times half a second, in which what was said this moment is signed."""


def of_vote(change: int, handle: str) -> None:
    """One's own receipt of a vote on *change*."""
    remote = session.registry().changes
    _show(
        f"change-{change}-{handle}",
        lambda: remote.receipt(change),
        lambda: remote.receipt_page(change),
    )


def of_judgement(ratification: int, handle: str) -> None:
    """One's own receipt of having judged what went live without agreement."""
    remote = session.registry().ratifications
    _show(
        f"ratification-{ratification}-{handle}",
        lambda: remote.receipt(ratification),
        lambda: remote.receipt_page(ratification),
    )


def _show(name: str, read: Callable[[], Receipt], page: Callable[[], bytes]) -> None:
    st.download_button(
        "Download the receipt",
        lambda: _once_signed(page),
        file_name=plain(f"receipt-{name}.html"),
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        key=f"receipt-{name}",
        help="A page that shows to anybody, also without this registry, that you said "
        "so, when, and of exactly what.",
    )
    recorded = st.expander(
        "Where it is recorded", on_change="rerun", key=f"recorded-{name}"
    )
    if recorded.open:
        with recorded:
            _show_recorded(read)


def _once_signed(page: Callable[[], bytes]) -> bytes:
    for _ in range(SIGNED_WITHIN):
        try:
            return page()
        except Unavailable:
            sleep(0.5)
    return page()


def _show_recorded(read: Callable[[], Receipt]) -> None:
    try:
        found = read()
    except (NotFound, Unavailable) as error:
        st.info(label(f"{error}. {here(error.hint)}", 300))
        return
    st.html(
        f'<p class="tight">{term("event", "Event")} <strong>{found.event}</strong> of '
        f"the {term('ledger')}, {moment_html(found.at)}, in the signed "
        f"{term('checkpoint')} of {found.signed:,} events. Its root is "
        f"<code>{shown_line(found.root)}</code>, as the checkpoint and the page Ledger "
        "write it.</p>"
    )
