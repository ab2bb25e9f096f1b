"""People: what each holds, what waits for a second administrator, and the forms."""

import streamlit as st

from registry.remote import Remote
from registry.remote.people import Person
from registry.remote.sessions import Current
from ui.parts import confirming
from ui.parts.confirming import MANAGE
from ui.parts.marks import mark, table
from ui.parts.pages import POLICY, path_of
from ui.parts.policy import person
from ui.parts.policy.seats import limits_html
from ui.parts.text import attribute, label, shown_line


def show(registry: Remote, me: Current) -> None:
    """Everybody; or one, whom the address names."""
    people = list(registry.people.list())
    handle = st.query_params.get("person")
    manages = MANAGE in me.may
    if handle == person.NEW and manages:
        person.add(registry, people)
        return
    chosen = next((one for one in people if one.handle == handle), None)
    if handle and chosen is None:
        st.warning(label(f"Nobody is called {handle}."))
    if chosen is not None:
        _waits(registry, me, [chosen])
        person.show(registry, me, chosen, people, manages=manages)
        return
    _waits(registry, me, people)
    _everybody(people, manages=manages)
    if manages and st.button("Add somebody", icon=":material/person_add:"):
        st.query_params["person"] = person.NEW
        st.rerun()


def _everybody(people: list[Person], *, manages: bool) -> None:
    st.html(
        f"<p>{len(people)} people. A role lets somebody do things, a seat lets them "
        "agree; neither brings the other along.</p>"
    )
    columns = ["Who", "Roles", "Seats", "Where, if not everywhere", "Is"]
    if manages:
        columns += ["Name", "E-mail"]
    st.html(table("People", columns, [_row(one, manages=manages) for one in people]))
    if not manages:
        st.caption("Names and e-mail addresses are for administrators.")


def _row(one: Person, *, manages: bool) -> list[str]:
    link = path_of(POLICY, view="people", person=one.handle)
    cells = [
        f'<a href="{attribute(link)}" target="_self">{shown_line(one.handle)}</a>',
        shown_line(", ".join(one.roles)),
        shown_line(", ".join(one.seats)),
        limits_html(one.limits),
        state_html(one),
    ]
    return cells + (
        [shown_line(one.name or ""), shown_line(one.email or "")] if manages else []
    )


def state_html(one: Person) -> str:
    """HTML: active or not, and what waits or cools down."""
    told = [mark("active", "green") if one.active else mark("inactive", "grey")]
    if one.asked_for is not None:
        told.append(mark("asked for more", "amber"))
    if one.cooling:
        told.append(mark("cools down", "amber"))
    return "".join(told)


def _waits(registry: Remote, me: Current, people: list[Person]) -> None:
    """What was asked for somebody, and the second administrator's buttons."""
    waiting = [one for one in people if one.asked_for is not None]
    if not waiting:
        return
    st.subheader("Waits for another administrator")
    for one in waiting:
        if one.asked_for is not None:
            with st.container(border=True):
                confirming.show(registry, me, one, view="people", person=one.handle)
