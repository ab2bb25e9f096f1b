"""One change, from what is asked to what one decides."""

import streamlit as st

from registry.remote.changes import ChangeView
from registry.remote.checks import Attached
from ui.parts import done, session
from ui.parts.change import (
    agreement,
    around,
    decision,
    discussion,
    doing,
    saying,
    tested,
    wording,
)
from ui.parts.change.acting import read_again, was_read
from ui.parts.pages import CHANGE
from ui.parts.text import label, shown_line

_AFTERWARDS = {
    "open": "They have not decided yet whether they do afterwards.",
    "overdue": "They are late with saying whether they do afterwards.",
    "ratified": "They have agreed to it afterwards.",
    "repudiated": "Afterwards they have said no to it.",
}


def show(number: int, handle: str) -> None:
    remote = session.registry()
    change = remote.changes.get(number)
    st.title(label(change.title, 200))
    st.html(saying.head(change))
    done.show()
    _show_hindrance(change)
    attached = list(remote.checks.list(number))
    _show_summary(change, attached)
    difference = remote.changes.difference(number)
    wording.show(change, difference)
    around.show(change)
    discussion.show(change)
    decision.show(change, handle)
    doing.show(change, difference)


def _show_hindrance(change: ChangeView) -> None:
    if was_read(change) != change.review_digest:
        st.warning(
            "This change has another content than when you opened it: revision "
            f"{change.revision} stands below. Nothing that you send counts for it "
            "before you say that you have read it.",
            icon=":material/sync_problem:",
        )
        st.button(
            f"I read revision {change.revision}",
            on_click=read_again,
            args=(change.id,),
            key=f"read-{change.id}",
        )
    told = saying.hindrance(change)
    if told is not None:
        is_fine = change.status == "scheduled" and not change.is_overdue
        note = st.info if is_fine else st.warning
        note(label(told, 900), icon=":material/schedule:")
    opened = change.ratification
    if opened is not None:
        st.warning(
            label(
                f"It went live in an emergency ({opened.incident}), before people had "
                f"agreed to it. {_AFTERWARDS.get(opened.status, opened.status)}",
                400,
            ),
            icon=":material/emergency:",
        )
        st.page_link(
            CHANGE,
            label=f"Ratification {opened.id}",
            query_params={"ratification": str(opened.id)},
        )


def _show_summary(change: ChangeView, attached: list[Attached]) -> None:
    """Who agrees and what moves on the left; what was tried on the right."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, gap="xsmall"):
        st.html(
            '<h2 class="part wording">Who has to agree <span class="muted">'
            f"{agreement.agreed(change.requirements)}</span></h2>"
            f"{agreement.tier_because(change)}{agreement.blocks(change.blocks)}"
            f"{agreement.each(change.requirements, is_open=change.outcome is None)}"
            f"{_your_part(change)}"
        )
        st.html(f'<h2 class="part">What else moves</h2>{agreement.moved(change.facts)}')
    with right, st.container(border=True, gap="xsmall"):
        st.html(
            f'<h2 class="part">Checks</h2>{tested.required(change.required_checks)}'
            f"{tested.checks(change)}{tested.waivers(change)}"
        )
        st.html(
            '<h2 class="part">What customers will see</h2>'
            f"{tested.answers(change, attached)}"
        )


def _your_part(change: ChangeView) -> str:
    if change.outcome is not None:
        return ""
    if change.you.may_vote:
        seats = shown_line(" or ".join(change.you.may_vote))
        asked = {one.seat for one in change.requirements if not one.met}
        if asked.isdisjoint(change.you.may_vote):
            told = f"Nothing open asks for your seat, <strong>{seats}</strong>"
        else:
            told = f"You can vote as <strong>{seats}</strong>"
        return f'<p class="tight">{told}: <a href="#decision">to your decision</a></p>'
    why = shown_line(change.you.why_not or "")
    return f'<p class="tight"><strong>You cannot vote.</strong> {why}</p>'
