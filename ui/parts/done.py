"""What somebody has just done: once, and said on the page that follows.

* A write is one intention: it has one idempotency key until it has happened, so that
  a second click does nothing more.
* A refusal is shown where the button stands, and the page stays.
* What is decided on is what was read: if it is something else by the time that the
  button is pressed, that is said, and nothing is done.
"""

from collections.abc import Callable
from typing import NoReturn, TypeVar
from uuid import uuid4

import streamlit as st

from registry.errors import RegistryError
from ui.parts import frame

T = TypeVar("T")

_KEYS, _READ, _SAID = "_done_keys", "_done_read", "_done_said"


def key_of(intention: str) -> str:
    """The idempotency key of an intention, such as stopping one bot for a reason."""
    keys = st.session_state.setdefault(_KEYS, {})
    return str(keys.setdefault(intention, uuid4().hex))


def forget(intention: str) -> None:
    """It has happened: the same once more is another intention."""
    st.session_state.get(_KEYS, {}).pop(intention, None)


def as_read(what: str, now_is: object) -> bool:
    """Whether something is what this tab has shown first; if not, that is said.

    Args:
        what: Names it.
        now_is: What people decide on, such as a digest.
    """
    read = st.session_state.setdefault(_READ, {})
    if read.setdefault(what, now_is) == now_is:
        return True
    st.warning(
        "This has changed since you opened it: what stands here now is the new one. "
        "Read it again before you decide.",
        icon=":material/sync_problem:",
    )
    st.button(
        "I have read it again",
        on_click=_read_again,
        args=(what,),
        key=f"_done_again_{what}",
    )
    return False


def _read_again(what: str) -> None:
    st.session_state.get(_READ, {}).pop(what, None)


def tried(act: Callable[[], T]) -> T | None:
    """What *act* gives; `None` where the registry refused, which is shown."""
    try:
        return act()
    except RegistryError as error:
        frame.show_error(error)
        return None


def happened(act: Callable[[], object]) -> bool:
    """Whether *act* was done; where the registry refused, that is shown."""
    return tried(lambda: (act(),)) is not None


def go_on(sentence: str, **query: str) -> None:
    """Run the page again with *query* in its address, and say *sentence* on it.

    Args:
        sentence: Markdown; what people wrote has been through `label`.
    """
    st.session_state[_SAID] = sentence
    st.session_state.pop(_READ, None)
    st.query_params.from_dict(query)
    st.rerun()


def go_to(page: st.Page, sentence: str, **query: str) -> NoReturn:
    """Go to another page, and say *sentence* there."""
    st.session_state[_SAID] = sentence
    st.switch_page(page, query_params=query)


def show() -> None:
    """Say what was just done, if something was; once, at the top of a page."""
    sentence = st.session_state.pop(_SAID, None)
    if sentence:
        st.success(sentence, icon=":material/check_circle:")
        st.toast(sentence, icon=":material/check:")
