"""Seats: who holds which, where each policy asks for it, and what is missing."""

import streamlit as st

from registry.remote import Remote
from registry.remote.people import Limit, Person
from registry.remote.policies import Holder
from ui.parts.marks import mark, table
from ui.parts.policy.words import show_gaps
from ui.parts.text import label, shown_line
from ui.parts.times import ago_html, moment


def show(registry: Remote, environment: str) -> None:
    explained = registry.policies.explain(environment)
    show_gaps(explained.gaps)
    st.html(
        f"<p>The seats that the policy of <strong>{shown_line(environment)}</strong> "
        "names, and who can speak in each.</p>"
    )
    st.html(
        table(
            "Seats",
            ("Seat", "Held by", "For what"),
            [
                (
                    shown_line(one.seat),
                    ", ".join(map(_holder, one.holders)) or mark("nobody", "red"),
                    "<br>".join(map(shown_line, one.powers)),
                )
                for one in explained.seats
            ],
        )
    )
    named = {one.seat for one in explained.seats}
    people = list(registry.people.list())
    _idle(people, named, environment)
    _cooling(people)


def _holder(one: Holder) -> str:
    told = f"<strong>{shown_line(one.handle)}</strong>"
    if one.names:
        told += f" for {', '.join(map(shown_line, one.names))}"
    if one.speaks_from is not None:
        told += f" {mark('cools down', 'amber')}until {moment(one.speaks_from)}"
    return told


def _idle(people: list[Person], named: set[str], environment: str) -> None:
    held = {seat for one in people if one.active for seat in one.seats}
    idle = sorted(held - named)
    if idle:
        st.caption(
            label(
                f"Held by somebody, and not named by the policy of {environment}: "
                f"{', '.join(idle)}.",
                400,
            )
        )


def _cooling(people: list[Person]) -> None:
    rows = [
        (
            shown_line(one.handle),
            shown_line(each.seat),
            shown_line(each.environment),
            ago_html(each.until),
        )
        for one in people
        for each in one.cooling
    ]
    if not rows:
        return
    st.subheader("Cooling down")
    st.caption("A seat that was given lately does not vote yet.")
    st.html(table("Cooling down", ("Who", "Seat", "Environment", "Speaks"), rows))


def limits_html(limits: tuple[Limit, ...]) -> str:
    """HTML: where a role or seat is held, if not everywhere."""
    return "<br>".join(_limit(one) for one in limits)


def _limit(one: Limit) -> str:
    where = ", ".join(map(shown_line, one.environments)) or "everywhere"
    names = ", ".join(map(shown_line, one.names))
    return f"{shown_line(one.held)}: {where}" + (f", for {names}" if names else "")
