"""Recalled content: what goes live, by its digests, so that nothing recalled does.

A digest is recalled of a document or of what is served for it.  Whatever takes
something live asks here: proposals, activations, emergencies, rollbacks and
resumptions.
"""

from collections.abc import Iterable, Mapping

from rpds import HashTrieMap

from registry.effects import Effect, used
from registry.environments import with_documents
from registry.errors import RecalledContent
from registry.names import Digest, Ref
from registry.state import Environment, Live, State


def afterwards(environment: Environment, outlook: Effect) -> "HashTrieMap[Ref, Live]":
    """What would be live at the next seq."""
    return with_documents(
        environment.live, outlook.documents, outlook.deleted, environment.seq + 1
    )


def incoming(environment: Environment, outlook: Effect) -> dict[Digest, str]:
    """What would go live, and what that begins to use: digests, and what they are of.

    What it begins to use may be live already, and reaches others with it.
    """
    after = afterwards(environment, outlook)
    names = [document.document for document in outlook.documents]
    newly: set[Ref] = set()
    for document in outlook.documents:
        live = environment.live.get(document.document)
        newly.update(set(document.uses) - set(live.document.uses if live else ()))
    return digests_of(after, (*names, *used(after, newly)))


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
