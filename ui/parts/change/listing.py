"""The list of changes: filters, a row each, and how to get to the rest."""

from itertools import islice

import streamlit as st

from registry.remote.changes import ChangeSummary
from ui.parts import session
from ui.parts.choosing import narrowed, picked
from ui.parts.marks import table, tier
from ui.parts.pages import CHANGE, PROPOSE, path_of
from ui.parts.proposals import saying
from ui.parts.terms import lead, term
from ui.parts.text import shown_line
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
    places = {one.name: one.name for one in remote.environments.list()}
    # Also those who have left since, or may not propose any more.
    people = {one: one for one in sorted(one.handle for one in remote.people.list())}
    columns = st.columns([3, 4, 4, 5])
    with columns[0]:
        status = picked("State", _STATUSES, of="status", default="open", what="state")
    with columns[1]:
        environment = narrowed(
            "Environment",
            places,
            of="environment",
            anything="Every environment",
            what="environment",
        )
    with columns[2]:
        author = narrowed(
            "Author", people, of="author", anything="Everybody", what="person"
        )
    with columns[3]:
        text = st.text_input(
            "Words",
            key="text",
            bind="query-params",
            placeholder="In the title, or a document's name",
            max_chars=200,
        )
    return environment, None if status == ANY else status, author, text.strip() or None


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
