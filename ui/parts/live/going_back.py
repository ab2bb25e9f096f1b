"""Going back: what to put back and to when, and exactly what that would do.

Everybody who reads can look; the address says what was chosen, so that whoever finds
the moment can send it to whoever may go back to it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

import streamlit as st

from registry.remote import Remote
from registry.remote.environments import Moment
from registry.remote.live_bots import LiveBotWithUses
from registry.remote.rollbacks import Rollback
from ui.parts import done
from ui.parts.choosing import choice, is_absent, number_asked, number_of, picked
from ui.parts.live import outlook
from ui.parts.text import label, plain
from ui.parts.times import ago, zone

LAST = 50
"""Moments to choose from; a time reaches further back."""

NOTHING = Rollback(
    document=None,
    all=False,
    to_seq=None,
    to_moment=None,
    to_version=None,
    reason="",
)


def show(registry: Remote, environment: str, name: str | None) -> None:
    st.header(label(f"Go back in {environment}"))
    is_undo = "undo" in st.query_params
    wanted = _undoing() if is_undo else _asked(registry, environment, name)
    if wanted is None:
        return
    told = done.tried(lambda: registry.environments.preview(environment, wanted))
    if told is not None:
        outlook.show(registry, wanted, told)


def _undoing() -> Rollback | None:
    given = number_asked("undo")
    if given is None:
        is_absent("moment", st.query_params["undo"])
        return None
    st.caption(f"Exactly what seq {given} replaced goes back to what it was before.")
    return replace(NOTHING, undo=given)


def _asked(registry: Remote, environment: str, name: str | None) -> Rollback | None:
    scopes = {"all": f"Everything in {environment}"}
    if name is not None:
        scopes = {
            "bot": f"{name} with what it used then",
            "document": "One document of it",
        } | scopes
    scope = choice(
        "What goes back",
        scopes,
        of="scope",
        default=next(iter(scopes)),
        resets=("to", "document"),
    )
    wanted = replace(NOTHING, all=True)
    document: str | None = None
    if scope != "all" and name is not None:
        bot = registry.live_bots.get(environment, name)
        document = _document(bot) if scope == "document" else f"bots/{name}"
        wanted = replace(NOTHING, document=document)
    ways = {"moment": "One of the last moments", "time": "A day and time"}
    if choice("Back to", ways, of="by", default="moment") == "time":
        return _to_time(wanted)
    moments = _moments(
        registry, environment, name if scope == "bot" else None, document
    )
    return _to_moment(wanted, moments)


def _document(bot: LiveBotWithUses) -> str:
    names = {one.document: plain(one.document) for one in bot.documents}
    newest = max(bot.documents, key=lambda one: one.since).document
    return picked(
        "Document",
        names,
        of="document",
        default=newest,
        what="document of this bot",
        resets=("to",),
    )


def _moments(
    registry: Remote, environment: str, bot: str | None, document: str | None
) -> list[Moment]:
    """What there is to go back to, newest first, without what is live now.

    A stop and a resumption leave every text as it was.
    """
    found: Iterator[Moment]
    if bot is not None:
        found = (
            one
            for one in registry.environments.bundles(environment, bot)
            if one.bundle is not None and one.stopped is None
        )
    else:
        history = registry.environments.history(environment, document=document)
        found = (one for one in history if one.documents)
    return list(islice(found, 1, LAST + 1))


def _to_moment(wanted: Rollback, moments: list[Moment]) -> Rollback | None:
    if not moments:
        st.info("There is no earlier moment to go back to here.")
        return None
    known = {str(one.seq): plain(_named(one), 160) for one in moments}
    newest = next(iter(known))
    asked = number_asked("to")
    if asked is not None:  # an older one, which the registry knows or refuses
        known.setdefault(st.query_params["to"], f"seq {asked}")
    seq = picked("As it was from", known, of="to", default=newest, what="moment")
    return replace(wanted, to_seq=number_of(seq))


def _named(one: Moment) -> str:
    change = f"change {one.change}, " if one.change is not None else ""
    return f"seq {one.seq}, {ago(one.at)}: {change}{one.title}"


def _to_time(wanted: Rollback) -> Rollback | None:
    at = st.datetime_input(
        "As it was at this moment, in your time zone", value=None, key="back-at"
    )
    if not isinstance(at, datetime):
        st.caption("Choose a day and a time.")
        return None
    return replace(wanted, to_moment=at.replace(tzinfo=zone()))
