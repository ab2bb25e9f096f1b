"""One live bot: what it is told, by whose yes, and who was told it."""

import streamlit as st

from registry.remote import Remote
from registry.remote.live_bots import LiveBotWithUses
from ui.parts import telling
from ui.parts.alerts import of_bot
from ui.parts.facts import facts
from ui.parts.live import fetched
from ui.parts.live.bots import alarm, go, open_alerts
from ui.parts.marks import table
from ui.parts.said_instead import said_instead
from ui.parts.text import label, shown_line
from ui.parts.times import ago_html


def show(registry: Remote, environment: str, name: str) -> None:
    bot = registry.live_bots.get(environment, name)
    st.header(label(f"{bot.bot} in {environment}"))
    alarm(environment, bot)
    st.html(
        f'<div class="waits"><p>{telling.head(bot)}{shown_line(bot.description)}</p>'
        f"{of_bot(open_alerts(registry, environment), bot.bot)}</div>"
    )
    with st.container(horizontal=True):
        if bot.stopped is not None and bot.you.why_not_resume is None:
            go("Have it answer again…", "resume", environment, bot, "resume")
        if bot.stopped is None and bot.you.why_not_stop is None:
            go("Stop…", "stop", environment, bot, "stop")
        go("Go back…", "back", environment, bot, "back")
    if bot.stopped is None and bot.you.why_not_stop:
        st.caption(label(bot.you.why_not_stop, 400))
    if bot.stopped is not None and bot.you.why_not_resume:
        st.caption(label(bot.you.why_not_resume, 400))
    st.html(_facts(bot))
    with st.expander("What customers read while it is stopped"):
        st.html(said_instead(bot.instead))
    st.subheader("Who was told what in the last day")
    fetched.of_bot(registry, environment, bot)
    st.subheader("What it is told")
    st.caption("Its own document and everything that it uses, as it is live now.")
    st.html(_documents(bot))


def _facts(bot: LiveBotWithUses) -> str:
    rows = [
        ("Version", f"{shown_line(bot.version)} <code>{bot.digest[7:19]}</code>"),
        *_came(bot),
        ("Owner", shown_line(bot.owner)),
        ("Deputy", shown_line(bot.deputy or "")),
        ("On call", shown_line(bot.on_call or "")),
    ]
    return facts(f"About {bot.bot}", rows)


def _came(bot: LiveBotWithUses) -> list[tuple[str, str]]:
    if bot.stopped is not None:
        return [("Stopped", telling.stopped(bot.stopped))]
    agreed = telling.agreed(bot.since.agreed, bot.since.ratification)
    return [("As it is since", telling.since(bot.since)), ("Agreed to by", agreed)]


def _documents(bot: LiveBotWithUses) -> str:
    return table(
        "What it is told",
        ("Document", "Version", "Live since", "By", "Agreed to by"),
        [
            (
                shown_line(one.document),
                shown_line(one.version),
                f"{ago_html(one.at)} (seq {one.since})",
                telling.came(one.change, one.title),
                telling.agreed(one.agreed),
            )
            for one in sorted(bot.documents, key=lambda one: -one.since)
        ],
    )
