"""The list of changes: filters, a row each, and how to get to the rest."""

from collections.abc import Mapping
from itertools import islice

import streamlit as st

from registry.remote.changes import ChangeSummary
from registry.remote.people import Person
from ui.parts import session
from ui.parts.change import saying
from ui.parts.marks import table, tier
from ui.parts.pages import CHANGE, PROPOSE, path_of
from ui.parts.terms import lead, term
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
    st.html(
        lead(
            f"Every {term('change')} that somebody proposed, the open ones first. It "
            f"goes live when the {term('seat', 'seats')} agree that the "
            f"{term('policy')} asks, and is {term('stale')} if what it was made on "
            "moves first."
        )
    )
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
    names = [one.name for one in remote.environments.list()]
    writers = sorted(one.handle for one in remote.people.list() if _writes(one))
    environments = {ANY: "Every environment", **{one: plain(one) for one in names}}
    authors = {ANY: "Everybody", **{one: plain(one) for one in writers}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        status = _select("State", _STATUSES, of="status", width=150)
        environment = _select("Environment", environments, of="environment", width=190)
        author = _select("Author", authors, of="author", width=160)
        text = st.text_input(
            "Words",
            key="text",
            bind="query-params",
            placeholder="In the title, or a document's name",
            max_chars=200,
            width=260,
        )
    return environment, status, author, text.strip() or None


def _select(
    name: str, options: Mapping[str, str], *, of: str, width: int
) -> str | None:
    """What is chosen, as the address says it; `None` for any."""
    default = next(iter(options))
    widget = f"_changes_{of}"
    given = st.query_params.get(of, default)
    st.session_state[widget] = given if given in options else default

    def follow() -> None:
        st.query_params[of] = st.session_state[widget]

    chosen = st.selectbox(
        name,
        list(options),
        format_func=lambda one: options.get(one, one),
        key=widget,
        on_change=follow,
        width=width,
    )
    return None if chosen == ANY else chosen


def _writes(person: Person) -> bool:
    return bool({"author", "operator"} & set(person.roles))


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
