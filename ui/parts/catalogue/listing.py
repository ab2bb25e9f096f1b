"""The catalogue's list: finding documents, by what they are and what they say."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import streamlit as st

from registry.remote import Remote
from registry.remote.documents import Listed, Wanted
from registry.times import end_of
from ui.parts import marks, times
from ui.parts.catalogue import hits
from ui.parts.catalogue.export import WITHIN, as_csv
from ui.parts.choosing import narrowed
from ui.parts.kinds import KINDS
from ui.parts.links import document_link
from ui.parts.reviewing import REVIEWS, review_html
from ui.parts.terms import told as means
from ui.parts.text import label, plain, shown_line

AT_ONCE = 50
MOST = 500
"""Of what is shown; who wants more looks for less, or downloads it."""

TIERS = {one: one for one in ("high", "medium", "low")}

_SHOWN = "_catalogue_shown"


def show(remote: Remote) -> None:
    environments = [one.name for one in remote.environments.list()]
    looked_for = _filters(remote, environments)
    count = int(st.session_state.get(_SHOWN, AT_ONCE))
    found = list(remote.documents.list(looked_for, limit=count + 1))
    if found:
        _show_found(remote, looked_for, found, count, environments)
    else:
        _show_nothing(looked_for)
    if looked_for.q:
        hits.show(remote, looked_for)


def _filters(remote: Remote, environments: list[str]) -> Wanted:
    """What the person looks for; it stands in the address, too."""
    with st.container(border=True):
        first = st.columns([3, 2, 2, 2])
        with first[0]:
            q = st.text_input(
                "Search in names and texts",
                key="q",
                bind="query-params",
                max_chars=200,
                type="search",
                placeholder="refunds",
                on_change=_begin_again,
            )
        with first[1]:
            kind = _choice("Kind", "kind", KINDS)
        with first[2]:
            where = _choice("Live in", "live_in", {one: one for one in environments})
        with first[3]:
            reviews = {one: one for one in (*REVIEWS, *WITHIN)}
            review = _choice("Review", "review", reviews, help=means("review"))
        owner, tier, marked, by = _more_filters(remote)
    return Wanted(
        kind=kind,
        q=" ".join((q or "").split()) or None,
        environment=where,
        owner=owner,
        tier=tier,
        review=REVIEWS.get(review or ""),
        label=marked,
        due_before=_due_before(review, by),
    )


def _due_before(review: str | None, by: date | None) -> datetime | None:
    """The earlier one, where two of the filters say a day."""
    days = WITHIN.get(review or "")
    # A day, and no moment: pages of one list are asked for with the same.
    soon = None if days is None else times.now().date() + timedelta(days=days)
    asked = [end_of(one) for one in (soon, by) if one is not None]
    return min(asked, default=None)


def _more_filters(
    remote: Remote,
) -> tuple[str | None, str | None, str | None, date | None]:
    """Owner, tier, label, and the day by which it is to be reviewed."""
    names = ("owner", "tier", "label", "due_by")
    is_used = any(st.query_params.get(key) for key in names)
    with st.expander("More filters", expanded=is_used, type="compact"):
        line = st.columns([2, 2, 2, 2])
    with line[0]:
        owner = st.selectbox(
            "Owner",
            sorted(one.handle for one in remote.people.list()),
            index=None,
            key="owner",
            bind="query-params",
            accept_new_options=True,
            placeholder="Anybody",
            on_change=_begin_again,
        )
    with line[1]:
        tier = _choice("Tier", "tier", TIERS, help=means("tier"))
    with line[2]:
        marked = st.text_input(
            "Label",
            key="label",
            bind="query-params",
            placeholder="company=acme-air",
            help="A label's name, or its name and value.",
            on_change=_begin_again,
        )
    with line[3]:
        by: date | None = st.date_input(
            "To be reviewed by",
            value=None,
            key="due_by",
            bind="query-params",
            format="YYYY-MM-DD",
            help="Until the end of that day, or overdue already.",
            on_change=_begin_again,
        )
    return owner or None, tier, (marked or "").strip() or None, by


def _choice(
    name: str, key: str, options: dict[str, str], *, help: str | None = None
) -> str | None:
    """What the registry calls the option that was chosen, by the words for it."""
    words = {one: one for one in options}
    chosen = narrowed(name, words, of=key, anything="Any", help=help, then=_begin_again)
    return options.get(chosen or "")


def _begin_again() -> None:
    st.session_state[_SHOWN] = AT_ONCE


def _show_found(
    remote: Remote,
    looked_for: Wanted,
    found: list[Listed],
    count: int,
    environments: list[str],
) -> None:
    told, is_more = found[:count], len(found) > count
    line = st.columns([3, 1], vertical_alignment="center")
    number = f"the first {len(told)}" if is_more else str(len(told))
    line[0].html(f'<p class="muted">{_sentence(number, len(told), looked_for)}</p>')
    line[1].download_button(
        "Download as CSV",
        lambda: as_csv(remote.documents.list(looked_for), environments),
        file_name="catalogue.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
        help="All that fit, with what is live where.",
    )
    st.html(marks.table("Documents", _columns(environments), _rows(told, environments)))
    if is_more and count < MOST:
        st.button("Show more", on_click=_more, icon=":material/expand_more:")
    elif is_more:
        st.caption("There are more: look for something narrower, or download the list.")


def _more() -> None:
    st.session_state[_SHOWN] = int(st.session_state.get(_SHOWN, AT_ONCE)) + 2 * AT_ONCE


def _sentence(number: str, count: int, looked_for: Wanted) -> str:
    of = "document" if count == 1 else "documents"
    fitting = "" if looked_for == Wanted() else " that fit"
    return f"Shown: {number} {of}{fitting}, by name."


def _columns(environments: list[str]) -> tuple[str, ...]:
    return ("Document", "Owner", "Tier", "Review", *map(plain, environments))


def _rows(found: Iterable[Listed], environments: list[str]) -> Iterator[list[str]]:
    for one in found:
        yield [
            document_link(one.document),
            shown_line(", ".join(one.owners)),
            marks.mark(one.tier) if one.tier else "",
            review_html(one.review, one.review_due),
            *(shown_line(one.live.get(name, "")) for name in environments),
        ]


def _show_nothing(looked_for: Wanted) -> None:
    if looked_for == Wanted():
        st.info(
            "Nothing is live yet. Propose the first document on the page Propose. A "
            "whole folder of documents is brought in at a terminal.",
            icon=":material/menu_book:",
        )
    elif looked_for.q:
        st.info(
            f"No document's name has “{label(looked_for.q)}” in it and fits the other "
            "filters. Look below for texts that have these words, or take a filter out."
        )
    else:
        st.info("No document fits all these filters. Take one out.")
