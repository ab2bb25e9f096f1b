"""Stopping a bot, and proposing that it answers again; first, what that does."""

from functools import partial

import streamlit as st

from registry.remote import Remote
from registry.remote.live_bots import LiveBotWithUses, UsedDocument
from ui.parts import done, telling
from ui.parts.facts import headed
from ui.parts.links import change_link
from ui.parts.live.proposed import proposed
from ui.parts.live.resumption import asked, nobody, preview
from ui.parts.marks import table
from ui.parts.said_instead import said_instead
from ui.parts.stopped import moved_since_stop
from ui.parts.text import MAX_REASON, label, shown_line
from ui.parts.times import ago, ago_html


def stop(registry: Remote, environment: str, name: str) -> None:
    """Exactly what customers will read, and the button."""
    bot = registry.live_bots.get(environment, name)
    st.header(label(f"Stop {bot.bot} in {environment}"))
    if bot.stopped is not None:
        st.info(label(f"It is stopped already, by {bot.stopped.by}."))
        return
    told = preview(registry, environment, bot.bot)
    if bot.you.why_not_stop is not None:
        st.warning(label(bot.you.why_not_stop, 400), icon=":material/block:")
    else:
        with st.container():
            if warning := nobody(told):
                st.html(warning)
        _stop(registry, environment, bot)
    st.html(headed("What customers read from then on", said_instead(bot.instead)))
    st.html(headed("What else it does", f"<ul>{_consequences(environment)}</ul>"))
    st.html(asked(told))


def _consequences(environment: str) -> str:
    told = (
        "It happens at once, for every chatbot that asks; conversations under way end.",
        "It takes nothing back: what is live stays live, and what goes live meanwhile "
        "goes live beneath. The bot says none of it.",
        f"Only {environment} is concerned; in other environments it goes on.",
        "To have it answer again, an author or operator proposes it and people agree: "
        "no button undoes it at once.",
    )
    return "".join(f"<li>{shown_line(one)}</li>" for one in told)


def _stop(registry: Remote, environment: str, bot: LiveBotWithUses) -> None:
    read = f"stop {environment} {bot.bot}"
    if not done.as_read(read, bot.instead):
        return
    with st.form("stopping"):
        reason = st.text_input(
            "Why? Everybody here will read it; customers do not.",
            max_chars=MAX_REASON,
            key="reason",
        )
        stops = st.form_submit_button(
            label(f"Stop {bot.bot} in {environment}"),
            type="primary",
            icon=":material/front_hand:",
        )
    if stops:
        done.attempt(
            partial(registry.environments.stop, environment, bot.bot, reason),
            lambda now: done.Happened(
                said=f"Stopped {bot.bot}: {environment} is at seq {now.seq}, and "
                "customers read the fallback.",
                query={"env": environment, "bot": bot.bot},
            ),
            read=read,
        )


def resume(registry: Remote, environment: str, name: str) -> None:
    """What would come back, and the proposal of it."""
    bot = registry.live_bots.get(environment, name)
    st.header(label(f"Have {bot.bot} answer again in {environment}"))
    if bot.stopped is None:
        st.info("It is not stopped: it answers.", icon=":material/check:")
        return
    st.html(
        f"<p>{shown_line(bot.stopped.by)} stopped it {ago_html(bot.stopped.at)}: "
        f"{shown_line(bot.stopped.reason)}</p>"
    )
    for number in bot.resumed_by:
        st.html(
            f"<p>An open {change_link(number)} proposes it already; until people "
            "have agreed and it is made live, the bot says its fallback.</p>"
        )
    st.html(_comes_back(registry, environment, bot))
    st.html(asked(preview(registry, environment, bot.bot)))
    if bot.you.why_not_resume is not None:
        st.warning(label(bot.you.why_not_resume, 400), icon=":material/block:")
        return
    if not bot.resumed_by:
        _resume(registry, environment, bot)


def _resume(registry: Remote, environment: str, bot: LiveBotWithUses) -> None:
    comes_back = (bot.stopped, {one.document: one.digest for one in bot.documents})
    read = f"resume {environment} {bot.bot}"
    if not done.as_read(read, comes_back):
        return
    with st.form("resuming"):
        title = st.text_input(
            "Title of the proposal", f"Resume {bot.bot}", max_chars=200, key="title"
        )
        proposes = st.form_submit_button(
            label(f"Propose that {bot.bot} answers again"), type="primary"
        )
    st.caption(
        "It says its fallback until people have agreed, as the policy asks, and it is "
        "made live."
    )
    if proposes:
        done.attempt(
            partial(
                registry.environments.resume,
                environment,
                bot.bot,
                title,
                expected_seq=bot.seq,
            ),
            lambda change: proposed(
                change,
                f"It is proposed that {bot.bot} answers again.",
                env=environment,
                bot=bot.bot,
                do="resume",
            ),
            read=read,
        )


def _comes_back(registry: Remote, environment: str, bot: LiveBotWithUses) -> str:
    """HTML: what it would say, and what of it is not as it was before its stop."""
    if bot.stopped is None:
        return ""
    moved = moved_since_stop(registry, environment, bot.bot, bot.stopped.seq)
    if not moved:
        when = ago(bot.stopped.at)
        return (
            f"<p>It would come back exactly as it was when it was stopped {when}.</p>"
        )
    came = {one.document: one for one in bot.documents}
    return (
        "<p>It would not come back as it was when it was stopped. This is told "
        "otherwise since:</p>"
    ) + table(
        "Told otherwise since it was stopped",
        ("Document", "Then", "Now", "By"),
        [
            (
                shown_line(one.document),
                shown_line(one.before.version if one.before else "absent"),
                shown_line(one.after.version if one.after else "gone"),
                _by(came.get(one.document)),
            )
            for one in moved
        ],
    )


def _by(live: UsedDocument | None) -> str:
    if live is None:
        return ""
    return telling.came(live.change, live.title)
