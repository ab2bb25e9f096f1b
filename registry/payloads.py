"""Payloads: what each type of event says, beside who and when.

An activation says of every document what is needed to apply it later: nothing
that is read from the ledger has to be parsed again to know what was live.
`docs/ledger.md` describes every type.
"""

from dataclasses import dataclass

from registry.changes import ChangeType, Outcome, Revision, Verdict
from registry.documents import Tier
from registry.names import Digest, Ref
from registry.people import Person
from registry.policies import Policy

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
class PersonSet:
    """Somebody was added, or their roles, seats or activity changed."""

    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A change was opened with its first revision.

    `contributors` has everybody whose work the revision takes over, and `by`.
    """

    change: int
    environment: str
    type: ChangeType
    revision: Revision
    contributors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    change: int
    environment: str
    revision: Revision
    contributors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented:
    change: int
    environment: str
    revision: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    change: int
    environment: str
    revision: int
    review_digest: Digest
    verdict: Verdict
    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VetoCleared:
    """`veto_by` cast it; the event's actor cleared it."""

    change: int
    environment: str
    veto_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A change ended without going live."""

    change: int
    environment: str
    outcome: Outcome
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
    """

    change: int | None
    environment: str
    seq: int
    restored: int | None
    reason: str
    documents: tuple[LiveDocument, ...]
    deleted: tuple[Ref, ...]
    bundles: tuple[BundleSet, ...]


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


Payload = (
    RegistryCreated
    | PersonSet
    | Submitted
    | Revised
    | Commented
    | Voted
    | VetoCleared
    | Closed
    | Activated
    | PolicyActivated
    | Stopped
    | Resumed
    | Recalled
)

TYPES: dict[str, type[Payload]] = {
    "registry-created": RegistryCreated,
    "person-set": PersonSet,
    "submitted": Submitted,
    "revised": Revised,
    "commented": Commented,
    "voted": Voted,
    "veto-cleared": VetoCleared,
    "closed": Closed,
    "activated": Activated,
    "policy-activated": PolicyActivated,
    "stopped": Stopped,
    "resumed": Resumed,
    "recalled": Recalled,
}
NAMES: dict[type[Payload], str] = {payload: name for name, payload in TYPES.items()}

MOVES = (Activated, Stopped, Resumed)
"""The payloads that take an environment to its next sequence number."""
