"""Changes: what is proposed, who said what about it, and whether it may go live.

    open ---> activated
      |-----> rejected                   (final)
      `-----> withdrawn | expired

While open a change is also *stale*, *approved*, *scheduled* (approved, and to go
live by itself later), *suspended* (it could not go live when it was to) or
*waiting*; none of these is stored, because they follow from what is live, from
votes and from time.

The rules:

 * A vote counts only for the exact review digest that it names.  A revision
   has one review digest for ever; a new revision starts the voting again.
 * When anything that the digest binds has moved, the revision is stale for
   good, even when the content comes back: bases name the sequence number
   since which they are live, and that number does not come back.  What has no
   such number (that nothing of a name is live; who uses what, and its tier and
   owner) is noted as `moved` when it moves.
 * Nobody's vote counts on what they contributed to.
 * A vote is for one seat.  Whoever votes again replaces their vote, so one
   person never fills two seats of a change.
 * Asking for changes blocks the revision until the same person approves it.
 * A veto blocks every revision until whoever cast it, or somebody whose seat
   the policy names, clears it.

Nothing here reads a clock, a file or a database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.check_results import Attached, Waiver
from registry.conditions import Condition, ConditionMet
from registry.documents import Tier
from registry.names import Digest, Ref
from registry.policies import Matched, Policy
from registry.policy_rules import FactName


class ChangeType(StrEnum):
    """Why a change exists; it decides what may be in it."""

    EDIT = "edit"
    PROMOTION = "promotion"
    ROLLBACK = "rollback"
    POLICY = "policy"
    RESUME = "resume"


class Verdict(StrEnum):
    """What a vote says; `retract` takes one's own earlier vote back."""

    APPROVE = "approve"
    ASK = "ask-for-changes"
    VETO = "veto"
    REJECT = "reject"
    RETRACT = "retract"


class Outcome(StrEnum):
    """How a change ended."""

    ACTIVATED = "activated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Status(StrEnum):
    """How a change stands at one moment."""

    WAITING = "waiting"
    SCHEDULED = "scheduled"
    APPROVED = "approved"
    STALE = "stale"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    ACTIVATED = "activated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What was live when a revision was made: a digest, and since which seq."""

    digest: Digest
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One document of a proposal.

    Attributes:
        base: What it replaces; `None` when nothing of that name is live.
        digest: The proposed bytes; `None` deletes the document.
        version: `None` exactly when it deletes.
    """

    document: Ref
    base: Base | None
    digest: Digest | None
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A document that would read differently, or be governed differently.

    Attributes:
        tier: The stricter of before and after.
        owners: Before and after, sorted, each once.
        before: Composed digest and the seq since which it reads like that.
        after: Composed digest; `None` when the change deletes it.
    """

    document: Ref
    tier: Tier
    owners: tuple[str, ...]
    before: Base | None
    after: Digest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPin:
    """A policy's bytes, and the number of the event that put it in force."""

    digest: Digest
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A document that the effect reads without changing it."""

    document: Ref
    base: Base


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """A stopped bot, and the bundle that would come back.

    `stopped` is the seq of the stop that it ends.
    """

    bot: str
    stopped: int
    bundle: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPolicy:
    """The policy that would come into force, and its text with its digest."""

    policy: Policy
    source: str
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that the edits of a revision do.

    Attributes:
        documents: Where, sorted: edited documents.
        sentence: What exactly, for people.
    """

    name: FactName
    documents: tuple[Ref, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One content of a change, with everything that a vote for it binds.

    Attributes:
        number: 1 for the first.
        reads: What else the composed texts were made from; bound, like the
            composed digests, for the tiers that the policy names.
        strict: Whether the composed digests and `reads` are bound.
        requirements: Those of the policy in force (and of the proposed one).
        facts: What the edits do.  The review digest does not name them: they are
            found again when the change goes live, and it is stale if they are
            others.  A field with a default: events were written before it was there.
        compared: What the edits were compared with, to find the facts, that they
            do not touch: bound for every tier.  Another such field.
        earliest: It goes live by itself then, and not before; `None`: when
            somebody activates it.  Bound, and another such field.
    """

    number: int
    by: str
    at: datetime
    title: str
    edits: tuple[Edit, ...]
    effect: tuple[Affected, ...]
    reads: tuple[Read, ...]
    strict: bool
    policy: PolicyPin
    proposed_policy: ProposedPolicy | None
    resumption: Resumption | None
    requirements: tuple[Matched, ...]
    expires: datetime
    review_digest: Digest
    facts: tuple[Fact, ...] = ()
    compared: tuple[Read, ...] = ()
    earliest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Attributes:
    condition: What an approval still asks of somebody; `None` for nothing.
    """

    by: str
    at: datetime
    revision: int
    review_digest: Digest
    verdict: Verdict
    seat: str
    reason: str
    condition: Condition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    by: str
    at: datetime
    revision: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A proposed edit of one environment, whole: nothing is ever taken out.

    Attributes:
        contributors: Everybody who submitted a revision or contributed to
            what it takes over; it only grows.
        vetoes: Vetoes that have not been cleared.
        cleared_at: When the last one was that has; `None` if none has.
        attached: Results of checks, of every revision, oldest first.
        waivers: Of required checks, oldest first.
        met: Conditions of approvals that are met.
        moved: Why the current revision is stale for good, also where what is live
            has come back to what it was made on: true once it has.
        outcome: `None` while it is open.
    """

    id: int
    environment: str
    type: ChangeType
    revisions: tuple[Revision, ...]
    votes: tuple[Vote, ...]
    comments: tuple[Comment, ...]
    contributors: tuple[str, ...]
    vetoes: tuple[Vote, ...]
    cleared_at: datetime | None
    attached: tuple[Attached, ...]
    waivers: tuple[Waiver, ...]
    met: tuple[ConditionMet, ...]
    moved: str | None
    outcome: Outcome | None
    closed_at: datetime | None
    closed_by: str | None
    seq: int | None

    @property
    def revision(self) -> Revision:
        """The current revision."""
        return self.revisions[-1]

    @property
    def author(self) -> str:
        return self.revisions[0].by


def revisable(type: str) -> bool:
    """Only an edit can be revised; what else there is, is made again as a whole."""
    return type == ChangeType.EDIT


def made_current(type: str) -> str:
    """What its author does about a change that cannot go live as it is."""
    return "revise it" if revisable(type) else "withdraw it and make it again"


def contributors(people: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(people)))
