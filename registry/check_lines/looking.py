"""What is looked at in a change: its documents, beside what is live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from rpds import HashTrieMap

from registry.changes import Change
from registry.documents import Document
from registry.effects import Documents, overlay
from registry.errors import NotFound
from registry.names import Ref
from registry.state import Environment, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Attributes:
    environment: As it is beside the change.
    get: Gives a document as the change leaves it; raises `NotFound`.
    documents: Every text there has been, by its digest.
    edited: What the change puts in place; what it deletes is not there.
    after: What would read differently, as far as it would be there.
    """

    state: State
    change: Change
    environment: Environment
    get: Callable[[Ref], Document]
    documents: Documents
    edited: Mapping[Ref, Document]
    after: Mapping[Ref, Document]
    today: date


def look(state: State, change: Change, documents: Documents, today: date) -> Looked:
    environment = _beside(state, change)
    replacements = {
        edit.document: documents[edit.digest] if edit.digest else None
        for edit in change.revision.edits
    }
    get = overlay(environment, replacements, documents)
    after: dict[Ref, Document] = {}
    for affected in change.revision.effect:
        try:
            after[affected.document] = get(affected.document)
        except NotFound:
            continue  # it is deleted, or has been meanwhile
    return Looked(
        state=state,
        change=change,
        environment=environment,
        get=get,
        documents=documents,
        edited={ref: one for ref, one in replacements.items() if one is not None},
        after=after,
        today=change.closed_at.date() if change.closed_at else today,
    )


def _beside(state: State, change: Change) -> Environment:
    """The environment now, or as it was when the change ended."""
    environment = state.environments[change.environment]
    if change.closed_at is None:
        return environment
    seq = environment.seq_at(change.closed_at)
    if change.seq is not None:
        seq = change.seq - 1
    live = environment.moments[seq].live if seq else HashTrieMap()
    return replace(environment, live=live, gone=HashTrieMap())
