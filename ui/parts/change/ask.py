"""What is asked: why, of which bots, whom these talk to, and how often they are asked.

It stands under the title, before anything that one would have to scroll to.  What
nobody measures is said to be unknown: the registry hands out texts, and sees no
conversation.
"""

from datetime import timedelta

import streamlit as st

from registry.errors import NotFound, Unavailable
from registry.remote.changes import ChangeView, Comment
from ui.parts import session
from ui.parts.change import bots
from ui.parts.proposals import saying
from ui.parts.text import attribute, shown_line
from ui.parts.times import ago_html, now

SHOWN = 2
"""Of the bots, those that are told about here; the others stand in the blast radius."""

MOST_CLIENTS = 50
_DAY = timedelta(days=1)


def show(change: ChangeView, seq: int) -> None:
    """Args:
    seq: Of the environment, now.
    """
    st.html(f"{saying.head(change)}{_why(change)}{_reached(change, seq)}")


def _why(change: ChangeView) -> str:
    """The author's own words, if they said any before somebody else said something."""
    found = _reason(change)
    if found is None:
        return (
            f'<p class="tight muted">{shown_line(change.author)} has given no reason '
            "beside the title.</p>"
        )
    return (
        f'<p class="why" title="{attribute(found.text)}"><strong>Why</strong> '
        f"{shown_line(found.text)} "
        f'<span class="muted">{shown_line(found.by)}, {ago_html(found.at)}</span></p>'
    )


def _reason(change: ChangeView) -> Comment | None:
    first = next(iter(change.comments), None)
    voted = min((vote.at for vote in change.votes), default=None)
    if first is None or first.by != change.author:
        return None
    # Later it is an answer, and no reason.
    return first if voted is None or first.at < voted else None


def _reached(change: ChangeView, seq: int) -> str:
    """Of each bot in a line, whom it talks to and how often it is asked for."""
    names = bots.of(change)
    if not names:
        return '<p class="tight muted">It reaches no bot that is live here.</p>'
    rows = "".join(_bot(change.environment, name, seq) for name in names[:SHOWN])
    more = len(names) - SHOWN
    if more > 0:
        rows += f'<p class="tight muted">and {more} more bots, below</p>'
    return rows


def _bot(environment: str, name: str, seq: int) -> str:
    said = bots.says(environment, name, seq)
    if not said:
        return (
            f'<p class="tight"><strong>{shown_line(name)}</strong> is not live here '
            "yet, or does not answer</p>"
        )
    audience = str(said.get("audience") or "")
    whom = "does not say whom it talks to"
    if audience:
        whom = f"talks to {shown_line(audience[:1].lower() + audience[1:])}"
    return (
        f'<div class="reached"><p class="tight clip1" title="{attribute(audience)}">'
        f"<strong>{shown_line(name)}</strong> {whom}</p>"
        f'<p class="tight muted">{_asked_for(environment, name)}</p></div>'
    )


def _asked_for(environment: str, bot: str) -> str:
    """What stands in for it: how often its texts were handed out, and to how many."""
    fetches = session.registry().fetches
    try:
        count = sum(one.count for one in fetches.list(environment, bot=bot, limit=50))
        if not count:
            return "Conversations: not measured; no chatbot asked in the last day."
        since = now() - _DAY
        clients = fetches.clients(environment, bot=bot, limit=MOST_CLIENTS + 1)
        many = sum(one.last_seen >= since for one in clients)
    except (NotFound, Unavailable):
        return "Conversations: not measured, nor how often it is asked for."
    of = f"over {MOST_CLIENTS}" if many > MOST_CLIENTS else str(many)
    noun = "client" if many == 1 else "clients"
    often = "once" if count == 1 else f"{count:,} times"
    return f"Conversations: not measured; told {often} to {of} {noun} in the last day."
