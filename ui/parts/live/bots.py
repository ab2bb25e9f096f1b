"""The live bots of an environment: how each stands, and the ways on."""

from typing import Literal

import streamlit as st

from registry.remote import Remote
from registry.remote.live_bots import LiveBot
from registry.remote.observations import Alert
from ui.parts import telling
from ui.parts.alerts import of_bot
from ui.parts.pages import LIVE, PROPOSE
from ui.parts.text import label, shown_line
from ui.parts.times import ago

STEP = 20
MOST = 200


def alarms(registry: Remote, environment: str) -> None:
    """Stopped bots, loudly, whatever else is looked at."""
    found = registry.live_bots.page(environment, stopped=True, limit=5)
    for bot in found.items:
        alarm(environment, bot)
        ways(environment, bot)
    if found.next is not None:
        st.caption("More bots are stopped; the list of bots has them all.")


def alarm(environment: str, bot: LiveBot) -> None:
    """That a bot is stopped, by whom and why."""
    if bot.stopped is not None:
        st.error(
            label(
                f"{bot.bot} is stopped in {environment}: customers read its fallback. "
                f"{bot.stopped.by} stopped it {ago(bot.stopped.at)}: "
                f"{bot.stopped.reason}",
                600,
            ),
            icon=":material/front_hand:",
        )


def ways(environment: str, bot: LiveBot) -> None:
    """Out of a stop: the proposal for whoever may make it, else who may."""
    with st.container(horizontal=True):
        if bot.you.why_not_resume is None:
            go("Have it answer again…", f"resume-{bot.bot}", environment, bot, "resume")
        go("Look at it", f"look-{bot.bot}", environment, bot)
    if bot.you.why_not_resume is not None:
        st.caption(label(bot.you.why_not_resume, 400))


def listed(registry: Remote, environment: str) -> None:
    """The bots by name, with a way to stop each of them that one may stop."""
    most = st.session_state.get("_bots_shown", STEP)
    words = st.query_params.get("q", "")
    found = registry.live_bots.page(environment, q=words, limit=most)
    if found.next is not None or words:
        st.text_input(
            "Find a bot",
            key="q",
            placeholder="Part of its name",
            max_chars=100,
            bind="query-params",
        )
    if not found.items:
        _nothing(environment, words)
        return
    raised = open_alerts(registry, environment)
    for bot in found.items:
        _row(environment, bot, raised)
    if found.next is not None and most < MOST:
        if st.button("Show more bots"):
            st.session_state["_bots_shown"] = most + STEP
            st.rerun()
    elif found.next is not None:
        st.caption("There are more: write part of a name.")
    refused = next((bot.you.why_not_stop for bot in found.items), None)
    if refused and all(bot.you.why_not_stop for bot in found.items):
        st.caption(label(f"You cannot stop a bot here: {refused}", 400))


def go(
    words: str,
    key: str,
    environment: str,
    bot: LiveBot | None,
    do: str = "",
    **more: str,
) -> None:
    """A button that leads to another part of this page."""
    icon = ":material/front_hand:" if do == "stop" else None
    kind: Literal["secondary", "tertiary"] = "secondary" if do else "tertiary"
    if st.button(words, key=key, type=kind, icon=icon):
        query = {"env": environment, **more}
        if bot is not None:
            query["bot"] = bot.bot
        if do:
            query["do"] = do
        st.switch_page(LIVE, query_params=query)


def open_alerts(registry: Remote, environment: str) -> list[Alert]:
    """Of the environment, newest first: the inbox has all of them."""
    return list(
        registry.alerts.list(environment=environment, resolved=False, limit=MOST)
    )


def _row(environment: str, bot: LiveBot, raised: list[Alert]) -> None:
    with st.container(border=True, gap="xsmall"):
        st.html(
            '<div class="waits">'
            f'<p class="what">{telling.head(bot)}<strong>{shown_line(bot.bot)}</strong>'
            f' <span class="muted">{shown_line(bot.version)}</span></p>'
            f"<p>{shown_line(bot.description)}</p>"
            f'<p class="muted">{_stands(bot)}</p>{of_bot(raised, bot.bot)}</div>'
        )
        with st.container(horizontal=True):
            if bot.stopped is None and bot.you.why_not_stop is None:
                go("Stop…", f"stop-{bot.bot}", environment, bot, "stop")
            go("Go back…", f"back-{bot.bot}", environment, bot, "back")
            go("Look closer", f"closer-{bot.bot}", environment, bot)


def _stands(bot: LiveBot) -> str:
    if bot.stopped is not None:
        return f"Stopped {telling.stopped(bot.stopped)}. Customers read its fallback."
    agreed = telling.agreed(bot.since.agreed, bot.since.ratification)
    return f"As it is since {telling.since(bot.since)}. Agreed to by: {agreed}."


def _nothing(environment: str, words: str) -> None:
    if words:
        st.info(label(f"No live bot in {environment} has {words} in its name."))
        return
    st.info(f"No bot is live in {environment} yet. Propose one, or promote one.")
    st.page_link(PROPOSE, label="Propose a bot")
