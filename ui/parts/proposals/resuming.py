"""A stopped bot that is to answer again: why it stopped, and what has moved since."""

import streamlit as st

from registry.remote.changes import ChangeView
from registry.remote.environments import Moment
from registry.remote.timelines import Between
from ui.parts import session
from ui.parts.stopped import moved_since_stop
from ui.parts.text import label
from ui.parts.times import ago

LOOKED_AT = 100
"""Of the bot's moments, how many are looked through for its stop."""


def moved_since(change: ChangeView) -> tuple[Between, ...]:
    """What it is told otherwise than before its stop; says when that was."""
    bot = change.documents[0].removeprefix("bots/")
    stopped = _stopped(change)
    if stopped is None:
        st.info(label(f"{bot} answers again, with what is live now."))
        return ()
    st.info(
        label(
            f"{bot} answers again. {stopped.by} stopped it {ago(stopped.at)}, at seq "
            f"{stopped.seq}: {stopped.title}",
            600,
        )
    )
    found = moved_since_stop(
        session.registry(), change.environment, bot, stopped.seq, change.seq
    )
    if found:
        st.warning(
            "It is told something else than before it was stopped:",
            icon=":material/difference:",
        )
    return found


def _stopped(change: ChangeView) -> Moment | None:
    """When the bot was stopped that is to answer again."""
    history = session.registry().environments.history(
        change.environment, document=change.documents[0], limit=LOOKED_AT
    )
    before = (one for one in history if one.at <= change.opened_at)
    return next((one for one in before if one.type == "stopped"), None)
