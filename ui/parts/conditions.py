"""Conditions of approvals: what was asked for, by whom, and saying that it is met.

Who may say so the registry tells, with the change.
"""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from registry.remote import Remote
from registry.remote.changes import ChangeView
from registry.remote.conditions import ConditionStanding
from ui.parts import done
from ui.parts.marks import mark
from ui.parts.text import MAX_REASON, label, shown, shown_line
from ui.parts.times import ends_html

_TONES = {"open": "amber", "overdue": "red", "met": "green"}
MEET = "meet-condition"


def told(one: ConditionStanding) -> str:
    """HTML: what is asked for, who answers for it, until when, and how it was met."""
    met = ""
    if one.met is not None:
        met = f" Met, says {shown_line(one.met.by)}: {shown(one.met.note)}"
    return (
        f"{mark(f'condition {one.status}', _TONES.get(one.status))}"
        f"<strong>{shown(one.text)}</strong> "
        f'<span class="muted">{shown_line(one.voter)} approved on this condition as '
        f"{shown_line(one.seat)}; {shown_line(one.owner)} answers for it, due "
        f"{ends_html(one.due)}.{met}</span>"
    )


def can_meet(change: ChangeView, voter: str) -> bool:
    """Whether whoever asks could say that *voter*'s condition is met."""
    return any((one.act, one.about) == (MEET, voter) for one in change.you.could)


def meet(
    registry: Remote,
    change: ChangeView,
    voter: str,
    *,
    query: Mapping[str, str] | None = None,
) -> None:
    """The form, for whoever could.

    Args:
        query: What the address says afterwards; what it says now without it.
    """
    number = change.id
    with st.form(f"meet-{number}-{voter}", border=False):
        note = st.text_area(
            "How is it met? Everybody here will read it.",
            max_chars=MAX_REASON,
            height=80,
            key=f"note-{number}-{voter}",
        )
        said = st.form_submit_button(
            label(f"Say that the condition of {voter} is met"), key=f"met-{voter}"
        )
    if not said:
        return
    sentence = f"The condition of {voter} on change {number} is met."
    done.attempt(
        partial(registry.changes.meet, number, voter=voter, note=note),
        lambda _: done.Happened(said=sentence, query=query),
    )
