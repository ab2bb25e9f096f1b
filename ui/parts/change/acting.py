"""Acting on a change: on what was read, and on nothing that came meanwhile.

The review digest of the first look is kept in the tab.  If the change has got another
content since, the page says so, and nothing is sent in its name before somebody says
that they have read it.
"""

from collections.abc import Callable

import streamlit as st

from registry.errors import ContentMoved, RegistryError, SessionNeeded, Unavailable
from registry.remote.changes import ChangeView
from ui.parts import done, frame
from ui.parts.change import signing
from ui.parts.text import label

_READ = "_change_read"


def was_read(change: ChangeView) -> str:
    """The review digest of what this tab showed first."""
    read = st.session_state.setdefault(_READ, {})
    digest: str = read.setdefault(change.id, change.review_digest)
    return digest


def read_again(change: int) -> None:
    st.session_state.get(_READ, {}).pop(change, None)


def attempt(
    intention: str, change: int, act: Callable[[str], object], said: str
) -> None:
    """Do it, and show the page anew with *said*; or say why it was refused.

    Args:
        act: Gets the idempotency key of the intention.
    """
    try:
        act(done.key_of(intention))
    except RegistryError as error:
        # Where no answer came it may have happened: the same key finds that out.
        if not isinstance(error, Unavailable):
            done.forget(intention)
        frame.show_error(error)
        if isinstance(error, ContentMoved):
            _offer_again(change)
        if isinstance(error, SessionNeeded):
            signing.offer()
        return
    done.forget(intention)
    done.go_on(label(said, 300), **st.query_params.to_dict())


def _offer_again(change: int) -> None:
    st.button(
        "Read it again",
        icon=":material/refresh:",
        on_click=read_again,
        args=(change,),
        key=f"again-{change}",
    )
