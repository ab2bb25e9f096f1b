"""Recalled content: what goes live, by its digests, so that nothing recalled does.

A digest is recalled of a document or of what is served for it.  Whatever takes
something live asks here: proposals, activations, emergencies, rollbacks and
resumptions; and so does whatever tells beforehand what an activation would refuse.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from rpds import HashTrieMap

from registry.changes import Change, Revision
from registry.effects import Documents, Effect, differs, live_document, used
from registry.environments import with_documents
from registry.errors import RecalledContent
from registry.names import Digest, Kind, Ref, ref
from registry.payloads import LiveDocument
from registry.state import Environment, Live, State


def contents_of(
    environment: Environment, change: Change, documents: Documents
) -> dict[Digest, str]:
    """What would go live with *change*, which is not stale, as it was proposed.

    It composes nothing: what something reads like is what the revision says of it.
    Where the policy does not bind that, it can be something else by now, which
    `incoming` finds when the change goes live.
    """
    revision = change.revision
    if revision.proposed_policy is not None:
        policy = f"this policy of {environment.name}"
        return {revision.proposed_policy.digest: policy}
    if revision.resumption is not None:
        bot = ref(Kind.BOT, revision.resumption.bot)
        return digests_of(environment.live, used(environment.live, (bot,)))
    return _incoming(
        environment,
        tuple(_as_proposed(environment, revision, documents)),
        tuple(one.document for one in revision.effect if one.after is None),
    )


def incoming(environment: Environment, outlook: Effect) -> dict[Digest, str]:
    """What would go live, and what that begins to use: digests, and what they are of.

    What it begins to use may be live already, and reaches others with it.
    """
    return _incoming(environment, outlook.documents, outlook.deleted)


def afterwards(environment: Environment, outlook: Effect) -> "HashTrieMap[Ref, Live]":
    """What would be live at the next seq."""
    return _afterwards(environment, outlook.documents, outlook.deleted)


def _incoming(
    environment: Environment,
    documents: tuple[LiveDocument, ...],
    deleted: tuple[Ref, ...],
) -> dict[Digest, str]:
    after = _afterwards(environment, documents, deleted)
    names = [document.document for document in documents]
    newly: set[Ref] = set()
    for document in documents:
        live = environment.live.get(document.document)
        newly.update(set(document.uses) - set(live.document.uses if live else ()))
    return digests_of(after, (*names, *used(after, newly)))


def _afterwards(
    environment: Environment,
    documents: tuple[LiveDocument, ...],
    deleted: tuple[Ref, ...],
) -> "HashTrieMap[Ref, Live]":
    return with_documents(environment.live, documents, deleted, environment.seq + 1)


def _as_proposed(
    environment: Environment, revision: Revision, documents: Documents
) -> Iterator[LiveDocument]:
    """The documents of the effect that would not be live as they are now."""
    edited = {edit.document: edit.digest for edit in revision.edits}
    for one in revision.effect:
        if one.after is None:
            continue
        digest = edited.get(one.document)
        document = (
            live_document(documents[digest], one.after)
            if digest is not None
            else replace(environment.live[one.document].document, composed=one.after)
        )
        if differs(environment, document):
            yield document


def digests_of(
    live: "HashTrieMap[Ref, Live]", names: Iterable[Ref]
) -> dict[Digest, str]:
    """Of each of *names* its own digest, and that of what is served for it.

    Returns:
        What each digest is of, for sentences.
    """
    found: dict[Digest, str] = {}
    for name in names:
        document = live[name].document
        called = f"{name} {document.version}"
        found[document.composed] = f"what is served for {called}"
        found[document.digest] = called
    return found


def recalled(state: State, contents: Mapping[Digest, str]) -> tuple[str, ...]:
    """What of *contents* was recalled, each in a sentence, with the reason."""
    return tuple(
        f"{called} was recalled: {state.recalled[digest]}"
        for digest, called in contents.items()
        if digest in state.recalled
    )


def refuse_recalled(state: State, contents: Mapping[Digest, str]) -> None:
    """Raises:
    RecalledContent: Something of *contents* was recalled.
    """
    for sentence in recalled(state, contents):
        raise RecalledContent(sentence)
