"""Commands: what somebody asks the registry to do.

A command is a value.  `registry.decide` says what comes of it; the writer is
the only one that carries that out.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

import rfc8785

from registry.changes import Verdict
from registry.documents import Document
from registry.names import Digest, Ref, digest_of
from registry.people import Person
from registry.policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """A policy as its author wrote it, and what it means."""

    source: bytes
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Begin a registry.

    Attributes:
        repository: A random id that no other registry has.
    """

    repository: str
    policies: tuple[PolicyText, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPerson:
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Documents to put in place, and documents to delete.

    Attributes:
        edited_from: For the documents that the author says it about, the
            digest that was live when the editing began, `None` for nothing.
    """

    title: str
    documents: tuple[Document, ...]
    deleted: tuple[Ref, ...]
    edited_from: tuple[tuple[Ref, Digest | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    environment: str
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    change: int
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPolicy:
    title: str
    text: PolicyText


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote:
    """Propose what another environment has.

    Attributes:
        documents: Bots come with everything they use.
    """

    title: str
    source: str
    target: str
    documents: tuple[Ref, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    change: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    change: int
    review_digest: Digest
    verdict: Verdict
    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearVeto:
    change: int
    veto_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    change: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activate:
    change: int
    review_digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """Put back what was live before.

    Attributes:
        scope: A bot with what it uses, one document, or `None` for all.
        to_seq: A seq to go back to; this, a moment or a version.
        propose: Open a change for it instead of doing it.
    """

    environment: str
    scope: Ref | None
    to_seq: int | None
    to_moment: datetime | None
    to_version: str | None
    propose: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    environment: str
    bot: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    environment: str
    bot: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    digest: Digest
    reason: str


Command = (
    Create
    | SetPerson
    | Submit
    | Revise
    | SubmitPolicy
    | Promote
    | Comment
    | Vote
    | ClearVeto
    | Withdraw
    | Activate
    | Rollback
    | Stop
    | Resume
    | Recall
)


def fingerprint(command: Command) -> Digest:
    """SHA-256 of everything that the command asks for."""
    return digest_of(rfc8785.dumps([type(command).__name__, _plain(command)]))


def _plain(value: object) -> Any:  # noqa: ANN401 (the shape of any JSON value)
    """*value* as JSON; texts that have a digest stand as it."""
    if isinstance(value, Document):
        return [value.ref, value.digest]
    if isinstance(value, PolicyText):
        return digest_of(value.source)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value
