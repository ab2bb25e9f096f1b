"""Evidence for somebody outside: of a change, of a moment or of a period."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import streamlit as st

from registry.errors import Invalid, RegistryError
from registry.remote import Remote
from ui.parts import frame, times
from ui.parts.ledger.listing import midnight
from ui.parts.text import label, plain

_MADE = "_ledger_evidence"
OF = ("A change", "A moment", "A period")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    name: str
    data: bytes


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
        _make(make)
    made = st.session_state.get(_MADE)
    if isinstance(made, Made):
        _show_made(made)


def _make(make: Callable[[], Made]) -> None:
    st.session_state.pop(_MADE, None)
    try:
        with st.spinner("Reading the ledger and collecting what belongs to it"):
            st.session_state[_MADE] = make()
    except RegistryError as error:
        frame.show_error(error)


def _show_made(made: Made) -> None:
    size = f"{len(made.data) / 1024:,.0f} KiB"
    st.success(f"It is ready: {label(made.name)}, {size}.")
    st.download_button(
        "Download it",
        made.data,
        file_name=made.name,
        mime="application/zip",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
    )
    st.caption(
        "Whoever gets it unpacks it, reads evidence.html, and runs python3 verify.py "
        "with the registry's key. VERIFY.md in it says how."
    )


def _of_change(remote: Remote) -> Callable[[], Made]:
    number = st.number_input(
        "Number of the change", min_value=1, max_value=2**53 - 1, value=None, step=1
    )

    def make() -> Made:
        if number is None:
            raise Invalid("no change is named", hint="Write its number.")
        change = int(number)
        data = remote.evidence.of_change(change)
        return Made(name=f"evidence-change-{change}.zip", data=data)

    return make


def _of_moment(remote: Remote) -> Callable[[], Made]:
    places = [one.name for one in remote.environments.list()]
    now = times.now().astimezone(times.zone())
    line = st.columns(3)
    environment = line[0].selectbox("Environment", places)
    day = line[1].date_input("Day", value=now.date(), format="YYYY-MM-DD")
    hour = line[2].time_input("Time", value=time(0, 0), step=60)

    def make() -> Made:
        at = datetime.combine(day, hour, times.zone())
        data = remote.evidence.of_moment(environment, at)
        return Made(name=plain(f"evidence-{environment}-{day}.zip"), data=data)

    return make


def _of_period(remote: Remote) -> Callable[[], Made]:
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

    def make() -> Made:
        begin, end = midnight(first), midnight(last + timedelta(days=1))
        if begin is None or end is None:
            raise Invalid("a period has a beginning and an end", hint="Write both.")
        data = remote.evidence.of_period(begin, end, environment=environment)
        return Made(name=f"evidence-{first}-{last}.zip", data=data)

    return make
