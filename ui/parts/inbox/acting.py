"""What is done in the inbox itself: a review, a person, a condition, an alert.

Each has an address, so that one can send it to somebody else.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from registry.remote import Remote
from registry.remote.sessions import Current
from ui.parts import conditions, confirming, done
from ui.parts.alerts import alert as alert_told
from ui.parts.choosing import number_of
from ui.parts.inbox import certifying
from ui.parts.pages import CHANGE, INBOX
from ui.parts.text import label

RESOLVE = "resolve an alert"
"""The words of the registry's table of acts."""


def shown(registry: Remote, person: Current) -> bool:
    """Show what the address asks for; whether it asked for something."""
    pages: dict[str, Callable[[Remote, Current, str], None]] = {
        "review": certifying.show,
        "person": _person,
        "condition": _condition,
        "alert": _alert,
    }
    for name, page in pages.items():
        value = st.query_params.get(name)
        if value:
            st.page_link(INBOX, label="Back to the inbox", icon=":material/arrow_back:")
            page(registry, person, value)
            return True
    return False


def _person(registry: Remote, me: Current, handle: str) -> None:
    found = next((one for one in registry.people.list() if one.handle == handle), None)
    if found is None or found.asked_for is None:
        st.info("Nothing is asked for this person any more.", icon=":material/check:")
        return
    st.header(label(f"What {handle} is to hold"))
    confirming.show(registry, me, found)


def _condition(registry: Remote, _: Current, named: str) -> None:
    written, _slash, voter = named.partition("/")
    number = number_of(written)
    if number is None:
        st.warning("This address names no condition.")
        return
    change = registry.changes.get(number)
    one = next((c for c in change.conditions if c.voter == voter), None)
    if one is None:
        st.info("There is no such condition any more.", icon=":material/check:")
        return
    st.header(label(f"A condition of {voter} on change {number}"))
    st.html(f"<p>{conditions.told(one)}</p>")
    st.page_link(
        CHANGE,
        label=label(f"Read change {number}: {change.title}"),
        query_params={"id": str(number)},
    )
    if conditions.can_meet(change, voter):
        conditions.meet(registry, change, voter, query={})
    elif one.met is None:
        st.caption(label(f"{one.owner} or {one.voter} says that it is met.", 200))


def _alert(registry: Remote, me: Current, number: str) -> None:
    open_ones = registry.alerts.list(resolved=False)
    found = next((one for one in open_ones if str(one.id) == number), None)
    if found is None:
        st.info("This alert is not open any more.", icon=":material/check:")
        return
    st.header("Resolve an alert")
    st.html(alert_told(found))
    if RESOLVE not in me.may:
        st.caption("An operator resolves an alert, once it was looked into.")
        return
    st.caption(
        "The same difference raises a new alert only after the model that was agreed "
        "to has answered again."
    )
    with st.form("resolving"):
        reason = st.text_area(
            "What was found, and done about it?", max_chars=1000, key="found"
        )
        resolves = st.form_submit_button("Resolve this alert", type="primary")
    if resolves:
        # It takes no key: one that was resolved before keeps what was said first.
        done.attempt(
            partial(registry.alerts.resolve, found.id, reason),
            lambda _: done.Happened(
                said="The alert is resolved.", query={"view": "alerts"}
            ),
        )
