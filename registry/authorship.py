"""Authorship: who has had a hand in what a change brings.

* Whoever submitted a text contributed to it, and so did everybody who
  contributed to what it was made from, in any environment, back to what people
  agreed to last in the target.  Otherwise an author could have somebody else
  promote their text, or mend a letter of it after an emergency, and then vote for it.
* A text is made from what it was to replace, from what was live last if there is
  nothing to replace any more, and from what earlier revisions of its change proposed
  in its place.
* To resume a bot brings back what it says.  Whoever wrote what nobody agreed to of
  that contributed.
* A promotion or a rollback makes nothing new: its text is not made from what
  it replaces.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from registry.changes import Change, ChangeType, Revision
from registry.names import Digest, Ref
from registry.policies import policy_subject
from registry.state import Environment, Origin, State
from registry.unagreed_content import last_agreed, without_agreement

_MAKING = {ChangeType.EDIT, ChangeType.POLICY}
"""The types of change whose texts are new."""


def contributors(
    state: State, environment: Environment, type: ChangeType, revision: Revision
) -> set[str]:
    """Everybody who contributed to what is about to be proposed there."""
    texts = tuple(_asked_about(state, environment, revision))
    made_from = (
        (name, source, agreed)
        for name, _, agreed in texts
        for source in (environment.latest(name),)
        if source is not None and type in _MAKING
    )
    return contributors_to(state, (*texts, *made_from))


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
    environment = state.environments[change.environment]
    texts = tuple(_texts(change.revision))
    earlier = {
        document: digest
        for revised in change.revisions[:-1]
        for document, digest, _ in _texts(revised)
    }
    origins = state.origins
    again = {name for name, digest, _ in texts if (name, digest) in origins}
    for document, digest, base in texts:
        before = base or environment.latest(document)
        sources = [before if change.type in _MAKING else None]
        if document in earlier:
            sources.append(earlier[document])
        made = (Origin(by=change.revision.by, base=source) for source in sources)
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
        environment = state.environments[change.environment]
        texts = tuple(_asked_about(state, environment, change.revision))
        if documents.isdisjoint(name for name, _, _ in texts):
            continue
        found = contributors_to(state, texts) | {*change.contributors}
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


def _asked_about(
    state: State, environment: Environment, revision: Revision
) -> Iterator[tuple[Ref, Digest, Digest | None]]:
    """Each text that a vote is about, and what people have agreed to in its place."""
    pending = without_agreement(state, environment)
    bases = {edit.document: edit.base for edit in revision.edits}
    for name, digest, base in _texts(revision):
        held = bases.get(name)
        agreed = last_agreed(environment, pending, name, held) if held else base
        yield name, digest, agreed
    for one in revision.effect if revision.resumption is not None else ():
        live = environment.live.get(one.document)
        if live is not None and live.reading == one.before:
            agreed = last_agreed(environment, pending, one.document, live.base)
            yield one.document, live.document.digest, agreed


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
