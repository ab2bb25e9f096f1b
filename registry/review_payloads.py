"""Payloads of what is proposed, and of what people and pipelines say about it.

`registry.payloads` has the others, and the list of all.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.changes import ChangeType, Outcome, Revision, Verdict
from registry.check_results import CheckResult
from registry.conditions import Condition
from registry.names import Digest


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
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMet:
    """The condition of `voter`'s approval is met, says the event's actor."""

    change: int
    environment: str
    voter: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAttached:
    """A pipeline attached what it found out about a change's content."""

    change: int
    environment: str
    revision: int
    result: CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWaived:
    """A required check is done without, for one revision and until `expires`."""

    change: int
    environment: str
    revision: int
    review_digest: Digest
    check: str
    seat: str
    reason: str
    expires: datetime


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
