"""The last moves of an environment: what went live, was put back, was stopped."""

import streamlit as st

from registry.remote import Remote
from registry.remote.environments import Moment, Step
from ui.parts.links import change_link
from ui.parts.marks import table
from ui.parts.moves import move_mark
from ui.parts.pages import CHANGE, LEDGER, LIVE, TIME, path_of
from ui.parts.text import plain, shown_line
from ui.parts.times import ago, ago_html

STEP = 20
MOST = 200


def show(registry: Remote, environment: str) -> None:
    most = st.session_state.get("_moves_shown", STEP)
    found = list(registry.environments.history(environment, limit=most + 1))
    if not found:
        st.info(f"Nothing has gone live in {environment} yet.")
        return
    _back(environment, found[:most])
    st.html(
        table(
            f"Moves of {environment}",
            ("Moment", "What", "By", "Documents"),
            [_row(one) for one in found[:most]],
        )
    )
    with st.container(horizontal=True):
        if len(found) > most and most < MOST and st.button("Show earlier moves"):
            st.session_state["_moves_shown"] = most + STEP
            st.rerun()
        st.page_link(
            TIME,
            label="See any moment",
            icon=":material/history:",
            query_params={"environment": environment},
        )


def _back(environment: str, found: list[Moment]) -> None:
    undone = [one for one in found if one.documents]
    if not undone:
        return
    names = {
        one.seq: plain(f"seq {one.seq}, {ago(one.at)}: {one.title}") for one in undone
    }
    chosen = st.selectbox(
        "Undo exactly one of them",
        list(names),
        format_func=lambda seq: names[seq],
        key="undone",
    )
    with st.container(horizontal=True):
        if st.button("See what undoing it would do"):
            _go(environment, undo=str(chosen))
        if st.button("Go back with everything…"):
            _go(environment, scope="all")


def _go(environment: str, **query: str) -> None:
    st.switch_page(LIVE, query_params={"env": environment, "do": "back", **query})


def _row(one: Moment) -> tuple[str, ...]:
    event = path_of(LEDGER, event=one.number)
    return (
        f'<a href="{event}" target="_self" class="nowrap">seq {one.seq}</a><br>'
        f'<span class="muted nowrap">{ago_html(one.at)}</span>',
        f"{move_mark(one.type)}{shown_line(one.title)}{_ways(one)}",
        shown_line(one.by),
        _documents(one),
    )


def _ways(one: Moment) -> str:
    """HTML: the change that it was, and what people said of it afterwards."""
    links = [] if one.change is None else [change_link(one.change)]
    if one.ratification is not None:
        link = path_of(CHANGE, ratification=one.ratification.id)
        emergency = "emergency, " if one.ratification.incident else ""
        words = shown_line(f"{emergency}ratification {one.ratification.status}")
        links.append(f'<a href="{link}" target="_self">{words}</a>')
    return f"<br>{' · '.join(links)}" if links else ""


def _documents(one: Moment) -> str:
    told = [_step(step) for step in one.documents[:3]]
    more = len(one.documents) - 3
    if more > 0:
        told.append(f"and {more} more")
    return "<br>".join(told)


def _step(step: Step) -> str:
    before, after = step.before_version, step.version
    if before is None:
        became = f"{after}, new"
    else:
        became = f"{before} → {after}" if after else f"{before}, deleted"
    return (
        f"{shown_line(step.document)} "
        f'<span class="muted nowrap">{shown_line(became)}</span>'
    )
