"""Changes: proposing, reading, deciding on and activating them.

What each member means is told by the registry's own `registry.changes` and
`registry.standing`; here it is as it comes over the wire.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.remote.checks import CheckStanding, Line, Waiver
from registry.remote.conditions import Condition, ConditionStanding
from registry.remote.connection import Connection, place
from registry.remote.differences import Difference
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
class Standing:
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
class You:
    """What whoever asks may do; `why_not` says why no seat may vote."""

    may_vote: tuple[str, ...]
    why_not: str | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView(ChangeSummary):
    review_digest: str
    content: str
    stale_because: str | None
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


class Changes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def submit(
        self, environment: str, proposal: Proposal, *, key: str | None = None
    ) -> ChangeView:
        """Args:
        key: An idempotency key; one is made up without.
        """
        body = {"environment": environment, **proposal.body()}
        return self._connection.post("/v1/changes", body, ChangeView, key=key)

    def revise(self, change: int, proposal: Proposal) -> ChangeView:
        return self._post(change, "revisions", proposal.body())

    def get(self, change: int) -> ChangeView:
        return self._connection.get(self._at(change), ChangeView)

    def list(
        self,
        *,
        environment: str | None = None,
        status: str | None = None,
        author: str | None = None,
        limit: int | None = None,
    ) -> Iterator[ChangeSummary]:
        """Newest first."""
        return self._connection.items(
            "/v1/changes",
            ChangeSummary,
            limit=limit,
            environment=environment,
            status=status,
            author=author,
        )

    def difference(self, change: int) -> Difference:
        return self._connection.get(self._at(change, "difference"), Difference)

    def vote(
        self,
        change: int,
        *,
        review_digest: str,
        verdict: str,
        seat: str,
        reason: str,
        condition: Condition | None = None,
    ) -> ChangeView:
        body = {
            "review_digest": review_digest,
            "verdict": verdict,
            "seat": seat,
            "reason": reason,
            "condition": condition,
        }
        return self._post(change, "votes", body)

    def meet(self, change: int, *, voter: str, note: str) -> ChangeView:
        """Say that the condition of *voter*'s approval is met."""
        return self._post(change, "conditions-met", {"voter": voter, "note": note})

    def clear_veto(self, change: int, *, veto_by: str, reason: str) -> ChangeView:
        body = {"veto_by": veto_by, "reason": reason}
        return self._post(change, "veto-clearances", body)

    def comment(self, change: int, text: str) -> ChangeView:
        return self._post(change, "comments", {"text": text})

    def activate(self, change: int, review_digest: str) -> Done:
        body = {"review_digest": review_digest}
        return self._connection.post(self._at(change, "activation"), body, Done)

    def activate_in_emergency(
        self, change: int, review_digest: str, *, seat: str, incident: str, reason: str
    ) -> Done:
        body = {
            "review_digest": review_digest,
            "seat": seat,
            "incident": incident,
            "reason": reason,
        }
        return self._connection.post(self._at(change, "emergency"), body, Done)

    def withdraw(self, change: int, reason: str) -> ChangeView:
        return self._post(change, "withdrawal", {"reason": reason})

    def _post(self, change: int, part: str, body: object) -> ChangeView:
        return self._connection.post(self._at(change, part), body, ChangeView)

    def _at(self, change: int, *parts: str) -> str:
        return place("v1", "changes", str(change), *parts)
