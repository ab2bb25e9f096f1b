"""Live checks: what the registry says of the drafts as they stand.

It is asked anew whenever a text has changed, and when somebody asks for it.
"""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from registry.errors import NotFound, RegistryError
from registry.remote import Remote
from registry.remote.changes import Proposal
from registry.remote.previews import ProposalPreview, ProposedText
from ui.parts import times
from ui.parts.propose.drafts import Base, Basket, Draft

UNTITLED = "Untitled"
"""Stands for a title as long as none is written."""

_ANSWERS = "_propose_answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the registry said of a proposal, and when."""

    asked: Proposal
    found: ProposalPreview
    at: datetime

    def of(self, draft: Draft, kept: Basket) -> ProposedText | None:
        """What it said of a draft; nothing of one that is a deletion."""
        ids = [one.id for one in kept.texts()]
        if draft.id not in ids or len(ids) != len(self.found.documents):
            return None
        return self.found.documents[ids.index(draft.id)]


def check(remote: Remote, kept: Basket) -> Answer:
    """What the registry says of what is kept now.

    Raises:
        RegistryError: It says nothing: it does not answer, or may not be asked.
    """
    answers: dict[str, Answer] = st.session_state.setdefault(_ANSWERS, {})
    held = answers.get(kept.key)
    asked = _asked(kept)
    if held is not None and held.asked == asked:
        return held
    found = _preview(remote, kept, asked)
    held = Answer(asked=asked, found=found, at=times.now())
    if _settle(remote, kept, held):
        held = Answer(asked=_asked(kept), found=found, at=held.at)
    answers[kept.key] = held
    return held


def again(kept: Basket) -> None:
    """Ask the registry anew the next time."""
    st.session_state.get(_ANSWERS, {}).pop(kept.key, None)


def moved(remote: Remote, draft: Draft, answer: Answer, kept: Basket) -> bool:
    """Whether something else is live than what the draft was made from."""
    base = draft.base
    if base is None:
        return False
    told = answer.of(draft, kept)
    if told is not None:
        return told.document == base.document and told.live != base.version
    if draft.text is not None or not answer.found.obstacles:
        return False
    return live(remote, kept.environment, draft.name) != base


def live(remote: Remote, environment: str, document: str) -> Base:
    """What is live of a document now, to begin from."""
    try:
        found = remote.documents.get(document).live.get(environment)
    except NotFound:
        found = None
    if found is None:
        return Base(document=document, version=None, digest=None)
    return Base(document=document, version=found.version, digest=found.digest)


def read_live(remote: Remote, base: Base) -> str | None:
    """The text of a base."""
    if base.version is None:
        return None
    return remote.documents.read(base.document, base.version).decode("utf-8")


def _asked(kept: Basket) -> Proposal:
    return kept.proposal(kept.title if kept.title.strip() else UNTITLED)


def _preview(remote: Remote, kept: Basket, asked: Proposal) -> ProposalPreview:
    if kept.revises is not None:
        return remote.changes.preview_revision(kept.revises, asked)
    return remote.changes.preview(kept.environment, asked)


def _settle(remote: Remote, kept: Basket, answer: Answer) -> bool:
    """Give each draft the base that its text names; whether one was missing."""
    settled = False
    for draft in kept.texts():
        told = answer.of(draft, kept)
        name = None if told is None else told.document
        if name is None or (draft.base is not None and draft.base.document == name):
            continue
        try:
            kept.rebase(draft.id, live(remote, kept.environment, name))
        except RegistryError:
            continue  # what cannot be read has no base, and submitting says why
        settled = True
    return settled
