"""What is done in the inbox itself: a review, a person, a condition, an alert.

Each has an address, so that one can send it to somebody else.
"""

from collections.abc import Callable

import streamlit as st

from registry.remote import Remote
from registry.remote.people import AskedFor, Person
from registry.remote.sessions import Current
from ui.parts import done
from ui.parts.inbox import certifying
from ui.parts.inbox.lists import alert as alert_told
from ui.parts.marks import table
from ui.parts.pages import CHANGE, INBOX
from ui.parts.text import label, shown_line

MANAGE, RESOLVE = "manage people", "resolve an alert"
"""The words of the registry's table of acts."""

MAX_REASON = 2000


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
    asked = found.asked_for
    st.header(label(f"What {handle} is to hold"))
    st.html(_asked(found, asked))
    waits = registry.reviews.waiting(kind="confirmation")
    could = next((one.asked for one in waits if one.person == handle), ())
    if me.handle not in could:
        st.caption(label(f"Who can confirm it: {', '.join(could) or 'nobody'}.", 300))
    if MANAGE in me.may and done.as_read(f"person {handle}", asked.number):
        _answer(registry, handle, asked, may_confirm=me.handle in could)


def _answer(
    registry: Remote, handle: str, asked: AskedFor, *, may_confirm: bool
) -> None:
    with st.form("confirming"):
        reason = st.text_input(
            "Why not (needed only to refuse)", max_chars=MAX_REASON, key="refusal"
        )
        with st.container(horizontal=True):
            confirms = may_confirm and st.form_submit_button(
                label(f"Confirm what {handle} is to hold"), type="primary"
            )
            refuses = st.form_submit_button("Refuse it")
    people = registry.people
    if confirms and done.happened(lambda: people.confirm(handle, asked.number)):
        done.go_on(label(f"Confirmed: {handle} holds what was asked for."))
    if refuses and done.happened(lambda: people.refuse(handle, asked.number, reason)):
        done.go_on(label(f"Refused: {handle} holds what they held before."))


def _asked(found: Person, asked: AskedFor) -> str:
    """HTML: what somebody holds, and what they are to hold."""
    wanted = asked.person
    limits = [
        f"{one.held}: {', '.join(one.environments) or 'everywhere'}"
        + (f", for {', '.join(one.names)}" if one.names else "")
        for one in wanted.limits
    ]
    before = _held(found.roles, found.seats, active=found.active)
    after = _held(wanted.roles, wanted.seats, active=wanted.active)
    where = "; ".join(limits) or "no limit: everywhere"
    return table(
        "What somebody holds and is to hold",
        ("", "Now", "If it is confirmed"),
        [
            ("Roles and seats", shown_line(before), shown_line(after)),
            ("Limited to", "", shown_line(where)),
            ("Asked for by", shown_line(asked.by), ""),
        ],
    )


def _condition(registry: Remote, me: Current, named: str) -> None:
    number, _, voter = named.partition("/")
    if not (number.isascii() and number.isdecimal()):
        st.warning("This address names no condition.")
        return
    change = registry.changes.get(int(number))
    one = next((c for c in change.conditions if c.voter == voter), None)
    if one is None:
        st.info("There is no such condition any more.", icon=":material/check:")
        return
    st.header(label(f"A condition of {voter} on change {number}"))
    st.html(
        f"<p><strong>{shown_line(one.text)}</strong></p>"
        f'<p class="muted">{shown_line(voter)} approved on this condition as '
        f"{shown_line(one.seat)}; {shown_line(one.owner)} answers for it.</p>"
    )
    st.page_link(
        CHANGE,
        label=label(f"Read change {number}: {change.title}"),
        query_params={"id": number},
    )
    if one.met is not None:
        st.success(label(f"Met, says {one.met.by}: {one.met.note}", 400))
        return
    if me.handle not in {one.owner, one.voter}:
        st.caption(label(f"{one.owner} or {one.voter} says that it is met.", 200))
        return
    with st.form("meeting"):
        note = st.text_area(
            "How is it met? Everybody will read it.", max_chars=MAX_REASON, key="note"
        )
        said = st.form_submit_button("Say that it is met", type="primary")
    if said and done.happened(
        lambda: registry.changes.meet(int(number), voter=voter, note=note)
    ):
        done.go_on(label(f"The condition of {voter} on change {number} is met."))


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
    if resolves and done.happened(lambda: registry.alerts.resolve(found.id, reason)):
        done.go_on("The alert is resolved.", view="alerts")


def _held(roles: tuple[str, ...], seats: tuple[str, ...], *, active: bool) -> str:
    if not active:
        return "nothing: not active"
    return ", ".join((*roles, *(f"{seat} (seat)" for seat in seats))) or "nothing"
