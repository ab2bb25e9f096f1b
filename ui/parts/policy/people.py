"""People: what each holds, what waits for a second administrator, and the forms."""

import streamlit as st

from registry.remote import Remote
from registry.remote.people import AskedFor, Person, Wanted
from registry.remote.sessions import Current
from ui.parts import done
from ui.parts.marks import mark, table
from ui.parts.pages import POLICY, path_of
from ui.parts.policy import person
from ui.parts.policy.seats import limits_html
from ui.parts.text import attribute, label, shown_line
from ui.parts.times import ago_html

MANAGE = "manage people"
MAX_REASON = 2000


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
                _asked(registry, me, one, one.asked_for)


def _asked(registry: Remote, me: Current, one: Person, asked: AskedFor) -> None:
    st.html(
        f"<p>{shown_line(asked.by)} asks, {ago_html(asked.at)}, that "
        f"<strong>{shown_line(one.handle)}</strong> {_wanted(asked.person)}. Now: "
        f"{_holds(one.roles, one.seats) if one.active else 'inactive'}.</p>"
    )
    if MANAGE not in me.may:
        return
    mine = asked.by == me.handle
    if mine:
        st.caption("You asked for it: another administrator confirms it.")
    elif st.button(
        label(f"Confirm that {one.handle} {_plainly(asked.person)}"),
        type="primary",
        key=f"confirm-{asked.number}",
        icon=":material/check:",
    ) and done.happened(lambda: registry.people.confirm(one.handle, asked.number)):
        done.go_on(
            label(f"Confirmed: {one.handle} {_plainly(asked.person)}.", 300),
            view="people",
            person=one.handle,
        )
    _refuse(registry, one, asked, mine=mine)


def _refuse(registry: Remote, one: Person, asked: AskedFor, *, mine: bool) -> None:
    what = "Take it back" if mine else "Refuse it"
    with st.form(f"refusing-{asked.number}", border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        with left:
            reason = st.text_input(
                "Why not?", max_chars=MAX_REASON, key=f"why-{asked.number}"
            )
        with right:
            refuses = st.form_submit_button(what, width="stretch")
    if refuses and done.happened(
        lambda: registry.people.refuse(one.handle, asked.number, reason)
    ):
        done.go_on(
            label(f"What was asked for {one.handle} is refused.", 300), view="people"
        )


def _wanted(wanted: Wanted) -> str:
    if not wanted.active:
        return "is inactive"
    limits = limits_html(wanted.limits)
    holds = _holds(wanted.roles, wanted.seats)
    return f"holds {holds}" + (f" ({limits})" if limits else "")


def _plainly(wanted: Wanted) -> str:
    if not wanted.active:
        return "is inactive"
    return f"holds {', '.join((*wanted.roles, *wanted.seats)) or 'nothing'}"


def _holds(roles: tuple[str, ...], seats: tuple[str, ...]) -> str:
    told = [*(f"role {one}" for one in roles), *(f"seat {one}" for one in seats)]
    return shown_line(", ".join(told) or "nothing")
