"""Revising a change: its documents as they were proposed last, to go on from."""

import streamlit as st

from registry.remote import Remote
from registry.remote.changes import ChangeView, Edit
from registry.remote.differences import Difference
from ui.parts.pages import CHANGE
from ui.parts.proposals import saying
from ui.parts.propose.drafts import Base, Basket, basket, begun
from ui.parts.text import label, shown, shown_line

_OBJECTS = {"ask-for-changes": "asks for changes", "veto": "vetoed it"}


def revision(remote: Remote, number: int) -> Basket:
    """What is kept for the next revision of a change; its last one to begin with.

    Raises:
        NotFound: There is no such change.
    """
    change = remote.changes.get(number)
    is_begun = begun(number)
    kept = basket(change.environment, number)
    if not is_begun:
        _fill(kept, change, remote.changes.difference(number))
    _show_head(change)
    return kept


def _fill(kept: Basket, change: ChangeView, found: Difference) -> None:
    """The bases are those of the proposal: what has moved since is told."""
    texts = {one.document: one for one in found.documents}
    for edit in change.edits:
        text = texts.get(edit.document)
        before = text.before.version if text and text.before else None
        after = text.after.source if text and text.after else None
        kept.add(edit.document, after, _base(edit, before))
    kept.opened = next(iter(kept.drafts), None)
    kept.title = change.title
    kept.earliest = change.earliest
    kept.last = kept.proposal(change.title)


def _base(edit: Edit, version: str | None) -> Base:
    digest = edit.base.digest if edit.base else None
    return Base(document=edit.document, version=version, digest=digest)


def _show_head(change: ChangeView) -> None:
    st.page_link(
        CHANGE,
        label=label(f"Change {change.id}: {change.title}", 200),
        icon=":material/arrow_back:",
        query_params={"id": str(change.id)},
    )
    st.html(saying.head(change))
    told = (
        "Below are its documents as they were proposed last. With another revision "
        "the voting starts again."
    )
    st.html(f'<p class="tight muted">{shown_line(told)}</p>{_objections(change)}')


def _objections(change: ChangeView) -> str:
    """HTML of why it was held back, which is what a revision answers."""
    rows = "".join(
        f"<li><strong>{shown_line(vote.by)}</strong> {_OBJECTS[vote.verdict]}: "
        f"{shown(vote.reason)}</li>"
        for vote in change.votes
        if vote.revision == change.revision and vote.verdict in _OBJECTS
    )
    return f'<ul class="sentences" aria-label="Objections">{rows}</ul>' if rows else ""
