"""What is in a proposal: each document with how it stands."""

import streamlit as st

from registry.remote.previews import ProposedText
from ui.parts.marks import mark, table
from ui.parts.propose import drafts
from ui.parts.propose.checking import Answer
from ui.parts.propose.drafts import Basket, Draft
from ui.parts.text import plain, shown_line


def show(kept: Basket, answer: Answer | None, moved: set[int]) -> None:
    rows = [_row(one, kept, answer, moved) for one in kept.drafts.values()]
    name = "In this proposal" if kept.revises is None else "In this revision"
    st.html(f'<h2 class="part">{name}</h2>')
    st.html(table(name, ("Document", "What", "Is"), rows))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose(kept)
        _show_buttons(kept)


def of(draft: Draft, answer: Answer | None, kept: Basket) -> ProposedText | None:
    return None if answer is None else answer.of(draft, kept)


def called(draft: Draft, told: ProposedText | None) -> str:
    """What its text says it is; else what it was called when it began."""
    return (told.document if told else None) or draft.name


def _choose(kept: Basket) -> None:
    if len(kept.drafts) < 2:
        return
    ids = list(kept.drafts)
    opened = kept.open_one()
    key = f"open-{kept.key}"
    st.session_state[key] = opened.id if opened else ids[0]
    st.selectbox(
        "The document to work on",
        ids,
        format_func=lambda id: plain(_name(kept, id)),
        key=key,
        on_change=_open,
        args=(kept, key),
        width=420,
    )


def _name(kept: Basket, id: int) -> str:
    draft = kept.drafts[id]
    return draft.base.document if draft.base else draft.name


def _open(kept: Basket, key: str) -> None:
    kept.opened = st.session_state[key]


def _show_buttons(kept: Basket) -> None:
    opened = kept.open_one()
    if opened is None:
        return
    st.button(
        "Take it out",
        icon=":material/remove_circle:",
        help="Take this document out of the proposal; what is live stays as it is.",
        on_click=kept.remove,
        args=(opened.id,),
        key=f"remove-{kept.key}-{opened.id}",
    )
    st.download_button(
        "Download drafts",
        drafts.written(kept.drafts.values()).encode("utf-8"),
        file_name=f"draft-{plain(kept.key, 40)}.yaml",
        mime="application/yaml",
        on_click="ignore",
        icon=":material/download:",
        help="Keep what you have written. Uploaded again, it goes on from there.",
        key=f"download-{kept.key}",
    )


def _row(
    draft: Draft, kept: Basket, answer: Answer | None, moved: set[int]
) -> tuple[str, ...]:
    told = of(draft, answer, kept)
    state = "moved" if draft.id in moved else _state(draft, told)
    return (
        shown_line(called(draft, told)),
        _what(draft, told),
        mark(state, _tone(state)),
    )


def _what(draft: Draft, told: ProposedText | None) -> str:
    base = draft.base
    before = base.version if base else None
    if draft.text is None:
        return f"deleted, {shown_line(before or '')} is live"
    after = shown_line((told.version if told else None) or "")
    if before is None:
        return f"new {after}"
    was = shown_line(before)
    return was if after in {"", was} else f"{was} to {after}"


def _state(draft: Draft, told: ProposedText | None) -> str:
    if draft.text is None:
        return "to be deleted"
    if told is None:
        return "not checked"
    if not told.differs:
        return "as it is live"
    if told.proposed_text is not None and len(told.findings) == 1:
        return "version too low"
    if told.findings:
        count = len(told.findings)
        return f"{count} mistakes" if count > 1 else "a mistake"
    return "right"


def _tone(state: str) -> str:
    tones = {"right": "green", "as it is live": "grey", "not checked": "grey"}
    tones |= {"to be deleted": "blue", "version too low": "amber"}
    return tones.get(state, "red")
