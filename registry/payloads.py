"""Payloads: what each type of event says, beside who and when.

An activation says of every document what is needed to apply it later: nothing
that is read from the ledger has to be parsed again to know what was live.
`docs/ledger.md` describes every type.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.documents import Tier
from registry.names import Digest, Ref
from registry.people import Person
from registry.policies import Policy
from registry.ratification import Judgement, Opened, Ratified
from registry.review_payloads import (
    CheckAttached,
    CheckWaived,
    Closed,
    Commented,
    ConditionMet,
    Revised,
    Submitted,
    VetoCleared,
    Voted,
)

FORMAT = 1
"""Format of events, of their payloads and of composed bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentPolicy:
    environment: str
    policy: Policy
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryCreated:
    """The first event of every ledger."""

    format: int
    repository: str
    epoch: int
    environments: tuple[EnvironmentPolicy, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRaised:
    """A backup was put back: what came after it in the epoch before is gone.

    Attributes:
        epoch: The one that begins.
        taken: When the backup was made; `None` where nobody said.
        known: How many events there had been before it was put back, as far as
            anybody could tell then; `None` where nobody could.
    """

    epoch: int
    taken: datetime | None
    known: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSet:
    """Somebody was added, or their roles, seats or activity changed.

    Attributes:
        proposed: The number of the event in which another administrator asked
            for it; `None` where nothing was given.  Older events lack it.
    """

    person: Person
    proposed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProposed:
    """An administrator asked another one to let somebody hold something."""

    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRefused:
    """What was asked for somebody in the event `proposed` was not given."""

    handle: str
    proposed: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDocument:
    """A document as an activation leaves it.

    Attributes:
        uses: What it includes or refers to, sorted.
        composed: Digest of what is served for it, includes resolved.
    """

    document: Ref
    version: str
    digest: Digest
    owner: str
    tier: Tier
    uses: tuple[Ref, ...]
    composed: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSet:
    """What one bot is told from this seq on.

    Attributes:
        bundle: `None` when the bot was deleted.
        floor: Conversations on a lower seq have to end.
        stopped: The reason, while the bot is stopped.
        stopped_at: The seq of the stop, while the bot is stopped.
    """

    bot: str
    bundle: Digest | None
    floor: int
    stopped: str | None
    stopped_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """Documents of one environment went live, together, at one seq.

    Attributes:
        change: `None` for a rollback that needed no vote.
        restored: The seq that a rollback goes back to, else `None`.
        documents: Replaced ones, and those that read differently because of
            them.
        deleted: Documents that stopped being live.
        bundles: Every bot that is told something else from now on.
        ratification: What people have to agree to afterwards; `None` where they
            need not.  Older events lack it.
    """

    change: int | None
    environment: str
    seq: int
    restored: int | None
    reason: str
    documents: tuple[LiveDocument, ...]
    deleted: tuple[Ref, ...]
    bundles: tuple[BundleSet, ...]
    ratification: Opened | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyActivated:
    change: int
    environment: str
    policy: Policy
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    environment: str
    seq: int
    reason: str
    bundle: BundleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    change: int
    environment: str
    seq: int
    bundle: BundleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    digest: Digest
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Somebody voted on the ratification of an activation.

    Attributes:
        ratification: The number of the activation's event.
        activated: The digest of that event.
        outcome: What this vote decided; `None` while more are needed.
    """

    ratification: int
    environment: str
    activated: Digest
    judgement: Judgement
    seat: str
    reason: str
    outcome: Ratified | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Somebody who answers for a live document says that it is still right.

    Attributes:
        seat: `None` for its owner, deputy or risk partner.
    """

    environment: str
    document: Ref
    digest: Digest
    until: datetime
    seat: str | None
    reason: str


Payload = (
    RegistryCreated
    | PersonSet
    | PersonProposed
    | PersonRefused
    | Submitted
    | Revised
    | Commented
    | Voted
    | ConditionMet
    | CheckAttached
    | CheckWaived
    | VetoCleared
    | Closed
    | Activated
    | PolicyActivated
    | Stopped
    | Resumed
    | Recalled
    | Judged
    | Certified
    | EpochRaised
)

TYPES: dict[str, type[Payload]] = {
    "registry-created": RegistryCreated,
    "person-set": PersonSet,
    "person-proposed": PersonProposed,
    "person-refused": PersonRefused,
    "submitted": Submitted,
    "revised": Revised,
    "commented": Commented,
    "voted": Voted,
    "condition-met": ConditionMet,
    "check-attached": CheckAttached,
    "check-waived": CheckWaived,
    "veto-cleared": VetoCleared,
    "closed": Closed,
    "activated": Activated,
    "policy-activated": PolicyActivated,
    "stopped": Stopped,
    "resumed": Resumed,
    "recalled": Recalled,
    "judged": Judged,
    "certified": Certified,
    "epoch-raised": EpochRaised,
}
NAMES: dict[type[Payload], str] = {payload: name for name, payload in TYPES.items()}

MOVES = (Activated, Stopped, Resumed)
"""The payloads that take an environment to its next sequence number."""
