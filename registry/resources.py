"""What an act is about, for `registry.authorization`."""

from collections.abc import Iterable

from registry.authorization import Resource
from registry.changes import Change
from registry.commands import Proposal
from registry.documents import Document
from registry.names import Ref, name_of


def of_documents(environment: str, documents: Iterable[Ref]) -> Resource:
    return Resource(environment=environment, names=frozenset(map(name_of, documents)))


def of_proposal(environment: str, proposal: Proposal) -> Resource:
    edited = (document.ref for document in proposal.documents)
    return of_documents(environment, (*edited, *proposal.deleted))


def of_change(change: Change) -> Resource:
    """Everything that the current revision edits, or resumes."""
    revision = change.revision
    names = {name_of(edit.document) for edit in revision.edits}
    if revision.resumption is not None:
        names.add(revision.resumption.bot)
    return Resource(
        environment=change.environment,
        names=frozenset(names),
        authors=frozenset(revised.by for revised in change.revisions),
    )


def each_of(change: Change) -> tuple[Resource, ...]:
    """Each document of the effect for itself; the environment where there is none."""
    found = tuple(
        of_documents(change.environment, (affected.document,))
        for affected in change.revision.effect
    )
    return found or (Resource(environment=change.environment),)


def of_bot(environment: str, bot: Document) -> Resource:
    """A bot, with those who answer for it: owner, deputy and on-call."""
    people = {bot.value.get(part) for part in ("owner", "deputy", "on_call")}
    return Resource(
        environment=environment,
        names=frozenset({name_of(bot.ref)}),
        answering=frozenset(one for one in people if isinstance(one, str)),
    )
