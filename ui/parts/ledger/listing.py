"""The ledger's events, newest first: finding them by what, who, where and when."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

import streamlit as st

from registry.remote import Remote
from registry.remote.ledger import ALL, Act, Wanted
from ui.parts import marks, times
from ui.parts.choosing import narrowed
from ui.parts.ledger.words import TYPES, sentence
from ui.parts.links import change_link, event_link
from ui.parts.text import plain, shown_line

AT_ONCE = 50
MOST = 500
"""Of what is shown; who wants more looks for less, or makes evidence of a period."""

MAX_REASON_CHARS = 200
_SHOWN = "_ledger_shown"


def show(remote: Remote) -> None:
    wanted = _filters(remote)
    count = int(st.session_state.get(_SHOWN, AT_ONCE))
    found = list(remote.ledger.acts(wanted, limit=count + 1, newest_first=True))
    if not found:
        st.info("No event fits all these filters. Take one out.")
        return
    told, is_more = found[:count], len(found) > count
    fitting = "" if wanted == ALL else " that fit"
    number = f"the newest {len(told)}" if is_more else str(len(told))
    of = "event" if len(told) == 1 else "events"
    st.caption(f"Shown: {number} {of}{fitting}, newest first.")
    st.html(marks.table("Events", _COLUMNS, _rows(told)))
    if is_more and count < MOST:
        st.button("Show more", on_click=_more, icon=":material/expand_more:")
    elif is_more:
        st.caption("There are more: look for something narrower, or choose a period.")


_COLUMNS = ("Number", "What happened", "When", "Environment", "Change")


def _rows(acts: Iterable[Act]) -> Iterator[list[str]]:
    for act in acts:
        said = f'<br><span class="muted">{_clipped(act.reason)}</span>'
        yield [
            event_link(act.event),
            shown_line(sentence(act)) + (said if act.reason else ""),
            f'<span class="nowrap">{times.ago_html(act.at)}</span>',
            shown_line(act.environment or ""),
            change_link(act.change),
        ]


def _clipped(reason: str) -> str:
    return f"“{shown_line(plain(reason, MAX_REASON_CHARS))}”"


def _filters(remote: Remote) -> Wanted:
    """What the person looks for; it stands in the address, too."""
    with st.container(border=True):
        first = st.columns([2, 2, 2])
        is_used = any(st.query_params.get(key) for key in ("since", "until", "change"))
        with st.expander("By day and change", expanded=is_used, type="compact"):
            second = st.columns([2, 2, 2])
        with first[0]:
            kind = _narrowed("What happened", TYPES, of="type", anything="Anything")
        with first[1]:
            handles = sorted(one.handle for one in remote.people.list())
            who = _narrowed("Who", handles, of="who", anything="Anybody")
        with first[2]:
            places = [one.name for one in remote.environments.list()]
            where = _narrowed("Environment", places, of="env", anything="Any")
        with second[0]:
            begin = _day("From the day", "since")
        with second[1]:
            end = _day("To the day", "until")
        with second[2]:
            change = st.number_input(
                "Change",
                min_value=1,
                max_value=2**53 - 1,
                value=None,
                step=1,
                key="change",
                bind="query-params",
                placeholder="42",
                on_change=_begin_again,
            )
    return Wanted(
        environment=where,
        type=TYPES.get(kind or ""),
        actor=who,
        change=None if change is None else int(change),
        begin=midnight(begin),
        end=None if end is None else midnight(end + timedelta(days=1)),
    )


def midnight(day: date | None) -> datetime | None:
    """The beginning of a day where the person is."""
    return None if day is None else datetime.combine(day, time(), times.zone())


def _narrowed(
    name: str, options: Iterable[str], *, of: str, anything: str
) -> str | None:
    words = {one: one for one in options}
    return narrowed(name, words, of=of, anything=anything, then=_begin_again)


def _day(name: str, key: str) -> date | None:
    chosen: date | None = st.date_input(
        name,
        value=None,
        key=key,
        bind="query-params",
        format="YYYY-MM-DD",
        on_change=_begin_again,
    )
    return chosen


def _begin_again() -> None:
    st.session_state[_SHOWN] = AT_ONCE


def _more() -> None:
    st.session_state[_SHOWN] = int(st.session_state.get(_SHOWN, AT_ONCE)) + 2 * AT_ONCE
