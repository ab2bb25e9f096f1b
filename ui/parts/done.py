"""What somebody has just done: once, and said on the page that follows.

* A write is one intention: it has one idempotency key until it has happened, so that
  a second click does nothing more.
* A refusal is shown where the button stands, and the page stays.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

import streamlit as st

from registry.errors import RegistryError
from ui.parts import frame
from ui.parts.times import now

T = TypeVar("T")

_SAID = "_done_said"

SAID_FOR = timedelta(seconds=15)


def key_of(intention: str) -> str:
    """The idempotency key of an intention, such as stopping one bot for a reason."""
    keys = st.session_state.setdefault("_done_keys", {})
    return str(keys.setdefault(intention, uuid4().hex))


def forget(intention: str) -> None:
    """It has happened: the same once more is another intention."""
    st.session_state.get("_done_keys", {}).pop(intention, None)


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
    st.session_state[_SAID] = sentence, now()
    st.toast(sentence)
    st.query_params.from_dict(query)
    st.rerun()


def show() -> None:
    """Say what was just done, at the top of a page.

    For a while, since a page may run more than once before it is read.
    """
    sentence, at = st.session_state.get(_SAID, ("", None))
    if sentence and at is not None and now() - at < SAID_FOR:
        st.success(sentence, icon=":material/check_circle:")
