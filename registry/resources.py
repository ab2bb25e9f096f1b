"""What an act is about, for `registry.authorization`."""

from collections.abc import Iterable

from registry.authorization import Resource
from registry.changes import Change, Revision
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
    return of_revision(change, change.revision)


def of_revision(change: Change, revision: Revision) -> Resource:
    names = {name_of(edit.document) for edit in revision.edits}
    if revision.resumption is not None:
        names.add(revision.resumption.bot)
    return Resource(
        environment=change.environment,
        names=frozenset(names),
        authors=frozenset({change.author}),
    )


def of_effect(change: Change) -> Resource:
    """Everything that would read differently."""
    effect = change.revision.effect
    return of_documents(change.environment, (one.document for one in effect))


def of_bot(environment: str, bot: Document) -> Resource:
    """A bot, with those who answer for it: owner, deputy and on-call."""
    people = {bot.value.get(part) for part in ("owner", "deputy", "on_call")}
    return Resource(
        environment=environment,
        names=frozenset({name_of(bot.ref)}),
        answering=frozenset(one for one in people if isinstance(one, str)),
    )
