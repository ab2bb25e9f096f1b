"""Choices that stand in the address, so that they can be sent to somebody else.

The address says what is chosen, and the widget follows it: a link to another choice
of the same page works, and so does going back.  What is not there is not replaced by
something that is: whoever follows an old link, or mistypes one, is told.
"""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from ui.parts.text import label, plain

MAX_OPTION = 200
MAX_DIGITS = 15
"""No number of the registry has more."""


def number_of(text: str) -> int | None:
    """The number that *text* is; `None` if it is none that could be one of these."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    return int(text) if is_one else None


def number_asked(name: str) -> int | None:
    """The same of a parameter of the address."""
    return number_of(st.query_params.get(name, ""))


def is_absent(what: str, given: str) -> None:
    """Say that the address names something that is not there."""
    st.warning(
        label(f"There is no such {what}: {given}. Choose one.", 300),
        icon=":material/link_off:",
    )


def choice(
    name: str,
    options: Mapping[str, str],
    *,
    of: str,
    default: str,
    shown: bool = True,
    what: str = "choice",
    resets: Iterable[str] = (),
) -> str:
    """What is chosen of a few; the page ends here if the address names another one.

    Streamlit reads what these say as Markdown, so they are escaped here, as labels.

    Args:
        of: The name of the parameter in the address.
        options: What is written there, and what people read, as it is.
        default: What is chosen as long as the address says nothing.
        shown: Whether the name is seen, and not only read aloud.
        what: What one of them is called.
        resets: Parameters that meant something with the former choice only.
    """
    widget = _follow(options, of=of, default=default)
    chosen = st.segmented_control(
        name,
        list(options),
        format_func=lambda one: label(options.get(one, one)),
        required=st.session_state[widget] is not None,
        key=widget,
        label_visibility="visible" if shown else "collapsed",
        on_change=_write,
        args=(of, resets),
    )
    if chosen is None:
        _end(what, of)
    return chosen or default


def picked(
    name: str,
    options: Mapping[str, str],
    *,
    of: str,
    default: str,
    what: str = "choice",
    resets: Iterable[str] = (),
) -> str:
    """The same of many: a list to open, in which one can write.

    What these say is no Markdown: it is made plain here, with what hides marked.
    What is chosen by default is written into the address as well: it stays chosen,
    whatever else comes first by then.
    """
    if of not in st.query_params:
        st.query_params[of] = default
    is_there = st.query_params[of] in options
    chosen = st.selectbox(
        name,
        list(options),
        index=0 if is_there else None,
        format_func=lambda one: plain(options.get(one, one), MAX_OPTION),
        key=_follow(options, of=of, default=default),
        on_change=_write,
        args=(of, resets),
    )
    if chosen is None:
        _end(what, of)
    return chosen or default


def narrowed(
    name: str,
    options: Mapping[str, str],
    *,
    of: str,
    anything: str,
    what: str = "choice",
    help: str | None = None,
    then: Callable[[], None] = lambda: None,
) -> str | None:
    """The same for what a list is narrowed to; `None` for anything.

    Args:
        anything: What is read as long as nothing is chosen.
        then: What else begins anew by it.
    """
    chosen = st.selectbox(
        name,
        list(options),
        index=None,
        format_func=lambda one: plain(options.get(one, one), MAX_OPTION),
        key=_follow(options, of=of, default=""),
        placeholder=anything,
        help=help,
        on_change=_narrow,
        args=(of, then),
    )
    if chosen is None and st.query_params.get(of):
        _end(what, of)
    return chosen


def usual_environment(names: Iterable[str]) -> str:
    """Where most people look first: production, or else the last by name."""
    named = sorted(names)
    return "production" if "production" in named else named[-1]


def _follow(options: Mapping[str, str], *, of: str, default: str) -> str:
    """The key of the widget, which has what the address says."""
    given = st.query_params.get(of, default)
    st.session_state[_key(of)] = given if given in options else None
    return _key(of)


def _write(of: str, resets: Iterable[str]) -> None:
    st.query_params[of] = st.session_state[_key(of)]
    for other in resets:
        st.query_params.pop(other, None)


def _narrow(of: str, then: Callable[[], None]) -> None:
    chosen = st.session_state[_key(of)]
    if chosen is None:
        st.query_params.pop(of, None)
    else:
        st.query_params[of] = chosen
    then()


def _end(what: str, of: str) -> None:
    is_absent(what, st.query_params.get(of, ""))
    st.stop()


def _key(of: str) -> str:
    return f"_choice_{of}"
