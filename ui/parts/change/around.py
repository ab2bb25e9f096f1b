"""What stands around a change: whom it reaches, the way back, what came before.

Each part is asked for when somebody opens it; the first one stands open.
"""

from collections.abc import Callable

import streamlit as st

from registry.errors import RegistryError
from registry.remote.changes import ChangeView
from ui.parts import frame, session
from ui.parts.change import cases, history, reach, safety
from ui.parts.change.fetched import Around
from ui.parts.proposals.tested import UNKNOWN, examples
from ui.parts.text import shown_line

REACH, SAFETY, BEFORE, OWNERS, ANSWERS, CASES = (
    "Blast radius",
    "Safety net",
    "History",
    "Owners",
    "Answers tried",
    "Cases",
)


def show(change: ChangeView, found: Around) -> None:
    parts: dict[str, Callable[[ChangeView], None]] = {
        REACH: lambda one: reach.show(one, found),
        SAFETY: lambda one: safety.show(one, found.seq),
        BEFORE: history.show,
        OWNERS: history.show_owners,
        ANSWERS: _answers,
        CASES: cases.show,
    }
    tabs = st.tabs(list(parts), on_change="rerun", key=f"around-{change.id}")
    for tab, part in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                _tried(part, change)


def _tried(part: Callable[[ChangeView], None], change: ChangeView) -> None:
    try:
        part(change)
    except RegistryError as error:
        frame.show_error(error)


def _answers(change: ChangeView) -> None:
    found = [one for one in session.registry().checks.list(change.id) if one.counts]
    if not any(one.result.examples for one in found):
        st.info(
            "No answers were tested on what is proposed now. Somebody who runs the bot "
            "can attach what it answers before and after."
            if not found
            else "What was attached has numbers, and no examples to read."
        )
    else:
        st.html(examples("Answers before and after", found))
    for one in found:
        if one.result.link is not None:
            st.html(
                f'<p class="tight">The pipeline\'s own report of '
                f"{shown_line(one.result.name)}: {shown_line(one.result.link)}</p>"
            )
    if not found:
        return
    st.html(f'<p class="tight muted">{UNKNOWN}</p>')
