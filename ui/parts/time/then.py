"""What was live at a moment, since when, by which change, and who had said yes."""

from datetime import datetime

import streamlit as st

from registry.remote import Remote
from registry.remote.live_bots import UsedDocument
from registry.remote.timelines import BotThen, MomentThen
from ui.parts import packs
from ui.parts.facts import facts
from ui.parts.links import change_link
from ui.parts.marks import mark, table, tier
from ui.parts.moves import move_mark
from ui.parts.packs import Pack
from ui.parts.pages import CATALOGUE, TIME, path_of
from ui.parts.telling import agreed, came
from ui.parts.text import label, plain, shown_line
from ui.parts.time import words
from ui.parts.times import lasting, moment, moment_html

STEP = 50
MOST = 200


def told(then: MomentThen) -> str:
    """HTML: which moment it is, how long it lasted, and what brought it."""
    where, seq = shown_line(then.environment), then.seq
    if then.until is None:
        when = f"<strong>{where} is at seq {seq}</strong> since {moment_html(then.at)}."
        when += " This is what is live now."
    else:
        length = lasting(then.until - then.at) or "less than a minute"
        when = (
            f"<strong>{where} was at seq {seq}</strong> from {moment_html(then.at)} "
            f"until {moment_html(then.until)} ({length})."
        )
    return f'<p class="head">{when}</p>{_brought(then)}'


def _brought(then: MomentThen) -> str:
    """What brought the moment; of a bot that it did not touch, that it did not."""
    by = f", {change_link(then.change)}" if then.change is not None else ""
    what = (
        f"{move_mark(then.type)}"
        f"“{shown_line(then.title.rstrip('. '))}”, by {shown_line(then.by)}{by}."
    )
    if then.bot is not None and then.bot.since.seq != then.seq:
        return (
            f'<p class="head"><strong>{shown_line(then.bot.bot)}</strong> was not '
            "touched by that: it has been told the same since seq "
            f"{then.bot.since.seq}. "
            f'<span class="muted">Seq {then.seq} was about something else: '
            f"{what}</span></p>"
        )
    said = f" Agreed to by: {agreed(then.agreed, then.ratification)}."
    if then.type == "stopped":
        said = " A stop takes nobody's yes."
    return f'<p class="head">{what}{said}</p>'


def show(registry: Remote, then: MomentThen, bot: str | None) -> None:
    if bot is not None:
        _bot(registry, then, bot)
        if then.bot is None:
            return
    _documents(registry, then, bot)


def evidence(registry: Remote, environment: str, at: datetime) -> None:
    """The archive of a moment, made when it is asked for."""
    packs.offer(
        "Make the evidence of this moment",
        f"{environment} {at}",
        lambda: Pack(
            name=f"evidence-{environment}-{at:%Y-%m-%d-%H%M}Z",
            data=registry.evidence.of_moment(environment, at),
        ),
    )


def _bot(registry: Remote, then: MomentThen, name: str) -> None:
    bot = then.bot
    if bot is None:
        st.info(
            label(
                f"{name} was not live in {then.environment} then, so it could say "
                "nothing. Choose another moment, or look at its timeline.",
                300,
            ),
            icon=":material/info:",
        )
        return
    if bot.stopped is not None:
        st.error(
            label(
                f"{bot.bot} was stopped then: customers read its fallback. "
                f"{bot.stopped.by} had stopped it on {moment(bot.stopped.at)}: "
                f"{bot.stopped.reason}",
                600,
            ),
            icon=":material/front_hand:",
        )
    st.html(_stood(bot, is_now=then.until is None))
    words.show(registry, then, bot)


def _stood(bot: BotThen, *, is_now: bool) -> str:
    answers = mark("answers" if is_now else "answered", "green")
    stood = mark("stopped", "red") if bot.stopped else answers
    since, by = bot.since, ""
    if since.change is not None:
        by = f", {change_link(since.change)}"
    rows = [
        ("The bot", f"{stood}{shown_line(bot.bot)} {shown_line(bot.version)}"),
        (
            "Told this since",
            f"{moment_html(since.at)} (seq {since.seq}{by}), by "
            f"{shown_line(since.by)}: “{shown_line(since.title.rstrip('. '))}”",
        ),
        (
            "That was agreed to by",
            "" if bot.stopped else agreed(since.agreed, since.ratification),
        ),
        (
            "Check mark",
            f"<code>{bot.bundle[7:19]}</code> "
            '<span class="muted">the same wherever these words are the same</span>',
        ),
    ]
    return facts(f"{plain(bot.bot)} then", rows)


def _documents(registry: Remote, then: MomentThen, bot: str | None) -> None:
    heading = "What it was told" if bot else "What was live"
    if then.bot is not None and then.bot.stopped is not None:
        heading = "What was live beneath the stop"
    st.subheader(heading)
    most, q = st.session_state.get("_time_shown", STEP), None
    if bot is None and then.live > STEP:
        q = st.text_input(
            "Find a document",
            key="q",
            placeholder="Part of its name",
            max_chars=100,
            bind="query-params",
        )
    found = registry.timelines.documents(
        then.environment, seq=then.seq, bot=bot, q=q, limit=most
    )
    if not found.items:
        words = f" with {q} in its name" if q else ""
        st.info(label(f"Nothing was live{words}."))
        return
    st.html(
        table(
            f"Live in {plain(then.environment)} at seq {then.seq}",
            ("Document", "Version", "Live since", "By", "Agreed to by"),
            [_row(then, one) for one in _ordered(found.items, bot)],
        )
    )
    if found.next is not None and most < MOST:
        if st.button("Show more documents"):
            st.session_state["_time_shown"] = most * 2
            st.rerun()
    elif found.next is not None:
        st.caption("There are more: write part of a name, or choose a bot.")


def _ordered(found: tuple[UsedDocument, ...], bot: str | None) -> list[UsedDocument]:
    """Of a bot what changed last stands first; of everything, names are looked for."""
    return list(found) if bot is None else sorted(found, key=lambda one: -one.since)


def _row(then: MomentThen, one: UsedDocument) -> tuple[str, ...]:
    kind, _, name = one.document.partition("/")
    where = path_of(CATALOGUE, document=one.document, version=one.version)
    link = f'<a href="{where}" target="_self">{shown_line(one.document)}</a>'
    if kind == "bots":
        here = path_of(TIME, environment=then.environment, bot=name, seq=str(then.seq))
        link = f'<a href="{here}" target="_self">{shown_line(one.document)}</a>'
    return (
        link,
        f"{shown_line(one.version)} {tier(one.tier)}",
        f"{moment_html(one.at)} (seq {one.since})",
        came(one.change, one.title),
        agreed(one.agreed),
    )
