"""The text of another policy, and the policy in force from which it was made.

The text stays in the tab while it is written; if another policy is in force by then,
that is said, since the text would undo what somebody else has changed.
"""

import streamlit as st

from registry.remote.policies import Policy
from ui.parts.differences import unified
from ui.parts.text import label


def base(in_force: Policy) -> Policy:
    """The policy from which the text was made; untouched, it is the one in force."""
    text = st.session_state.get(_field(in_force.environment))
    made_from: Policy | None = st.session_state.get(_base(in_force.environment))
    if text is None or made_from is None or text == made_from.source:
        begin_again(in_force)
        return in_force
    return made_from


def _tell_moved(made_from: Policy, now: Policy) -> None:
    """That somebody else has changed the policy meanwhile, and two ways on."""
    where = label(now.environment)
    st.warning(
        f"Another policy is in force in {where} since you began. Your text was made of "
        "the one before: proposed as it is, it would undo what has changed.",
        icon=":material/sync_problem:",
    )
    with st.expander("What has changed meanwhile", expanded=True):
        st.html(unified("What has changed meanwhile", made_from.source, now.source))
    with st.container(horizontal=True):
        st.button(
            "I have read it: keep my text",
            on_click=_go_on_from,
            args=(now,),
            help="Your text is compared with what is in force now, and replaces it.",
            icon=":material/check:",
        )
        st.button(
            "Give my text up, and begin from what is in force",
            on_click=begin_again,
            args=(now,),
            icon=":material/refresh:",
        )


def field(made_from: Policy, in_force: Policy) -> str:
    if made_from.digest != in_force.digest:
        _tell_moved(made_from, in_force)
    source: str = st.text_area(
        "The policy, as YAML", key=_field(in_force.environment), height=420
    )
    st.button(
        "Begin again with the one in force",
        on_click=begin_again,
        args=(in_force,),
        type="tertiary",
        icon=":material/restart_alt:",
    )
    return source


def begin_again(in_force: Policy) -> None:
    st.session_state[_field(in_force.environment)] = in_force.source
    _go_on_from(in_force)


def _go_on_from(in_force: Policy) -> None:
    st.session_state[_base(in_force.environment)] = in_force


def _field(environment: str) -> str:
    return f"policy-text-{environment}"


def _base(environment: str) -> str:
    return f"_policy_base_{environment}"
