"""What became of a bot: a picture, and the same as tables."""

from datetime import datetime, timedelta

import streamlit as st

from registry.remote import Remote
from registry.remote.timelines import Band, Mark, Timeline
from ui.parts.choosing import choice
from ui.parts.links import change_link
from ui.parts.marks import mark, table
from ui.parts.pages import TIME, path_of
from ui.parts.text import label, shown_line
from ui.parts.time import picture
from ui.parts.time.kinds import look
from ui.parts.time.when import written
from ui.parts.times import moment, moment_html, now

STEP = 20
PERIODS = {
    "all": "Everything",
    "year": "A year around it",
    "quarter": "Three months around it",
    "weeks": "Two weeks around it",
}
_DAYS = {"year": 365, "quarter": 91, "weeks": 14}
_BESIDE = 0.03
"""Of the period, before the first thing that is drawn."""


def show(
    registry: Remote, environment: str, bot: str, at: datetime, *, is_now: bool
) -> None:
    """Args:
    at: The moment that is looked at.
    is_now: Whether that is what is live, so that no line has to show it.
    """
    period = choice("Period", PERIODS, of="period", default="all")
    since = until = None
    if period in _DAYS:
        half = timedelta(days=_DAYS[period]) / 2
        until = min(at + half, now())
        since = until - 2 * half
    told = registry.timelines.timeline(environment, bot, since=since, until=until)
    if not told.bands and not told.marks:
        st.info(label(f"Nothing of {bot} falls into this period. Choose a longer one."))
        return
    begin, end = _ends(told, since, until)
    with st.container(key="timeline"):
        with st.container():
            st.altair_chart(
                picture.chart(
                    told,
                    begin=begin,
                    end=end,
                    at=None if is_now else at,
                    dark=_is_dark(),
                ),
                width="stretch",
                alt=picture.sentence(told, begin, end),
            )
            line = "" if is_now else "The dashed line is the moment chosen above. "
            st.caption(
                f"Times are of your browser's zone. {line}"
                f"{picture.left_out(told, begin, end)}"
            )
        with st.container():
            _marks(told)
            _versions(told)


def _ends(
    told: Timeline, since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime]:
    end = until or now()
    first = [one.begins for one in told.bands] + [one.at for one in told.marks]
    begin = min(first) - (end - min(first)) * _BESIDE
    return (begin if since is None else max(begin, since)), end


def _is_dark() -> bool:
    return st.context.theme.type == "dark"


def _marks(told: Timeline) -> None:
    st.subheader("What happened, newest first")
    if not told.marks:
        st.caption("Nothing in this period.")
        return
    most = st.session_state.get("_time_marks", STEP)
    newest = list(reversed(told.marks))
    st.html(
        table(
            "What happened",
            ("When", "What", "In words", "Change", "Seq"),
            [_mark(told, one) for one in newest[:most]],
        )
    )
    if len(newest) > most:
        left = len(newest) - most
        if st.button(f"Show earlier ones ({left} more)"):
            st.session_state["_time_marks"] = most + 5 * STEP
            st.rerun()


def _mark(told: Timeline, one: Mark) -> tuple[str, ...]:
    seen = look(one.kind)
    query = {"environment": told.environment, "bot": told.bot}
    query |= {"at": written(one.at)} if one.seq is None else {"seq": str(one.seq)}
    link = f'<a href="{path_of(TIME, **query)}" target="_self">'
    return (
        _nowrap(f"{link}{moment_html(one.at)}</a>"),
        mark(seen.word, seen.tone),
        shown_line(one.sentence),
        "" if one.change is None else _nowrap(change_link(one.change)),
        "" if one.seq is None else str(one.seq),
    )


def _nowrap(line: str) -> str:
    return f'<span class="nowrap">{line}</span>'


def _versions(told: Timeline) -> None:
    st.subheader("Versions that it used")
    with st.expander(f"{len(told.bands)} versions, by document"):
        st.html(
            table(
                "Versions",
                ("Document", "Version", "From", "Until", "By"),
                map(_band, told.bands),
            )
        )


def _band(band: Band) -> tuple[str, ...]:
    until = "now" if band.ends is None else moment(band.ends)
    return (
        shown_line(band.document),
        shown_line(band.version),
        f"{moment_html(band.begins)} (seq {band.since})",
        until if band.until is None else f"{until} (seq {band.until})",
        "a rollback or an import" if band.change is None else change_link(band.change),
    )
