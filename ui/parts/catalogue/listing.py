"""The catalogue's list: finding documents, by what they are and what they say."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

import streamlit as st

from registry.remote import Remote
from registry.remote.documents import Found, Listed, Wanted
from ui.parts import marks, times
from ui.parts.catalogue.export import REVIEWS, as_csv, review_words
from ui.parts.pages import CATALOGUE, path_of
from ui.parts.text import label, plain, shown, shown_line

AT_ONCE = 50
MOST = 500
"""Of what is shown; who wants more looks for less, or downloads it."""

MAX_HITS = 60

KINDS = {
    "bots": "bot",
    "prompts": "prompt",
    "fragments": "fragment",
    "glossaries": "glossary",
    "guardrails": "guardrail",
    "bindings": "binding",
}
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
        _show_hits(remote, looked_for)


def review_mark(status: str | None) -> str:
    """`overdue`, in the colour of a review that has lapsed."""
    if status is None:
        return ""
    return marks.mark(review_words(status), _TONES.get(status))


def review_html(status: str | None, due: datetime | None) -> str:
    """How a review stands, and when it is or was due."""
    when = "" if due is None else f" due {times.ago_html(due)}"
    return f"{review_mark(status)}{when}"


def document_link(document: str, **query: str) -> str:
    """HTML of a link to a document's page."""
    address = path_of(CATALOGUE, document=document, **query)
    return f'<a href="{shown(address)}" target="_self">{shown_line(document)}</a>'


_TONES = {"lapsed": "red", "due": "amber", "certified": "green", "none": "grey"}


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
            review = _choice("Review", "review", REVIEWS)
        owner, tier, marked = _more_filters(remote)
    return Wanted(
        kind=kind,
        q=" ".join((q or "").split()) or None,
        environment=where,
        owner=owner,
        tier=tier,
        review=review,
        label=marked,
    )


def _more_filters(remote: Remote) -> tuple[str | None, str | None, str | None]:
    """Owner, tier and label."""
    is_used = any(st.query_params.get(key) for key in ("owner", "tier", "label"))
    with st.expander("More filters", expanded=is_used, type="compact"):
        line = st.columns([2, 2, 2])
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
        tier = _choice("Tier", "tier", TIERS)
    with line[2]:
        marked = st.text_input(
            "Label",
            key="label",
            bind="query-params",
            placeholder="company=acme-air",
            help="A label's name, or its name and value.",
            on_change=_begin_again,
        )
    return owner or None, tier, (marked or "").strip() or None


def _choice(name: str, key: str, options: dict[str, str]) -> str | None:
    """What the registry calls the option that was chosen, by the words for it."""
    chosen = st.selectbox(
        name,
        list(options),
        index=None,
        key=key,
        bind="query-params",
        placeholder="Any",
        on_change=_begin_again,
    )
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
            "Nothing is live yet. Propose the first document on the page Propose, or "
            "import what you have with the command placet import.",
            icon=":material/menu_book:",
        )
    elif looked_for.q:
        st.info(
            f"No document's name has “{label(looked_for.q)}” in it and fits the other "
            "filters. Look below for texts that have these words, or take a filter out."
        )
    else:
        st.info("No document fits all these filters. Take one out.")


def _show_hits(remote: Remote, looked_for: Wanted) -> None:
    """Texts that are live now, with the line in which the words are."""
    st.subheader("In the texts")
    hits = list(
        islice(
            remote.documents.search(
                str(looked_for.q),
                kind=looked_for.kind,
                environment=looked_for.environment,
                limit=MAX_HITS + 1,
            ),
            MAX_HITS + 1,
        )
    )
    if not hits:
        st.caption("No live text has all these words.")
        return
    columns = ("Document", "Environment", "Where", "What stands there")
    st.html(marks.table("Texts found", columns, _hits(hits[:MAX_HITS])))
    if len(hits) > MAX_HITS:
        st.caption(f"These are the first {MAX_HITS}; write more words to narrow it.")


def _hits(hits: Iterable[Found]) -> Iterator[list[str]]:
    """A row for each text; the same one in several environments is one."""
    where: dict[tuple[str, str, str], list[str]] = {}
    for one in hits:
        key = (one.document, one.where, one.snippet)
        where.setdefault(key, []).append(one.environment)
    for (document, place, snippet), environments in where.items():
        yield [
            document_link(document),
            shown_line(", ".join(environments)),
            f'<span class="nowrap">{shown_line(place)}</span>',
            shown_line(snippet),
        ]
