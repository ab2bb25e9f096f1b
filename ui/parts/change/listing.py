"""The list of changes: filters, a row each, and how to get to the rest."""

from itertools import islice

import streamlit as st

from registry.remote.changes import ChangeSummary
from registry.remote.people import Person
from ui.parts import session
from ui.parts.change import saying
from ui.parts.marks import table, tier
from ui.parts.pages import CHANGE, PROPOSE, path_of
from ui.parts.text import plain, shown_line
from ui.parts.times import ago_html

PAGE = 25
ANY = "any"
_STATUSES = {
    "open": "Open",
    ANY: "Every state",
    "waiting": "Waiting",
    "approved": "Approved",
    "scheduled": "Scheduled",
    "suspended": "Suspended",
    "stale": "Stale",
    "expired": "Expired",
    "activated": "Activated",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
}
_COLUMNS = ("Change", "Environment", "State", "Tier", "Waits for", "Author", "Opened")


def show() -> None:
    st.title("Changes")
    environment, status, author, text = _filters()
    many = st.session_state.get(_asked_key(), PAGE)
    found = list(
        islice(
            session.registry().changes.list(
                environment=environment,
                status=status,
                author=author,
                q=text,
                limit=many + 1,
            ),
            many + 1,
        )
    )
    if not found:
        _show_none(filtered=any((environment, status, author, text)))
        return
    st.html(table("Changes", _COLUMNS, map(_row, found[:many]), classes="changes"))
    if len(found) > many and st.button(f"Show {PAGE} more", key="more"):
        st.session_state[_asked_key()] = many + PAGE
        st.rerun()


def _asked_key() -> str:
    """How many are shown, for this choice of filters."""
    chosen = [st.query_params.get(one, "") for one in _FILTERS]
    return f"_changes_shown-{'|'.join(chosen)}"


_FILTERS = ("environment", "status", "author", "text")


def _filters() -> tuple[str | None, str | None, str | None, str | None]:
    remote = session.registry()
    environments = [one.name for one in remote.environments.list()]
    authors = sorted(one.handle for one in remote.people.list() if _writes(one))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        status = st.selectbox(
            "State",
            list(_STATUSES),
            format_func=lambda one: _STATUSES.get(one, plain(one)),
            key="status",
            bind="query-params",
            width=150,
        )
        environment = st.selectbox(
            "Environment",
            [ANY, *environments],
            format_func=lambda one: "Every environment" if one == ANY else plain(one),
            key="environment",
            bind="query-params",
            width=190,
        )
        author = st.selectbox(
            "Author",
            [ANY, *authors],
            format_func=lambda one: "Everybody" if one == ANY else plain(one),
            key="author",
            bind="query-params",
            width=160,
        )
        text = st.text_input(
            "Words",
            key="text",
            bind="query-params",
            placeholder="In the title, or a document's name",
            max_chars=200,
            width=260,
        )
    return _said(environment), _said(status), _said(author), text.strip() or None


def _writes(person: Person) -> bool:
    return bool({"author", "operator"} & set(person.roles))


def _said(chosen: str | None) -> str | None:
    return None if chosen in {None, ANY} else chosen


def _row(change: ChangeSummary) -> tuple[str, ...]:
    link = path_of(CHANGE, id=change.id)
    return (
        f'<a href="{link}" target="_self">{change.id} · {shown_line(change.title)}</a>',
        shown_line(change.environment),
        saying.status_mark(change),
        tier(change.tier),
        saying.waits_for(change),
        shown_line(change.author),
        ago_html(change.opened_at),
    )


def _show_none(*, filtered: bool) -> None:
    if filtered:
        st.info("No change fits. Choose every state, or take a filter away.")
    else:
        st.info("Nothing was proposed yet.")
    st.page_link(PROPOSE, label="Propose a change", icon=":material/edit_document:")
