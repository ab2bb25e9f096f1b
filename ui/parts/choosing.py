"""Choices that stand in the address, so that they can be sent to somebody else.

The address says what is chosen, and the widget follows it: a link to another choice
of the same page works, and so does going back.
"""

from collections.abc import Mapping

import streamlit as st


def choice(
    name: str, options: Mapping[str, str], *, of: str, default: str, shown: bool = True
) -> str:
    """What is chosen of a few.

    Args:
        of: The name of the parameter in the address.
        options: What is written there, and what people read.
        default: What is chosen as long as the address says nothing.
        shown: Whether the name is seen, and not only read aloud.
    """
    widget = _follow(options, of=of, default=default)
    chosen = st.segmented_control(
        name,
        list(options),
        format_func=lambda one: options.get(one, one),
        required=True,
        key=widget,
        label_visibility="visible" if shown else "collapsed",
        on_change=_write,
        args=(of,),
    )
    return chosen or default


def picked(name: str, options: Mapping[str, str], *, of: str, default: str) -> str:
    """The same of many: a list to open, in which one can write.

    What is chosen by default is written into the address as well: it stays chosen,
    whatever else comes first by then.
    """
    if st.query_params.get(of) not in options:
        st.query_params[of] = default
    return st.selectbox(
        name,
        list(options),
        format_func=lambda one: options.get(one, one),
        key=_follow(options, of=of, default=default),
        on_change=_write,
        args=(of,),
    )


def _follow(options: Mapping[str, str], *, of: str, default: str) -> str:
    """The key of the widget, which has what the address says."""
    given = st.query_params.get(of, default)
    st.session_state[_key(of)] = given if given in options else default
    return _key(of)


def _write(of: str) -> None:
    st.query_params[of] = st.session_state[_key(of)]


def _key(of: str) -> str:
    return f"_choice_{of}"
