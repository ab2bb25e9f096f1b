"""Evidence for somebody outside: of a change, of a moment or of a period."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import streamlit as st

from registry.errors import Invalid
from registry.remote import Remote
from ui.parts import packs, times
from ui.parts.ledger.listing import midnight
from ui.parts.packs import Pack

OF = ("A change", "A moment", "A period")
_OF = "ledger"


def show(remote: Remote) -> None:
    st.write(
        "An archive that shows what was decided and can be checked without this "
        "registry: the texts, who agreed to what in which seat, the signed events, "
        "and a program that checks all of it."
    )
    of = st.segmented_control(
        "Evidence of",
        OF,
        default="A change",
        required=True,
        key="of",
        bind="query-params",
        label_visibility="collapsed",
    )
    ask = {"A moment": _of_moment, "A period": _of_period}.get(str(of), _of_change)
    with st.form("evidence", border=True):
        make = ask(remote)
        pressed = st.form_submit_button("Make it", icon=":material/inventory_2:")
    if pressed:
        packs.make(_OF, make)
    packs.show(_OF)


def _of_change(remote: Remote) -> Callable[[], Pack]:
    number = st.number_input(
        "Number of the change", min_value=1, max_value=2**53 - 1, value=None, step=1
    )

    def make() -> Pack:
        if number is None:
            raise Invalid("no change is named", hint="Write its number.")
        change = int(number)
        data = remote.evidence.of_change(change)
        return Pack(name=f"evidence-change-{change}", data=data)

    return make


def _of_moment(remote: Remote) -> Callable[[], Pack]:
    places = [one.name for one in remote.environments.list()]
    now = times.now().astimezone(times.zone())
    line = st.columns(3)
    environment = line[0].selectbox("Environment", places)
    day = line[1].date_input("Day", value=now.date(), format="YYYY-MM-DD")
    hour = line[2].time_input("Time", value=time(0, 0), step=60)

    def make() -> Pack:
        at = datetime.combine(day, hour, times.zone())
        data = remote.evidence.of_moment(environment, at)
        return Pack(name=f"evidence-{environment}-{day}", data=data)

    return make


def _of_period(remote: Remote) -> Callable[[], Pack]:
    places = [one.name for one in remote.environments.list()]
    today = times.now().astimezone(times.zone()).date()
    line = st.columns(3)
    first = line[0].date_input(
        "From the day", value=today - timedelta(days=30), format="YYYY-MM-DD"
    )
    last = line[1].date_input(
        "To the day, and with it",
        value=today - timedelta(days=1),
        max_value=today - timedelta(days=1),
        format="YYYY-MM-DD",
    )
    environment = line[2].selectbox(
        "Environment", places, index=None, placeholder="All of them"
    )

    def make() -> Pack:
        begin, end = midnight(first), midnight(last + timedelta(days=1))
        if begin is None or end is None:
            raise Invalid("a period has a beginning and an end", hint="Write both.")
        data = remote.evidence.of_period(begin, end, environment=environment)
        return Pack(name=f"evidence-{first}-{last}", data=data)

    return make
