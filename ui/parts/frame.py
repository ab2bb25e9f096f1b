"""The frame around every page: who is here, what went wrong, when the session ends."""

import html
from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from registry.errors import NotSignedIn, RegistryError, Unavailable
from registry.remote.sessions import Current
from ui.parts import session, signing
from ui.parts.hints import here
from ui.parts.text import label, sentence, shown
from ui.settings import settings

LOOK_EVERY_S = 20
"""How soon a tab notices that its person signed out in another one."""

WARN = timedelta(minutes=5)
"""What is typed reaches nobody before its field is left, and keeps no session alive."""


def show(page: st.Page, *, signed_out: Callable[[], None]) -> None:
    """Run *page* for whoever is signed in, or say why not.

    Args:
        signed_out: What is offered to somebody whose session has ended.
    """
    try:
        signing.remember(page)
        person = session.me()
        _show_person(person)
        _watch()
        page.run()
    except NotSignedIn:
        _show_signed_out()
        signed_out()
    except RegistryError as error:
        show_error(error)


def show_error(error: RegistryError) -> None:
    """What was refused, and what to do next."""
    hint = f" {here(error.hint)}" if error.hint else ""
    st.error(label(f"{sentence(str(error))}{hint}", 1000), icon=":material/block:")
    if isinstance(error, Unavailable):
        st.button("Try again", icon=":material/refresh:")


def _show_person(person: Current) -> None:
    seats = ", ".join(person.seats)
    roles = ", ".join(person.roles)
    held = f"seat: {seats}" if seats else f"role: {roles}" if roles else "no role"
    with st.sidebar:
        st.html(
            '<p class="person"><span class="muted">Signed in as</span> '
            f"<strong>{shown(person.handle)}</strong><br>"
            f'<span class="muted">{shown(held)}</span></p>'
            + _link("Sign out", settings().sign_out)
        )


@st.fragment(run_every=LOOK_EVERY_S)
def _watch() -> None:
    left = session.lasts()
    if left == timedelta(0):
        st.rerun(scope="app")
    elif left is not None and left < WARN:
        minutes = max(1, round(left / timedelta(minutes=1)))
        st.toast(
            f"Your session ends in {minutes} min. It goes on if you do something here: "
            "leave the field that you write in, or press Ctrl and Enter in it.",
            icon=":material/timer:",
            duration=LOOK_EVERY_S,
        )


def _show_signed_out() -> None:
    st.title("You are signed out")
    st.write("Your session has ended, here and in every other tab.")
    again = settings().sign_in(signing.here())
    st.html(_link("Sign in again", again, classes="leads"))


def _link(words: str, address: str, *, classes: str = "") -> str:
    """A link in this tab: a session begins and ends where one is."""
    told = html.escape(address)
    return f'<p><a class="{classes}" href="{told}" target="_self">{words}</a></p>'
