"""What is still open before one decides: objections, conditions, and past dissent.

An objection blocks until whoever raised it is content, or somebody who may clears it.
A condition blocks nothing.  What was said against an earlier revision stays on record.
"""

import streamlit as st

from registry.remote.changes import ChangeView, Vote
from ui.parts import conditions, session
from ui.parts.marks import mark
from ui.parts.proposals.saying import heading
from ui.parts.proposals.verdicts import BLOCKS, DID
from ui.parts.text import label, shown, shown_line
from ui.parts.times import ago_html

_SETTLED = {
    "veto": "Blocks every revision, until {by} or a seat that the policy names "
    "clears it.",
    "ask-for-changes": "Blocks this revision, until {by} approves it or takes it back.",
}

_NO = {"veto", "ask-for-changes", "reject"}


def show(change: ChangeView) -> None:
    """Nothing, where nobody has objected or asked for anything."""
    dissent = _past(change)
    if not (change.blocks or change.conditions or dissent):
        return
    heading("Open questions", "open")
    if change.blocks:
        rows = "".join(map(_blocking, change.blocks))
        st.html(f'<ul class="said" aria-label="In the way">{rows}</ul>')
    else:
        st.html('<p class="tight">Nothing that anybody has said blocks it.</p>')
    if change.conditions:
        rows = "".join(f"<li>{conditions.told(one)}</li>" for one in change.conditions)
        st.html(f'<ul class="said" aria-label="Conditions">{rows}</ul>')
    for one in change.conditions:
        if conditions.can_meet(change, one.voter):
            with st.expander(label(f"Say that the condition of {one.voter} is met")):
                conditions.meet(session.registry(), change, one.voter)
    if dissent:
        told = "".join(map(_dissenting, dissent))
        st.html(
            '<details><summary>Dissent on record</summary><ul class="said">'
            f"{told}</ul></details>"
        )


def _past(change: ChangeView) -> list[Vote]:
    """Every no that blocks nothing any more."""
    return [
        one for one in change.votes if one.verdict in _NO and one not in change.blocks
    ]


def _blocking(one: Vote) -> str:
    by = shown_line(one.by)
    how = _SETTLED.get(one.verdict, "").format(by=by)
    return (
        f"<li>{mark(BLOCKS.get(one.verdict, one.verdict), 'red')}<strong>{by}</strong> "
        f'for {shown_line(one.seat)} <span class="muted">{ago_html(one.at)}</span>'
        f'<div class="words">{shown(one.reason)}</div>'
        f'<span class="muted">{how}</span></li>'
    )


def _dissenting(one: Vote) -> str:
    return (
        f"<li><strong>{shown_line(one.by)}</strong> for {shown_line(one.seat)} "
        f'{DID[one.verdict]} <span class="muted">revision {one.revision}, '
        f'{ago_html(one.at)}</span><div class="words">{shown(one.reason)}</div></li>'
    )
