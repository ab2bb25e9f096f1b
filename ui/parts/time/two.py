"""Two moments of one environment: what differs, and the texts beside each other."""

from itertools import islice

import streamlit as st

from registry.remote import Remote
from registry.remote.timelines import Between, MomentThen, Text
from ui.parts import differences
from ui.parts.choosing import choice, picked
from ui.parts.marks import mark, table
from ui.parts.telling import came
from ui.parts.text import label, plain, shown_line
from ui.parts.times import moment, moment_html

MOST = 50


def show(registry: Remote, one: MomentThen, other: MomentThen, bot: str | None) -> None:
    """Whichever of the two is earlier stands on the left."""
    before, after = sorted((one, other), key=lambda each: each.seq)
    if before.seq == after.seq:
        st.info(
            label(
                f"Both are in the same moment, seq {before.seq}: nothing differs. Move "
                "one of the two."
            )
        )
        return
    found = list(
        islice(
            registry.timelines.differences(
                before.environment,
                before.seq,
                after.seq,
                document=None if bot is None else f"bots/{bot}",
                limit=MOST + 1,
            ),
            MOST + 1,
        )
    )
    st.html(f'<p class="head">{_summary(before, after, found)}</p>')
    for each in (before, after):
        _stopped(each)
    if not found:
        whom = "Everything" if bot is None else "The bot, and all that it used,"
        st.info(label(f"{whom} was the same at both."))
        return
    some = found[:MOST]
    st.html(
        table(
            f"Seq {before.seq} and seq {after.seq}",
            ("Document", "Is", *map(_heading, (before, after)), "By"),
            map(_row, some),
        )
    )
    if len(found) > MOST:
        st.caption(f"More than {MOST} differ: choose a bot, or moments nearer by.")
    _texts(some, before, after)


def _stopped(then: MomentThen) -> None:
    """A bot that was stopped said none of what was live."""
    if then.bot is not None and then.bot.stopped is not None:
        stop = then.bot.stopped
        st.warning(
            label(
                f"At seq {then.seq} {then.bot.bot} was stopped: customers read its "
                f"fallback, and none of this. {stop.by} had stopped it: {stop.reason}",
                600,
            ),
            icon=":material/front_hand:",
        )


def _texts(found: list[Between], before: MomentThen, after: MomentThen) -> None:
    names = {one.document: plain(one.document) for one in found}
    st.subheader("The texts")
    line = st.columns([4, 3, 3])
    with line[0]:
        chosen = picked(
            "Document",
            names,
            of="document",
            default=next(iter(names)),
            what="document among those that differ",
        )
    between = next(one for one in found if one.document == chosen)
    with line[1]:
        kinds = {"own": "Its own text", "reads": "As it reads"}
        own = _own_differs(between)
        what = choice("Which text", kinds, of="text", default="own" if own else "reads")
    with line[2]:
        ways = {"sides": "Side by side", "one": "One below the other"}
        way = choice("How to show it", ways, of="as", default="sides")
    if what == "reads":
        st.caption("As chatbots got it, with everything that it includes.")
    elif not own:
        st.caption(
            "Its own text is the same: something that it includes differs. Look at how "
            "it reads."
        )
    show_them = differences.side_by_side if way == "sides" else differences.unified
    st.html(
        show_them(
            f"{plain(chosen)} at seq {before.seq} and at seq {after.seq}",
            _text(between.before, what),
            _text(between.after, what),
        )
    )


def _own_differs(between: Between) -> bool:
    return _text(between.before, "own") != _text(between.after, "own")


def _text(text: Text | None, what: str) -> str | None:
    if text is None:
        return None
    return text.source if what == "own" else text.reads


def _summary(before: MomentThen, after: MomentThen, found: list[Between]) -> str:
    count = str(len(found)) if len(found) <= MOST else f"more than {MOST}"
    noun = "document differs" if len(found) == 1 else "documents differ"
    return (
        f"From seq {before.seq} ({moment_html(before.at)}) to seq {after.seq} "
        f"({moment_html(after.at)}): <strong>{count} {noun}</strong>."
    )


def _heading(one: MomentThen) -> str:
    return f"Seq {one.seq}, {moment(one.at)}"


def _row(one: Between) -> tuple[str, ...]:
    return (
        shown_line(one.document),
        _is(one),
        shown_line(one.before.version) if one.before else "not live",
        shown_line(one.after.version) if one.after else "not live",
        _by(one),
    )


def _by(one: Between) -> str:
    if one.after is None:
        return ""
    if not _is_another(one):
        return "what it includes, or uses"
    return came(one.after.change, one.after.title)


def _is_another(one: Between) -> bool:
    digests = {text.digest if text else None for text in (one.before, one.after)}
    return len(digests) > 1


def _is(one: Between) -> str:
    if one.before is None:
        return mark("new", "green")
    if one.after is None:
        return mark("gone", "red")
    if _is_another(one):
        return mark("another text", "amber")
    return mark("reads differently", "blue")
