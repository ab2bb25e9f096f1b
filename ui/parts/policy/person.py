"""One person: what they hold, and for administrators the forms that change it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from registry.remote import Remote
from registry.remote.people import Limit, Person, Roles
from registry.remote.sessions import Current
from ui.parts import confirming, done
from ui.parts.facts import facts
from ui.parts.pages import POLICY
from ui.parts.policy.seats import limits_html
from ui.parts.text import label, plain, shown_line
from ui.parts.times import moment

NEW = "new"
MAX_CHARS = 200


def show(
    registry: Remote,
    me: Current,
    one: Person,
    people: list[Person],
    *,
    manages: bool,
) -> None:
    st.page_link(
        POLICY,
        label="Back to everybody",
        query_params={"view": "people"},
        icon=":material/arrow_back:",
    )
    st.header(label(one.handle))
    st.html(_held(one))
    if one.handle == me.handle:
        _own_password(registry, one)
        if manages:
            st.caption("Nobody changes what they hold themselves.")
        return
    if not manages:
        return
    with st.container():
        is_read = _is_read(one)
    if is_read:
        with st.expander("Change what they hold"):
            _holding(registry, one, people)
    with st.expander("Set a password"):
        _password(registry, one)
    if is_read and one.active:
        with st.expander("Make inactive"):
            _deactivate(registry, one)


def _is_read(one: Person) -> bool:
    """Whether they hold what this tab has shown first; if not, that is said."""
    if one.asked_for is None:
        return done.as_read(confirming.reading(one), one.digest)
    # It is said above already, with what is asked for them.
    return done.was_read(confirming.reading(one), one.digest) == one.digest


def add(registry: Remote, people: list[Person]) -> None:
    """The form for somebody who is not here yet."""
    st.page_link(
        POLICY,
        label="Back to everybody",
        query_params={"view": "people"},
        icon=":material/arrow_back:",
    )
    st.header("Add somebody")
    handle = st.text_input("Handle", key="handle", max_chars=64)
    if any(one.handle == handle.strip() for one in people):
        st.warning(label(f"There is a {handle.strip()} already: choose them instead."))
        return
    nobody = Person(handle=handle.strip(), roles=(), seats=(), active=True)
    _holding(registry, nobody, people)
    st.caption("Then set a password for them, which they change.")


def _held(one: Person) -> str:
    cooling = "<br>".join(
        f"{shown_line(each.seat)} in {shown_line(each.environment)} speaks from "
        f"{moment(each.until)} on"
        for each in one.cooling
    )
    return facts(
        "What they hold",
        (
            ("Is", "active" if one.active else "inactive"),
            ("Roles", shown_line(", ".join(one.roles)) or "none"),
            ("Seats", shown_line(", ".join(one.seats)) or "none"),
            ("Only where", limits_html(one.limits)),
            ("Cools down", cooling),
            ("Name", shown_line(one.name or "")),
            ("E-mail", shown_line(one.email or "")),
        ),
    )


def _holding(registry: Remote, one: Person, people: list[Person]) -> None:
    roles = registry.people.roles()
    st.caption(_takes_two(roles))
    if not one.active:
        st.caption("They are inactive: this asks for them to be active.")
    one = _begin_with(one)
    known = sorted({seat for each in (*people, one) for seat in each.seats})
    # Of what was read: if that is something else, its fields begin with it.
    with st.form(f"holding-{one.digest or NEW}"):
        wanted = _asked(one, roles, known)
        sets = st.form_submit_button(
            label(f"Set what {one.handle or 'they'} may do"), type="primary"
        )
    if not sets:
        return
    if not one.handle:
        st.warning("Write the handle first: how they sign in, and are named.")
        return
    _set(registry, wanted)


def _takes_two(roles: Roles) -> str:
    named = ", ".join(one.role for one in roles.roles if one.takes_two)
    return label(
        f"Seats, the roles {named}, and being active again are asked for, and another "
        f"administrator confirms them within {roles.asked_days} days. What is taken "
        "away is gone at once.",
        400,
    )


def _asked(one: Person, roles: Roles, known: list[str]) -> Person:
    """What the fields of the form say that *one* is to hold."""
    # Whatever they hold is offered: what is not chosen would be taken away.
    allows = {each.role: each.allows for each in roles.roles}
    allows |= {role: "" for role in one.roles if role not in allows}
    chosen = st.multiselect(
        "Roles",
        list(allows),
        default=list(one.roles),
        format_func=lambda role: plain(f"{role}: {allows.get(role, '')}"),
    )
    seats = st.multiselect(
        "Seats",
        known,
        default=list(one.seats),
        format_func=plain,
        accept_new_options=True,
        help="One that exists, or a new name; a policy asks for it by that name.",
    )
    return replace(
        one,
        roles=tuple(chosen),
        seats=tuple(seats),
        limits=_limits(one, (*allows, *known)),
        active=True,
        name=st.text_input("Name", one.name or "", max_chars=MAX_CHARS),
        email=st.text_input("E-mail", one.email or "", max_chars=MAX_CHARS),
    )


def _begin_with(one: Person) -> Person:
    """Of whom nothing is active yet: what is asked for, to which more is added."""
    if one.active or one.asked_for is None:
        return one
    asked = one.asked_for.person
    return replace(one, roles=asked.roles, seats=asked.seats, limits=asked.limits)


def _limits(one: Person, held: Iterable[str]) -> tuple[Limit, ...]:
    st.caption(
        "Where a role or seat is held, if not everywhere; patterns of names with `*` "
        "within a part and `**` across them, and commas between several."
    )
    rows = [
        {
            "held": plain(each.held),
            "environments": ", ".join(each.environments),
            "names": ", ".join(each.names),
        }
        for each in one.limits
    ]
    empty: dict[str, Any] = {"held": None, "environments": "", "names": ""}
    edited: list[dict[str, Any]] = st.data_editor(
        rows or [empty],
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "held": st.column_config.SelectboxColumn(
                "Role or seat", options=list(held)
            ),
            "environments": st.column_config.TextColumn("Environments; empty for all"),
            "names": st.column_config.TextColumn("Names; empty for all"),
        },
    )
    return tuple(
        Limit(
            held=str(row["held"]),
            environments=_words(row.get("environments")),
            names=_words(row.get("names")),
        )
        for row in edited
        if row.get("held")
    )


def _words(text: object) -> tuple[str, ...]:
    return tuple(word.strip() for word in str(text or "").split(",") if word.strip())


def _set(registry: Remote, wanted: Person) -> None:
    done.attempt(
        partial(registry.people.set, wanted, expected=wanted.digest or None),
        lambda now: done.Happened(
            said=_told(now), query={"view": "people", "person": now.handle}
        ),
        read=confirming.reading(wanted),
    )


def _told(now: Person) -> str:
    told = f"{now.handle} holds {', '.join((*now.roles, *now.seats)) or 'nothing'}."
    if not now.active:
        told = f"{now.handle} is inactive."
    if now.asked_for is not None:
        told += " The rest is asked for: another administrator confirms it."
    return told


def _password(registry: Remote, one: Person) -> None:
    st.caption(
        "Their sessions end, and their tokens but those that chatbots read with. They "
        "and the other administrators are told, and their seats cool down: whoever set "
        "a password knows it."
    )
    with st.form("password"):
        password = st.text_input("New password", type="password", key="new-password")
        sets = st.form_submit_button(
            label(f"Set the password of {one.handle}"), type="primary"
        )
    if sets:
        _change(
            partial(registry.people.set_password, one.handle, password),
            f"{one.handle} has a new password.",
            one,
        )


def _own_password(registry: Remote, one: Person) -> None:
    with st.expander("Change your password"), st.form("own-password"):
        st.caption("Your sessions end, this one as well; your tokens stay.")
        current = st.text_input("Present password", type="password", key="current")
        password = st.text_input("New password", type="password", key="new-password")
        sets = st.form_submit_button("Change your password", type="primary")
    if sets:
        _change(
            partial(
                registry.people.set_password, one.handle, password, current=current
            ),
            "You have a new password.",
            one,
        )


def _change(act: partial[None], told: str, one: Person) -> None:
    # It takes no key, so that nothing of a password is kept: the same once more is the
    # same password.
    done.attempt(
        act,
        lambda _: done.Happened(
            said=told, query={"view": "people", "person": one.handle}
        ),
    )


def _deactivate(registry: Remote, one: Person) -> None:
    st.caption(
        "Everything they hold counts no more, and their sessions and tokens end, at "
        "once. Their past stays. Making them active again takes two administrators."
    )
    with st.form("deactivating"):
        sure = st.checkbox(label(f"{one.handle} is to do nothing here any more"))
        ends = st.form_submit_button(
            label(f"Make {one.handle} inactive"), icon=":material/person_off:"
        )
    if ends and not sure:
        st.warning("Tick the box first.")
    elif ends:
        _set(registry, replace(one, active=False))
