"""The session: who is here, and the registry as this person.

The browser's cookie comes with its connection and page scripts cannot read it.  The
registry decides with every request whether the session still counts; nothing here
remembers that somebody was let in.
"""

from datetime import timedelta

import streamlit as st

from registry.errors import NotSignedIn
from registry.remote import Remote
from registry.remote.sessions import Current
from ui.parts import times
from ui.settings import settings

REMOTE = "_session_remote"
"""Where the registry as this tab's person is kept."""


def registry() -> Remote:
    """The registry as the person of this tab.

    Raises:
        NotSignedIn: There is no cookie.
    """
    held = st.session_state.get(REMOTE)
    if isinstance(held, Remote):
        return held
    secret = settings().secret_of(st.context.headers.get("Cookie", ""))
    if not secret:
        raise NotSignedIn("you are not signed in", hint="Sign in.")
    remote = Remote(settings().registry, secret)
    st.session_state[REMOTE] = remote
    return remote


def me() -> Current:
    """Whom the registry takes this person for, asked in this run of the script."""
    return registry().sessions.current()


def lasts() -> timedelta | None:
    """For how long the session lasts if nothing is done, asked without using it.

    Zero once it has ended; `None` from a registry that does not answer.
    """
    from registry.errors import RegistryError

    try:
        ends = registry().sessions.current(keep_alive=False).ends
    except NotSignedIn:
        return timedelta(0)
    except RegistryError:
        return None
    return None if ends is None else max(ends - times.now(), timedelta(seconds=1))
