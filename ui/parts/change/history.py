"""What came before: the last changes, stops and emergencies; and who answers for it."""

from collections.abc import Iterator

import streamlit as st

from registry.errors import NotFound
from registry.remote.changes import ChangeSummary, ChangeView
from registry.remote.documents import LiveVersion
from registry.remote.ratifications import RatificationSummary
from ui.parts import session
from ui.parts.change import bots
from ui.parts.change.reach import SOME
from ui.parts.change.safety import last
from ui.parts.marks import mark, table
from ui.parts.pages import CHANGE, path_of
from ui.parts.proposals import saying
from ui.parts.terms import term
from ui.parts.text import shown_line
from ui.parts.times import ago_html, day, ends

BEFORE = 3
"""Of the changes before it, those that are told."""

LATEST = 50
"""Of what went live without agreement, what is looked at for emergencies."""


def show(change: ChangeView) -> None:
    listed = _listed(change)
    rows = [_change(one) for one in _before(change, listed)]
    if rows:
        columns = ("Change", "How it ended", "Author", "When")
        st.html(table("The last changes of these documents", columns, rows))
    else:
        st.info(f"The first change of these documents in {change.environment}.")
    stops = list(_stops(change))
    if stops:
        columns = ("Bot", "Last stopped", "By", "Why")
        st.html(table("Stops of the bots", columns, stops))
    _show_emergencies(change, listed)


def _listed(change: ChangeView) -> dict[int, ChangeSummary]:
    """The last changes of any of its documents, by their numbers."""
    found: dict[int, ChangeSummary] = {}
    for document in change.documents[:SOME]:
        listed = session.registry().changes.list(
            environment=change.environment, q=document, limit=LATEST
        )
        found |= {one.id: one for one in listed}
    return found


def _before(
    change: ChangeView, listed: dict[int, ChangeSummary]
) -> list[ChangeSummary]:
    """The last ones but itself, newest first."""
    numbers = sorted(listed.keys() - {change.id}, reverse=True)
    return [listed[number] for number in numbers[:BEFORE]]


def _change(one: ChangeSummary) -> tuple[str, ...]:
    link = path_of(CHANGE, id=one.id)
    return (
        f'<a href="{link}" target="_self">{one.id} · {shown_line(one.title)}</a>',
        saying.status_mark(one),
        shown_line(one.author),
        ago_html(one.opened_at),
    )


def _stops(change: ChangeView) -> Iterator[tuple[str, ...]]:
    for name in bots.of(change)[:SOME]:
        stop = last(change.environment, f"bots/{name}", "stopped")
        if stop is not None:
            yield (
                shown_line(name),
                ago_html(stop.at),
                shown_line(stop.by),
                shown_line(stop.title),
            )


def _show_emergencies(change: ChangeView, listed: dict[int, ChangeSummary]) -> None:
    rows = [
        (
            shown_line(one.incident or ""),
            f'<a href="{path_of(CHANGE, ratification=one.id)}" target="_self">'
            f"{shown_line(one.title)}</a>",
            mark(one.status),
            shown_line(one.by),
            ago_html(one.at),
        )
        for one in _emergencies(change, listed)
    ]
    if rows:
        columns = ("Incident", "What went live", "Agreed to since", "By", "When")
        st.html(table("Emergencies of these documents", columns, rows))
    none = "" if rows else "None of these documents is known from an emergency. "
    st.html(
        f'<p class="tight muted">{none}Of incidents the registry knows those that an '
        f"emergency named, here among the last {LATEST} activations without "
        "agreement.</p>"
    )


def _emergencies(
    change: ChangeView, listed: dict[int, ChangeSummary]
) -> Iterator[RatificationSummary]:
    """The last ones that edited a document of this change."""
    found = session.registry().ratifications.list(
        environment=change.environment, limit=LATEST
    )
    for one in found:
        if one.incident is None or one.change not in listed:
            continue
        # The words of a name are also those of longer ones.
        if not set(change.documents).isdisjoint(listed[one.change].documents):
            yield one


def show_owners(change: ChangeView) -> None:
    proposed = _proposed(change)
    rows = [
        (*_owner(change.environment, name), proposed.get(name, ""))
        for name in change.documents[:SOME]
    ]
    st.html(table("Who answers for it", _OWNERS, rows))
    st.html(
        f'<p class="tight muted">The day of the next {term("review")} stands in the '
        "document itself. Whoever agrees vouches for the text until then; agreeing "
        "moves no day. It is moved by a version that names a later one, or when "
        "somebody certifies what is live.</p>"
    )


_OWNERS = (
    "Document",
    "Owner",
    "Deputies",
    "Risk partner",
    "To be reviewed by",
    "As proposed",
)


def _proposed(change: ChangeView) -> dict[str, str]:
    """The days that the proposed texts name."""
    found = session.registry().changes.difference(change.id).documents
    return {
        one.document: day(one.after.review_by)
        if one.after.review_by
        else '<span class="muted">no day is named</span>'
        for one in found
        if one.after is not None
    }


def _owner(environment: str, document: str) -> tuple[str, ...]:
    try:
        live = session.registry().documents.get(document).live.get(environment)
    except NotFound:
        live = None
    if live is None:
        return (shown_line(document), "not live here yet", "", "", "")
    who = live.review.answering
    return (
        shown_line(document),
        shown_line(who.owner),
        shown_line(", ".join(who.deputies)),
        shown_line(", ".join(who.risk_partners)),
        _review(live),
    )


def _review(live: LiveVersion) -> str:
    if live.review.due is None:
        return '<span class="muted">no day is named</span>'
    return f"{ends(live.review.due)} {mark(live.review.status)}"
