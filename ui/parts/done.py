"""What somebody does: once, on what was read, and said on the page that follows.

* A write is one intention: it has one idempotency key until it has happened, so that
  a second click does nothing more.  Another reason, seat or day is another intention:
  an intention is everything that is sent, and is made of it.
* A tab does one thing at a time.  A second click begins the page anew while the first
  one is still being done: it waits for that, does nothing, and the page says what came
  of the first.  One that comes a moment later does nothing either.
* A refusal is shown where the button stands, and the page stays.
* What is decided on is what was read: if it is something else by the time that the
  button is pressed, that is said, and nothing is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from inspect import signature
from threading import Lock
from time import monotonic
from typing import NoReturn, TypeVar, cast
from uuid import uuid4

import streamlit as st

from registry.errors import (
    ContentMoved,
    RegistryError,
    SessionNeeded,
    Unavailable,
)
from ui.parts import frame, signing
from ui.parts.text import label

T = TypeVar("T")

_TAB, _READ, _SAID = "_done_tab", "_done_read", "_done_said"
MAX_SAID = 600
MOMENT_S = 3
"""Whoever clicks once more within it means the same click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where what was done leads."""

    words: str
    page: st.Page
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What is said of something that has happened, and where one reads it.

    Attributes:
        said: A sentence; empty where the page itself says it.
        page: `None`: this one.
        query: What its address says then; `None`: what it says now.
    """

    said: str
    page: st.Page | None = None
    query: Mapping[str, str] | None = None
    link: Link | None = None


@dataclass(slots=True)
class _Tab:
    """Attributes:
    one: Held while something is being done.
    keys: Of intentions that have not happened, as far as is known.
    come: What has happened, and is not said yet.
    last: The intention that happened last, what came of it, and when.
    """

    one: Lock = field(default_factory=Lock)
    keys: dict[str, str] = field(default_factory=dict)
    come: Happened | None = None
    last: tuple[str, Happened, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """Attributes:
    here: Where it was said first.
    until: For how long the page says it again, if it begins anew.
    """

    told: Happened
    here: str
    until: float


def attempt(
    act: partial[T],
    happened: str | Callable[[T], Happened],
    *,
    read: str = "",
) -> None:
    """Do it, and go on to where it is said; or say why it was refused.

    Args:
        act: A call with everything that is sent; it gets the idempotency key of its
            intention if it takes one.
        happened: A sentence that is said on this page, or what is made of the answer.
        read: What it was decided on, as `as_read` names it.
    """
    try:
        once(act, happened, read=read)
    except RegistryError as error:
        refused(error, read=read)
        return
    _go_on()


def once(
    act: partial[T],
    happened: str | Callable[[T], Happened],
    *,
    read: str = "",
) -> bool:
    """The same where no page can be shown yet, as when a button is called back.

    `show` goes on to where it is said.

    Returns:
        Whether it has happened; not, where a click before this one is said first.

    Raises:
        RegistryError: It was refused, and nothing has happened.
    """
    tab, seen, intention = _tab(), _seen(), _intention(act)
    # From here on nothing of Streamlit is called, which would end a run that another
    # click has made an old one: what happens is known to the next run.  So *act* asks
    # for nothing itself, and *happened* only makes words, or keeps what came.
    with tab.one:
        if (
            tab.last is not None
            and tab.last[0] == intention
            and _is_recent(tab.last[2])
        ):
            tab.come = tab.come or tab.last[1]
            return True
        if tab.come is not None:  # of a click before this one, which is said first
            return False
        key = tab.keys.setdefault(intention, uuid4().hex)
        try:
            answer = act(key=key) if _takes_key(act) else act()
        except Unavailable:
            # It may have happened all the same: the same key finds that out.
            raise
        except RegistryError:
            del tab.keys[intention]
            raise
        del tab.keys[intention]
        seen.pop(read, None)
        tab.come = (
            Happened(said=happened) if isinstance(happened, str) else happened(answer)
        )
        tab.last = (intention, tab.come, monotonic())
        return True


def _intention(act: partial[T]) -> str:
    """What is called, with everything that is sent; no more of it than its digest."""
    sent = (act.func.__qualname__, act.args, sorted(act.keywords.items()))
    return sha256(repr(sent).encode(errors="surrogatepass")).hexdigest()


def _takes_key(act: partial[T]) -> bool:
    return "key" in signature(act).parameters


def refused(error: RegistryError, *, read: str = "") -> None:
    """Show a refusal, with what one can do about it here."""
    frame.show_error(error)
    if isinstance(error, ContentMoved) and read:
        st.button(
            "Read it again",
            icon=":material/refresh:",
            on_click=read_again,
            args=(read,),
            key=f"_done_refused_{read}",
        )
    if isinstance(error, SessionNeeded):
        signing.offer()


def tried(look: Callable[[], T]) -> T | None:
    """What *look* gives; `None` where the registry refused, which is shown."""
    try:
        return look()
    except RegistryError as error:
        refused(error)
        return None


def was_read(what: str, now_is: T) -> T:
    """What this tab has shown first.

    Args:
        what: Names it.
        now_is: What people decide on, such as a digest.
    """
    return cast(T, _seen().setdefault(what, now_is))


def as_read(what: str, now_is: object) -> bool:
    """Whether something is what this tab has shown first; if not, that is said."""
    if was_read(what, now_is) == now_is:
        return True
    st.warning(
        "This has changed since you opened it: what stands here now is the new one. "
        "Read it again before you decide.",
        icon=":material/sync_problem:",
    )
    st.button(
        "I have read it again",
        on_click=read_again,
        args=(what,),
        key=f"_done_again_{what}",
    )
    return False


def read_again(what: str) -> None:
    """What stands on the page now is what was read."""
    _seen().pop(what, None)


def show() -> None:
    """Say what was just done, if something was; once, at the top of a page."""
    tab = _tab()
    with tab.one:
        is_new = tab.come is not None
    if is_new:
        _go_on()
    told = _to_be_said()
    place = st.container()  # so that nothing below moves once it is not said any more
    if told is None or not told.said:
        return
    place.success(label(told.said, MAX_SAID), icon=":material/check_circle:")
    if told.link is not None:
        place.page_link(
            told.link.page, label=label(told.link.words), query_params=told.link.query
        )


def _to_be_said() -> Happened | None:
    """What has just happened; the same a moment later, on the same page."""
    kept = st.session_state.get(_SAID)
    if isinstance(kept, Happened):
        kept = _Said(told=kept, here=signing.here(), until=monotonic() + MOMENT_S)
        st.session_state[_SAID] = kept
    if not isinstance(kept, _Said):
        return None
    if monotonic() < kept.until and kept.here == signing.here():
        return kept.told
    del st.session_state[_SAID]
    return None


def _is_recent(at: float) -> bool:
    return monotonic() - at < MOMENT_S


def _go_on() -> NoReturn:
    """To the page where it is said what has happened."""
    tab = _tab()
    told = tab.come
    st.session_state[_SAID] = told
    if told is not None and told.query is not None and told.page is None:
        st.query_params.from_dict(told.query)
    # Not before: a run that is ended on the way leaves it to the next one.
    tab.come = None
    if told is not None and told.page is not None:
        st.switch_page(told.page, query_params=told.query)
    st.rerun()


def _tab() -> _Tab:
    tab: _Tab = st.session_state.setdefault(_TAB, _Tab())
    return tab


def _seen() -> dict[str, object]:
    seen: dict[str, object] = st.session_state.setdefault(_READ, {})
    return seen
