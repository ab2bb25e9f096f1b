"""Recalled content: what goes live, by its digests, so that nothing recalled does.

A digest is recalled of a document or of what is served for it.  Whatever takes
something live asks here: proposals, activations, emergencies, rollbacks and
resumptions.
"""

from collections.abc import Iterable

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


def incoming(environment: Environment, outlook: Effect) -> tuple[Digest, ...]:
    """The digests of what would go live, and of what that begins to use.

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
) -> tuple[Digest, ...]:
    """Of each of *names* its own digest, and that of what is served for it."""
    documents = (live[name].document for name in names)
    return tuple(digest for d in documents for digest in (d.digest, d.composed))


def refuse_recalled(state: State, digests: Iterable[Digest]) -> None:
    """Raises:
    RecalledContent: One of *digests* was recalled.
    """
    for digest in digests:
        if digest in state.recalled:
            raise RecalledContent(f"{digest} was recalled: {state.recalled[digest]}")
