"""The lists of the inbox: yours, what waits for others, reviews, alerts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

from registry.remote import Remote
from registry.remote.observations import Alert
from registry.remote.reviews import Review, Waiting
from ui.parts.alerts import alert
from ui.parts.choosing import choice, usual_environment
from ui.parts.inbox import rows
from ui.parts.marks import table
from ui.parts.pages import CHANGE, INBOX, LEDGER, LIVE, path_of
from ui.parts.reviewing import due_html, review_mark
from ui.parts.text import shown_line

MOST = 50
"""Counted, and shown without asking for more."""

STEP = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """The beginning of a list; with more than `MOST` it is not counted further."""

    items: tuple[Waiting, ...]

    @property
    def count(self) -> str:
        return counted(len(self.items))

    @property
    def late(self) -> str:
        return counted(sum(one.is_late for one in self.items))


def counted(number: int) -> str:
    return str(number) if number <= MOST else f"{MOST}+"


def some(found: Iterator[Waiting]) -> Some:
    return Some(items=tuple(found))


def counts(told: Sequence[tuple[str, str, bool]]) -> str:
    """HTML of a few numbers.

    Args:
        told: What is counted, the number, and whether it is something to look at.
    """
    cells = "".join(
        f'<span class="{"alarm" if alarming else ""}"><b>{number}</b> {what}</span>'
        for what, number, alarming in told
    )
    return f'<p class="counts">{cells}</p>'


def yours(found: Some, nothing: Callable[[], None]) -> None:
    if not found.items:
        nothing()
        return
    shown = st.session_state.get("_inbox_shown", STEP)
    for one in found.items[:shown]:
        rows.show(one)
    if len(found.items) > shown and st.button("Show more"):
        st.session_state["_inbox_shown"] = shown + STEP
        st.rerun()


def others(stalled: Sequence[Waiting], found: Some) -> None:
    """What waits for others; what waits for nobody stands first."""
    if stalled:
        st.header("Stalled")
        st.caption(
            "Nobody could do it as things stand, so it will not move by itself. Where "
            "administrators are named, they can give somebody the seat."
        )
        _tabled(stalled[:STEP], "Stalled")
        if len(stalled) > STEP:
            st.caption(f"The first {STEP}, what is late first.")
    rest = tuple(one for one in found.items if not one.is_stalled)
    if stalled and rest:
        st.header("Waiting for others")
    if rest:
        _tabled(rest[:MOST], "Waiting for others")
        if len(found.items) > MOST:
            st.caption(f"The first {MOST}, what is late first.")
    elif not stalled:
        st.info("Nothing waits for others.", icon=":material/check:")
        st.page_link(CHANGE, label="See all changes")


def reviews(registry: Remote) -> None:
    """What is due, has lapsed or is unowned, in one environment."""
    names = [one.name for one in registry.environments.list()]
    if not names:
        return
    first = usual_environment(names)
    chosen = choice(
        "Environment",
        {name: name for name in names},
        of="env",
        default=first,
        what="environment",
    )
    found = list(registry.reviews.list(chosen, waiting=True, limit=MOST + 1))
    if not found:
        st.info(
            f"Nothing in {chosen} is due for review, and all of it has an owner.",
            icon=":material/check:",
        )
        return
    st.html(
        table(
            f"Reviews in {chosen}",
            ("Document", "Review", "Due", "Who answers for it", "What is wrong"),
            [_review(one) for one in found[:MOST]],
        )
    )
    if len(found) > MOST:
        st.caption(f"The first {MOST}, what is due first.")


def alerts(found: Sequence[Alert], *, may_resolve: bool) -> None:
    """What somebody has to look at, newest first."""
    if not found:
        st.info(
            "No alert is open: the models that answer are those that were agreed to.",
            icon=":material/check:",
        )
        return
    if not may_resolve:
        st.caption("An operator resolves an alert, once it was looked into.")
    for one in found[:MOST]:
        with st.container(border=True, gap="xsmall"):
            st.html(alert(one))
            with st.container(horizontal=True):
                if may_resolve:
                    rows.go("Resolve it", INBOX, {"alert": str(one.id)})
                if one.bot:
                    bot = {"env": one.environment, "bot": one.bot}
                    rows.go("See the bot", LIVE, bot, of=str(one.id))


def nothing_for(person_reads: bool) -> None:
    """Where to go, for somebody for whom nothing waits."""
    st.info("Nothing waits for you.", icon=":material/check:")
    if not person_reads:
        return
    with st.container(horizontal=True):
        st.page_link(CHANGE, label="See all changes")
        st.page_link(LIVE, label="See what is live")
        st.page_link(LEDGER, label="See what has happened")


def _tabled(items: Sequence[Waiting], name: str) -> None:
    columns = ("What", "Of", "Since", "Due", "Waits for")
    st.html(table(name, columns, [rows.cells(one) for one in items]))


def _review(one: Review) -> tuple[str, ...]:
    link = path_of(INBOX, review=f"{one.environment}/{one.document}")
    blocks = " and keeps it from going live again" if one.blocks else ""
    late = one.status == "lapsed"
    return (
        f'<a href="{link}" target="_self">{shown_line(one.document)}</a> '
        f"{shown_line(one.version)}",
        review_mark(one.status) + (blocks if late else ""),
        due_html(one.due) if one.due else "",
        _answering(one),
        shown_line("; ".join(one.unowned)),
    )


def _answering(one: Review) -> str:
    everybody = (
        one.answering.owner,
        *one.answering.deputies,
        *one.answering.risk_partners,
    )
    return shown_line(", ".join(dict.fromkeys(everybody)))
