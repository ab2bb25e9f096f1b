"""When models stop answering: a calendar, and the same as a table."""

from collections.abc import Iterable, Iterator
from itertools import islice

import streamlit as st

from registry.remote import Remote
from registry.remote.bindings import BoundBot, Retirement, Saying
from ui.parts import marks, times
from ui.parts.catalogue.calendar import NEAR_DAYS, chart, model_of, sentence
from ui.parts.choosing import usual_environment
from ui.parts.links import document_link
from ui.parts.text import label, shown_line

EVER_DAYS = 36_500
MOST = 200
"""Of what is read; a calendar with more is no picture any more."""

PERIODS = {"90 days": NEAR_DAYS, "A year": 365, "Ever": EVER_DAYS}
_TOLD = {"90 days": "within 90 days", "A year": "within a year", "Ever": "at all"}


def show(remote: Remote) -> None:
    environments = [one.name for one in remote.environments.list()]
    if not environments:
        st.info("There is no environment yet.")
        return
    line = st.columns([2, 3], vertical_alignment="bottom")
    with line[0]:
        environment = st.segmented_control(
            "Live in",
            environments,
            default=usual_environment(environments),
            required=True,
            key="where",
            bind="query-params",
            format_func=lambda one: label(str(one)),
        )
    with line[1]:
        period = st.segmented_control(
            "Models that stop answering within",
            list(PERIODS),
            default="A year",
            required=True,
            key="within",
            bind="query-params",
        )
    within = PERIODS[str(period)]
    bindings = remote.bindings.retiring(str(environment), within_days=within)
    found = list(islice(bindings, MOST))
    if found:
        _show_found(str(environment), found)
    else:
        st.info(
            f"No model that is live in {label(str(environment))} is known to stop "
            f"answering {_TOLD[str(period)]}."
        )
    _show_undated(remote, str(environment))


def _show_found(environment: str, found: list[Retirement]) -> None:
    told = sentence(environment, found)
    st.altair_chart(chart(found), width="stretch", alt=told)
    st.html(marks.table("When models stop answering", _COLUMNS, map(_row, found)))
    if len(found) == MOST:
        st.caption(f"These are the first {MOST}; there may be more.")


_COLUMNS = ("Binding", "Stops answering", "Model", "Instead", "Who says so", "Bots")


def _row(one: Retirement) -> list[str]:
    left = f"in {one.days} days" if one.days >= 0 else f"{-one.days} days ago"
    tone = "red" if one.days < 0 else "amber" if one.days <= NEAR_DAYS else "grey"
    return [
        f"{document_link(f'bindings/{one.binding}')} {shown_line(one.version)}",
        f'<span class="nowrap">{times.day(one.shutdown_on)}</span> '
        f"{marks.mark(left, tone)}",
        shown_line(model_of(one)),
        shown_line(one.replacement or ""),
        "<br>".join(map(shown_line, _says(one))),
        "<br>".join(_bots(one.bots)) or '<span class="muted">no bot</span>',
    ]


def _show_undated(remote: Remote, environment: str) -> None:
    """Bindings whose model nobody names a day for; so many are looked at."""
    listed = islice(remote.bindings.list(environment), MOST)
    undated = [one for one in listed if one.shutdown_on is None]
    if not undated:
        return
    st.subheader("Nobody says when")
    st.caption(
        "The document names no day, and no list that the registry reads knows the "
        "model. Ask the vendor, and write the day into the binding."
    )
    rows = [
        [
            f"{document_link(f'bindings/{one.binding}')} {shown_line(one.version)}",
            shown_line(model_of(one)),
            shown_line(one.pin),
            shown_line(one.owner),
            "<br>".join(_bots(one.bots)),
        ]
        for one in undated
    ]
    columns = ("Binding", "Model", "Pinned by", "Owner", "Bots")
    st.html(marks.table("Bindings without a day", columns, rows))


def _bots(bots: Iterable[BoundBot]) -> Iterator[str]:
    for one in bots:
        told = f" as {one.role}" + (" (fallback)" if one.fallback else "")
        yield document_link(f"bots/{one.bot}") + shown_line(told).join((" ", ""))


def _says(one: Retirement) -> Iterator[str]:
    if not one.says:
        yield one.by
    for said in one.says:
        differs = said.shutdown_on != one.shutdown_on
        day = f", says {times.day(said.shutdown_on)}" if differs else ""
        yield _source(said) + day


def _source(said: Saying) -> str:
    firm = {True: ", firm", False: ", not before", None: ""}[said.firm]
    looked = f", looked on {times.day(said.checked_on)}" if said.checked_on else ""
    return said.source + firm + (", of any version" if said.of_name else "") + looked
