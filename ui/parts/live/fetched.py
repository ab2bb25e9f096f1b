"""Who was told what: counts of the last day, and clients that are behind."""

from collections.abc import Sequence

import streamlit as st

from registry.errors import Unavailable
from registry.remote import Remote
from registry.remote.fetches import Client, Fetched
from registry.remote.live_bots import LiveBot
from ui.parts.hints import here
from ui.parts.marks import mark, table
from ui.parts.text import label, shown_line
from ui.parts.times import ago_html, lasting, now

MOST = 50
"""Shown of a list; one more is asked for, to know whether there are more."""


def of_bot(registry: Remote, environment: str, bot: LiveBot) -> None:
    """What was fetched of one bot, and whoever is still on an older seq."""
    try:
        told = list(registry.fetches.list(environment, bot=bot.bot, limit=MOST))
        clients = _asking(registry, environment, bot.bot)
    except Unavailable as error:
        st.caption(label(f"{error}. {here(error.hint)}", 300))
        return
    if not told and not clients:
        st.caption("No chatbot has asked for it.")
        return
    st.html(f"<p>{behind(clients)}</p>")
    if told:
        st.html(_counts("Fetches of the last day", told, named=False))
    if clients:
        with st.expander("Each client, those first that are behind"):
            st.html(_clients(clients[:MOST]))
            if len(clients) > MOST:
                st.caption(f"The first {MOST}.")


def _asking(registry: Remote, environment: str, bot: str | None) -> list[Client]:
    """Those that can still ask: what had a token that has ended is behind for ever."""
    return list(
        registry.fetches.clients(environment, bot=bot, ended=False, limit=MOST + 1)
    )


def everywhere(registry: Remote, environment: str) -> None:
    """The same for all that was fetched there, each seq of each document."""
    try:
        told = list(registry.fetches.list(environment, limit=MOST + 1))
        clients = _asking(registry, environment, None)
    except Unavailable as error:
        st.caption(label(f"{error}. {here(error.hint)}", 300))
        return
    if not told and not clients:
        st.info(
            f"No chatbot has asked for anything in {environment} lately. A chatbot "
            "needs a token with the scope read: page Policy and people."
        )
        return
    st.html(f"<p>{behind(clients)}</p>")
    if told:
        st.html(_counts(f"Fetches in {environment}", told[:MOST], named=True))
    if len(told) > MOST:
        st.caption(f"The first {MOST}; a bot's own page has all of its own.")
    late = [one for one in clients if one.behind_since is not None]
    if late:
        st.header("Clients that are behind")
        st.html(_clients(late[:MOST]))


def behind(clients: Sequence[Client]) -> str:
    """HTML: in a sentence, who is still on something older."""
    late = [one for one in clients if one.behind_since is not None]
    if not clients:
        return "No client is known."
    if not late:
        return f"{mark('up to date', 'green')}Every known client was told what is live."
    last = max(late[:MOST], key=lambda one: one.last_seen)
    # They stand first: if the list is cut among them, nobody knows how many there are.
    is_cut = len(late) > MOST
    number = f"at least {MOST}" if is_cut else str(len(late))
    which = "One of them" if is_cut else "The last to ask" if late[1:] else "That"
    return (
        f"{mark(f'{number} behind', 'amber')}{which} is {_who(last)}: it asked "
        f"{ago_html(last.last_seen)} and was told seq {last.seq}; seq {last.live_seq} "
        f"has been live for {_behind_for(last)}. A client gets what is live when it "
        "asks next."
    )


def _counts(name: str, told: Sequence[Fetched], *, named: bool) -> str:
    columns = ("Told", "Is", "Times", "Clients", "First", "Last")
    rows = [
        (
            f"seq {one.seq}",
            mark("live", "green") if one.live else mark("older", "amber"),
            f'<span class="number">{one.count:,}</span>',
            f'<span class="number">{one.clients:,}</span>',
            ago_html(one.first_seen),
            ago_html(one.last_seen),
        )
        for one in told
    ]
    if not named:
        return table(name, columns, rows)
    names = (shown_line(one.document) for one in told)
    return table(
        name,
        ("Document", *columns),
        [(n, *row) for n, row in zip(names, rows, strict=True)],
    )


def _clients(clients: Sequence[Client]) -> str:
    return table(
        "Clients",
        ("Client", "Of", "Was told", "Last asked", "Is"),
        [
            (
                _who(one),
                shown_line(one.document),
                f"seq {one.seq}",
                ago_html(one.last_seen),
                _stands(one),
            )
            for one in clients
        ],
    )


def _stands(one: Client) -> str:
    if one.behind_since is None:
        return mark("up to date", "green")
    return (
        f"{mark('behind', 'amber')}for {_behind_for(one)}, live is seq {one.live_seq}"
    )


def _behind_for(one: Client) -> str:
    """How long something newer than it was told has been live."""
    since = one.behind_since
    return (lasting(now() - since) if since else "") or "a moment"


def _who(one: Client) -> str:
    purpose = f"“{shown_line(one.purpose)}”, " if one.purpose else ""
    kind = "token of" if one.via.startswith("token:") else "session of"
    return f"{purpose}{kind} {shown_line(one.handle)}"
