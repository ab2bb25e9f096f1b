"""Confirming what somebody is to hold: what it is, who can, and the buttons.

The registry says who can confirm it; whoever asked for it cannot.
"""

from collections.abc import Iterable
from functools import partial

import streamlit as st

from registry.remote import Remote
from registry.remote.people import AskedFor, Limit, Person, Wanted
from registry.remote.sessions import Current
from ui.parts import done
from ui.parts.marks import table
from ui.parts.text import MAX_REASON, label, shown_line
from ui.parts.times import ago_html

MANAGE = "manage people"
"""The words of the registry's table of acts."""


def show(registry: Remote, me: Current, one: Person, **after: str) -> None:
    """What was asked for *one*, and what whoever is there can do about it.

    Args:
        after: What the address says once it is answered.
    """
    asked = one.asked_for
    if asked is None:
        return
    st.html(_asked(one, asked))
    _doubt(registry, one, asked)
    waits = registry.reviews.waiting(kind="confirmation")
    could = next((wait.asked for wait in waits if wait.person == one.handle), ())
    if me.handle not in could:
        who = ", ".join(could) or "nobody"
        mine = asked.by == me.handle
        why = "You asked for it: another administrator confirms it. " if mine else ""
        st.caption(label(f"{why}Who can confirm it: {who}.", 300))
    if MANAGE in me.may and done.as_read(reading(one), one.digest):
        _answer(registry, me, one, asked, after, may_confirm=me.handle in could)


def _doubt(registry: Remote, one: Person, asked: AskedFor) -> None:
    """A seat that no policy names is most often a seat that is spelt otherwise."""
    given = set(asked.person.seats).difference(one.seats)
    if not given:
        return
    named = {
        each.seat
        for environment in registry.environments.list()
        for each in registry.policies.explain(environment.name).seats
    }
    for seat in sorted(given - named):
        st.warning(
            label(
                f"No policy names the seat {seat}: is it spelt right? They name "
                f"{', '.join(sorted(named)) or 'none'}.",
                400,
            ),
            icon=":material/spellcheck:",
        )


def reading(one: Person) -> str:
    """What somebody decides on who decides what *one* holds; its digest says which."""
    return f"person {one.handle}"


def _answer(
    registry: Remote,
    me: Current,
    one: Person,
    asked: AskedFor,
    after: dict[str, str],
    *,
    may_confirm: bool,
) -> None:
    handle, number = one.handle, asked.number
    with st.form(f"confirming-{number}", border=False):
        reason = st.text_input(
            "Why not (needed only to refuse)",
            max_chars=MAX_REASON,
            key=f"refusal-{number}",
        )
        with st.container(horizontal=True):
            confirms = may_confirm and st.form_submit_button(
                label(f"Confirm that {handle} {_plainly(asked.person)}"), type="primary"
            )
            refuses = st.form_submit_button(
                "Take it back" if asked.by == me.handle else "Refuse it"
            )
    if confirms:
        said = f"Confirmed: {handle} {_plainly(asked.person)}."
        done.attempt(
            partial(registry.people.confirm, handle, number),
            lambda _: done.Happened(said=said, query=after),
            read=reading(one),
        )
    elif refuses:
        said = f"Refused: {handle} holds what they held before."
        done.attempt(
            partial(registry.people.refuse, handle, number, reason),
            lambda _: done.Happened(said=said, query=after),
            read=reading(one),
        )


def _asked(found: Person, asked: AskedFor) -> str:
    """HTML: what somebody holds, and what they are to hold."""
    wanted = asked.person
    before = _held(found.roles, found.seats, active=found.active)
    then = _held(wanted.roles, wanted.seats, active=wanted.active)
    return table(
        f"What {found.handle} holds and is to hold",
        ("", "Now", "If it is confirmed"),
        [
            ("Who", shown_line(found.handle), ""),
            ("Roles and seats", shown_line(before), shown_line(then)),
            (
                "Limited to",
                shown_line(_limited(found.limits)),
                shown_line(_limited(wanted.limits)),
            ),
            ("Asked for by", f"{shown_line(asked.by)}, {ago_html(asked.at)}", ""),
        ],
    )


def _limited(limits: Iterable[Limit]) -> str:
    told = [
        f"{one.held}: {', '.join(one.environments) or 'everywhere'}"
        + (f", for {', '.join(one.names)}" if one.names else "")
        for one in limits
    ]
    return "; ".join(told) or "no limit: everywhere"


def _held(roles: tuple[str, ...], seats: tuple[str, ...], *, active: bool) -> str:
    if not active:
        return "nothing: not active"
    return ", ".join((*roles, *(f"{seat} (seat)" for seat in seats))) or "nothing"


def _plainly(wanted: Wanted) -> str:
    if not wanted.active:
        return "is inactive"
    return f"holds {', '.join((*wanted.roles, *wanted.seats)) or 'nothing'}"
