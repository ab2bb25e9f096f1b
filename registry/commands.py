"""Commands: what somebody asks the registry to do.

A command is a value.  `registry.decide` says what comes of it; the writer is
the only one that carries that out.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.changes import Verdict
from registry.check_results import CheckResult
from registry.conditions import Condition
from registry.documents import Document
from registry.names import Digest, Ref
from registry.people import Person
from registry.person_commands import ConfirmPerson as ConfirmPerson
from registry.person_commands import RefusePerson as RefusePerson
from registry.person_commands import SetPerson as SetPerson
from registry.policies import Policy
from registry.ratification import Judgement


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
class RaiseEpoch:
    """Begin another epoch, after a backup was put back.

    Attributes:
        taken: When the backup was made, if that is known.
        known: How many events there are known to have been before.
    """

    taken: datetime | None
    known: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Documents to put in place, and documents to delete.

    Attributes:
        edited_from: For the documents that the author says it about, the
            digest that was live when the editing began, `None` for nothing.
        earliest: When it is to go live by itself, once it is agreed to.
    """

    title: str
    documents: tuple[Document, ...]
    deleted: tuple[Ref, ...]
    edited_from: tuple[tuple[Ref, Digest | None], ...]
    earliest: datetime | None = None


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
    edited_from: Digest | None = None
    earliest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote:
    """Propose what another environment has; bots come with everything they use.

    Attributes:
        expected: What somebody has read that it brings: each document's digest.
    """

    title: str
    source: str
    target: str
    documents: tuple[Ref, ...]
    earliest: datetime | None = None
    expected: tuple[tuple[Ref, Digest], ...] | None = None


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
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetCondition:
    """Say that the condition of `voter`'s approval is met."""

    change: int
    voter: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachCheck:
    """Attach what a pipeline found out about a change's content."""

    change: int
    result: CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveCheck:
    """Do without a required check, for exactly what is proposed now."""

    change: int
    review_digest: Digest
    check: str
    seat: str
    reason: str
    expires: datetime


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
class ActivateInEmergency:
    """Make a change live that was not agreed to, to be ratified afterwards.

    Attributes:
        incident: The id under which the incident is known.
    """

    change: int
    review_digest: Digest
    seat: str
    incident: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Vote on a ratification.

    Attributes:
        ratification: The number of the activation's event.
        activated: The digest of that event.
    """

    ratification: int
    activated: Digest
    judgement: Judgement
    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certify:
    """Say that a live document is still right, until its next review.

    Attributes:
        digest: Of the document that was looked at.
        seat: `None`: as its owner, deputy or risk partner.
    """

    environment: str
    document: Ref
    digest: Digest
    until: datetime
    seat: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """Put back what was live before.

    Attributes:
        scope: A bot with what it uses, one document, or `None` for all.
        to_seq: A seq to go back to; this, a moment or a version.
        undo: Instead of scope and target, the seq that is undone.
        propose: Open a change for it instead of doing it.
        expected_seq: The environment's when somebody read what this would do.
    """

    environment: str
    scope: Ref | None
    to_seq: int | None
    to_moment: datetime | None
    to_version: str | None
    propose: bool
    reason: str
    undo: int | None = None
    expected_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    environment: str
    bot: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """`expected_seq` is the environment's when somebody read what would come back."""

    environment: str
    bot: str
    title: str
    earliest: datetime | None = None
    expected_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    digest: Digest
    reason: str


Command = (
    Create
    | RaiseEpoch
    | SetPerson
    | ConfirmPerson
    | RefusePerson
    | Submit
    | Revise
    | SubmitPolicy
    | Promote
    | Comment
    | Vote
    | MeetCondition
    | AttachCheck
    | WaiveCheck
    | ClearVeto
    | Withdraw
    | Activate
    | ActivateInEmergency
    | Judge
    | Certify
    | Rollback
    | Stop
    | Resume
    | Recall
)
