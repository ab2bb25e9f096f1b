"""Changes, as they come over the wire.

What each member means is told by the registry's own `registry.changes` and
`registry.standing`; here it is as it comes over the wire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.remote.checks import CheckStanding, Line, Waiver
from registry.remote.conditions import Condition, ConditionStanding
from registry.remote.ratifications import RatificationSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    digest: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """`digest` and `version` are `None` when it deletes the document."""

    document: str
    base: Base | None
    digest: str | None
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    document: str
    tier: str
    owners: tuple[str, ...]
    before: Base | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    name: str
    documents: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Somebody who could meet a requirement from a moment on."""

    handle: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Attributes:
    stalled: Whether those who could, now or later, are too few.
    """

    name: str
    seat: str | None
    count: int
    met: bool
    why: str
    by: tuple[str, ...]
    could: tuple[str, ...]
    because: tuple[str, ...]
    missing: tuple[str, ...]
    since: datetime | None
    later: tuple[Later, ...]
    stalled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    by: str
    at: datetime
    revision: int
    review_digest: str
    verdict: str
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
class Revision:
    number: int
    by: str
    at: datetime
    title: str
    review_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One thing that whoever asks could do.

    Attributes:
        about: Whose veto or condition it is, or which check.
        seats: In which of theirs; empty where it takes none.
    """

    act: str
    about: str | None
    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class You:
    """What whoever asks may do.

    Attributes:
        why_not: Why no seat may vote.
        sign_in_again: Why approving takes a new sign-in; `None` if it takes none.
        reason_needed: Whether approving takes a reason.
    """

    may_vote: tuple[str, ...]
    why_not: str | None
    could: tuple[Power, ...]
    sign_in_again: str | None
    reason_needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSummary:
    id: int
    environment: str
    type: str
    title: str
    author: str
    status: str
    opened_at: datetime
    expires: datetime
    earliest: datetime | None
    revision: int
    documents: tuple[str, ...]
    waiting_for: tuple[str, ...]
    blocks: tuple[Vote, ...]
    answers: str | None
    held_back: tuple[str, ...]
    is_overdue: bool
    tier: str
    decide_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOn:
    """What comes next for a change that cannot go live as it is.

    Attributes:
        act: `revise`, or what makes it again once it is withdrawn: `promote`,
            `roll-back`, `submit-policy`, `resume`.
        bot: The bot that is to answer again.
        said: In words.
    """

    act: str
    bot: str | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView(ChangeSummary):
    review_digest: str
    content: str
    stale_because: str | None
    is_agreed: bool
    way_on: WayOn | None
    tried_until: datetime | None
    why_not: str | None
    contributors: tuple[str, ...]
    edits: tuple[Edit, ...]
    effect: tuple[Affected, ...]
    facts: tuple[Fact, ...]
    requirements: tuple[Standing, ...]
    checks: tuple[Line, ...]
    required_checks: tuple[CheckStanding, ...]
    waivers: tuple[Waiver, ...]
    conditions: tuple[ConditionStanding, ...]
    votes: tuple[Vote, ...]
    comments: tuple[Comment, ...]
    revisions: tuple[Revision, ...]
    outcome: str | None
    closed_at: datetime | None
    closed_by: str | None
    seq: int | None
    ratification: RatificationSummary | None
    you: You


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeStale:
    """An open change that could not go live any more as it is.

    Attributes:
        document: What it collides with; `policy/<environment>` for the policy.
        why: What has become of that, in words.
        voters: Whose votes are lost.
    """

    change: int
    title: str
    author: str
    document: str | None
    why: str
    voters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationPreview:
    """What making a change live would do to others."""

    change: int
    environment: str
    makes_stale: tuple[MadeStale, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What happened, and where the environment is now.

    Attributes:
        event: Its number in the ledger.
        change: The change that it carried out, if there was one.
        ratification: What it has opened for people to agree to, if it has.
    """

    event: int
    environment: str
    seq: int
    change: int | None
    ratification: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Documents to put in place, as YAML, and documents to delete.

    Attributes:
        edited_from: The digest from which each was edited, `None` for nothing.
    """

    title: str
    sources: Sequence[str]
    deleted: Sequence[str]
    edited_from: Mapping[str, str | None]
    earliest: datetime | None = None

    def body(self) -> dict[str, object]:
        return {
            "title": self.title,
            "documents": [{"source": source} for source in self.sources],
            "deleted": list(self.deleted),
            "edited_from": dict(self.edited_from),
            "earliest": moment(self.earliest),
        }


def moment(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
