"""Authorship: who has had a hand in what a change brings.

* Whoever submitted a text contributed to it, and so did everybody who
  contributed to what it was made from, in any environment, back to what is
  live in the target.  Otherwise an author could have somebody else promote
  their text and then vote for it.
* A text is made from what it was to replace, and from what earlier revisions
  of its change proposed in its place.
* A promotion or a rollback makes nothing new: its text is not made from what
  it replaces.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from registry.changes import Change, ChangeType, Revision
from registry.names import Digest, Ref
from registry.policies import policy_subject
from registry.state import Origin, State

_MAKING = {ChangeType.EDIT, ChangeType.POLICY}
"""The types of change whose texts are new."""


def contributors(state: State, revision: Revision) -> set[str]:
    """Everybody who contributed to the incoming texts of *revision*."""
    return contributors_to(state, _texts(revision))


def contributors_to(
    state: State, texts: Iterable[tuple[Ref, Digest, Digest | None]]
) -> set[str]:
    """Args:
    texts: Each with what it takes the place of.
    """
    people: set[str] = set()
    for document, digest, base in texts:
        people |= _lineage(state, document, digest, base)
    return people


def origins_with(state: State, change: Change) -> State:
    """The state that also knows where the texts of the last revision come from."""
    revision = change.revision
    earlier = {
        document: digest
        for revised in change.revisions[:-1]
        for document, digest, _ in _texts(revised)
    }
    origins = state.origins
    again = {
        document
        for document, digest, _ in _texts(revision)
        if (document, digest) in origins
    }
    for document, digest, base in _texts(revision):
        sources = [base if change.type in _MAKING else None]
        if document in earlier:
            sources.append(earlier[document])
        made = (Origin(by=revision.by, base=source) for source in sources)
        known = origins.get((document, digest)) or ()
        origins = origins.insert(
            (document, digest), tuple(dict.fromkeys((*known, *made)))
        )
    return _told_again(replace(state, origins=origins), again)


def _told_again(state: State, documents: set[Ref]) -> State:
    """The state in which open changes know that texts of theirs have more authors.

    A text that is proposed a second time may have been made from something else,
    by somebody else; whoever that is has a hand in every change that brings it.
    """
    for number in state.open_changes if documents else ():
        change = state.changes[number]
        if documents.isdisjoint(name for name, _, _ in _texts(change.revision)):
            continue
        found = contributors(state, change.revision) | {*change.contributors}
        change = replace(change, contributors=tuple(sorted(found)))
        state = replace(state, changes=state.changes.insert(number, change))
    return state


def _texts(revision: Revision) -> Iterator[tuple[Ref, Digest, Digest | None]]:
    """Each text that *revision* proposes, and what it was to replace."""
    for edit in revision.edits:
        if edit.digest is not None:
            yield edit.document, edit.digest, edit.base.digest if edit.base else None
    proposed = revision.proposed_policy
    if proposed is not None:
        name = policy_subject(proposed.policy.environment).what
        yield Ref(name), proposed.digest, revision.policy.digest


def _lineage(
    state: State, document: Ref, digest: Digest, stop: Digest | None
) -> set[str]:
    people: set[str] = set()
    seen = {stop}
    waiting: list[Digest | None] = [digest]
    while waiting:
        current = waiting.pop()
        if current is None or current in seen:
            continue
        seen.add(current)
        for origin in state.origins.get((document, current)) or ():
            people.add(origin.by)
            waiting.append(origin.base)
    return people
