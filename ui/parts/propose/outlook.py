"""What a proposal will meet, before it is submitted."""

import streamlit as st

from registry.remote.changes import ChangeView
from registry.remote.previews import Obstacle, Rival
from ui.parts.hints import here
from ui.parts.links import change_link
from ui.parts.marks import mark
from ui.parts.proposals import agreement, tested, wording
from ui.parts.propose.checking import Answer
from ui.parts.text import shown_line
from ui.parts.times import ago_html


def show(answer: Answer) -> None:
    st.header("What it will meet")
    found = answer.found
    if found.change is None:
        st.info(
            "Who has to agree and what reads differently is told as soon as nothing "
            "is wrong with the texts, and nothing stands in the way."
        )
        return
    _show_summary(found.change)
    if found.difference is not None:
        wording.show(found.change, found.difference)


def show_obstacles(answer: Answer) -> None:
    """What stands in the way and is in none of the texts."""
    if answer.found.obstacles:
        st.html(_obstacles(answer.found.obstacles))


def _obstacles(found: tuple[Obstacle, ...]) -> str:
    rows = "".join(
        f"<li>{mark(_place(one), 'red')}{shown_line(one.message)} "
        f'<span class="muted">{shown_line(here(one.hint))}</span></li>'
        for one in found
    )
    return f'<ul class="findings" aria-label="In the way">{rows}</ul>'


def show_rivals(answer: Answer) -> None:
    """The open changes that edit the same documents."""
    if answer.found.rivals:
        st.html(_rivals(answer.found.rivals))


def _rivals(found: tuple[Rival, ...]) -> str:
    rows = "".join(
        f"<li>{_linked(one)} by {shown_line(one.author)} edits "
        f"{shown_line(', '.join(one.documents))} too: "
        f'<span class="muted">{shown_line(one.title)}</span></li>'
        for one in found
    )
    told = "Whichever goes live first, the others have to be revised on it."
    return (
        f'<ul class="findings" aria-label="Edited elsewhere">{rows}</ul>'
        f'<p class="tight muted">{told}</p>'
    )


def _linked(one: Rival) -> str:
    words = change_link(one.change)
    return words.replace(">change", ">Change", 1)


def _place(one: Obstacle) -> str:
    if one.document is None:
        return "in the way"
    return f"{one.document}, line {one.line}" if one.line else one.document


def _show_summary(change: ChangeView) -> None:
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, gap="xsmall"):
        st.html(
            f'<h3 class="part">Who has to agree</h3>{agreement.tier_because(change)}'
            f"{agreement.needs(change.requirements, is_open=True)}"
            f'<p class="tight muted">It expires {ago_html(change.expires)}.</p>'
        )
    with right, st.container(border=True, gap="xsmall"):
        st.html(
            f'<h3 class="part">What else moves</h3>{agreement.moved(change.facts)}'
            f"{_held_back(change)}"
        )
        checks = tested.required(change.required_checks)
        if checks:
            st.html(f'<h3 class="part">Checks that it needs</h3>{checks}')


def _held_back(change: ChangeView) -> str:
    if not change.held_back:
        return ""
    told = shown_line("; ".join(change.held_back))
    return f'<p class="tight">{mark("not at once", "amber")}{told}</p>'
