"""Turns of a conversation before this message, where a prompt takes them."""

from itertools import count

import streamlit as st

from ui.parts.text import label

ROLES = ("user", "assistant")
KEPT = "_playground_turns"

Turn = dict[str, str]


def kept(of: str, name: str) -> list[tuple[int, Turn]]:
    """The turns so far, each with a number of its own."""
    all_of: dict[tuple[str, str], list[tuple[int, Turn]]]
    all_of = st.session_state.setdefault(KEPT, {})
    return all_of.setdefault((of, name), [])


def empty(of: str, name: str) -> None:
    kept(of, name).clear()


def show(of: str, name: str) -> list[Turn]:
    """The turns, to be changed; an empty list is a conversation that begins."""
    found = kept(of, name)
    told = "none, the conversation begins" if not found else f"{len(found)}"
    with st.expander(
        f"Earlier turns, {label(name)}: {told}",
        expanded=bool(found),
        key=f"_playground_turns:{of}:{name}",
    ):
        for place, (number, turn) in enumerate(found, start=1):
            with st.container():
                _turn(of, name, place, number, turn)
        st.button(
            "Add a turn",
            key=f"_playground_add:{of}:{name}",
            icon=":material/add:",
            on_click=_add,
            args=(of, name),
        )
    return [dict(turn) for _, turn in found]


def _turn(of: str, name: str, place: int, number: int, turn: Turn) -> None:
    key = f"_playground_turn:{of}:{name}:{number}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state[f"{key}:role"] = turn["role"]
        st.selectbox(
            f"Turn {place} is by",
            ROLES,
            key=f"{key}:role",
            on_change=_keep,
            args=(turn, "role", f"{key}:role"),
            width=150,
        )
        st.button(
            f"Remove turn {place}",
            key=f"{key}:remove",
            icon=":material/delete:",
            type="tertiary",
            on_click=_remove,
            args=(of, name, number),
        )
    st.session_state[f"{key}:content"] = turn["content"]
    st.text_area(
        f"Turn {place} says",
        key=f"{key}:content",
        height=68,
        on_change=_keep,
        args=(turn, "content", f"{key}:content"),
    )


def _add(of: str, name: str) -> None:
    found = kept(of, name)
    role = "assistant" if found and found[-1][1]["role"] == "user" else "user"
    number = next(one for one in count() if all(one != other for other, _ in found))
    found.append((number, {"role": role, "content": ""}))


def _remove(of: str, name: str, number: int) -> None:
    found = kept(of, name)
    found[:] = [one for one in found if one[0] != number]


def _keep(turn: Turn, part: str, key: str) -> None:
    turn[part] = st.session_state[key]
