"""A change as people see it: where it stands, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime

from registry.api.views.checks import checked, holding, unchecked
from registry.api.views.ratifications import RatificationSummary, of_change
from registry.api.views.yours import You, you
from registry.changes import (
    Affected,
    Change,
    ChangeType,
    Comment,
    Edit,
    Fact,
    Outcome,
    Revision,
    Status,
    Vote,
)
from registry.check_lines import Line
from registry.check_results import Waiver
from registry.conditional_votes import ConditionStanding, conditions_of
from registry.documents import Tier
from registry.effects import Documents
from registry.evidence import answers, content_of
from registry.held_back import AGREED
from registry.names import Digest, Kind, ref
from registry.open_changes import HeldBy
from registry.people import Identity
from registry.quorums import Standing
from registry.required_checks import CheckStanding
from registry.schedules import late_from
from registry.simulation import as_decided
from registry.staleness import stale_because
from registry.standing import is_agreed, requirements, status
from registry.state import State
from registry.timetable import why_not
from registry.timing import decide_by, strictest_tier
from registry.votes import blocks
from registry.ways_on import WayOn, way_on

_WAITING = {Status.WAITING, Status.SUSPENDED}
_NOT_AS_IT_IS = {Status.STALE, Status.SUSPENDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSummary:
    """A change in a list.

    Attributes:
        title: That of the current revision.
        earliest: When it goes live by itself, once it is agreed to; `None`: when
            somebody activates it.
        revision: The number of the current one.
        documents: What it edits; `policy/<environment>` for a policy.
        waiting_for: The seats that have not agreed yet.
        blocks: Votes that keep it back, whoever else agrees.
        answers: What was tried on what is proposed now, in one sentence; `None` for
            a policy.
        held_back: What keeps it from going live although everybody agrees, each in
            a few words.
        is_overdue: Whether the moment at which it was to go live by itself is over.
        tier: The strictest of all that would read differently.
        decide_by: From when on the decision is late; `None` for never.
    """

    id: int
    environment: str
    type: ChangeType
    title: str
    author: str
    status: Status
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
    tier: Tier
    decide_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionSummary:
    """One content that the change has had."""

    number: int
    by: str
    at: datetime
    title: str
    review_digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView(ChangeSummary):
    """A change, whole.

    Attributes:
        review_digest: What a vote, and an activation, has to name.
        content: What a result of a check has to name.
        stale_because: What has moved since; `None` if nothing has.
        is_agreed: Whether everybody agrees to it whom it takes: it goes live as soon as
            nothing else keeps it back.
        way_on: What comes next where it cannot go live as it is: because it is stale,
            or could not when it was to; else `None`.
        tried_until: Until when the registry tries to make it live by itself; `None`
            without a schedule.
        why_not: Why it cannot go live at this moment, as far as that is known without
            composing it; `None` if it can, or has been decided.
        contributors: Whose vote does not count.
        edits: What the current revision replaces.
        effect: Everything that would read differently.
        facts: What the edits do, where a policy may want to know it.
        requirements: Each one, met or not, and why; of what was decided, then; of what
            is stale without anybody who is asked.
        checks: What was looked at and tried, failures first.
        required_checks: Each one that the policy requires, met or not, and why.
        waivers: Who did without which check.
        conditions: Those of the votes that count, met, open or overdue.
        blocks: Votes that keep it from going live, whoever else agrees.
        seq: The one at which it went live.
        ratification: What going live has opened, if it has.
    """

    review_digest: Digest
    content: Digest
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
    revisions: tuple[RevisionSummary, ...]
    outcome: Outcome | None
    closed_at: datetime | None
    closed_by: str | None
    seq: int | None
    ratification: RatificationSummary | None
    you: You


def summary(
    state: State, change: Change, held_by: HeldBy, now: datetime
) -> ChangeSummary:
    revision = change.revision
    stands = status(state, change, now)
    waiting = requirements(state, change, now) if stands in _WAITING else ()
    missing = (one.seat for one in waiting if not one.met and one.seat is not None)
    return ChangeSummary(
        id=change.id,
        environment=change.environment,
        type=change.type,
        title=revision.title,
        author=change.author,
        status=stands,
        opened_at=change.revisions[0].at,
        expires=revision.expires,
        earliest=revision.earliest,
        revision=revision.number,
        documents=_documents(change),
        waiting_for=tuple(dict.fromkeys(missing)),
        blocks=blocks(change) if change.outcome is None else (),
        answers=answers(change),
        held_back=held_by(change) if stands in AGREED else (),
        is_overdue=change.outcome is None
        and revision.earliest is not None
        and now >= revision.earliest,
        tier=strictest_tier(change),
        decide_by=decide_by(state, change) if change.outcome is None else None,
    )


def view(
    state: State,
    change: Change,
    now: datetime,
    asking: Identity,
    documents: Documents,
) -> ChangeView:
    """Args:
    asking: For whom `you` is.
    documents: Every text there has been.
    """
    short = summary(state, change, holding(state, documents, now), now)
    is_open = change.outcome is None
    revision = change.revision
    tried = checked(state, change, documents, now)
    return ChangeView(
        **{field.name: getattr(short, field.name) for field in fields(short)},
        review_digest=revision.review_digest,
        content=content_of(revision),
        stale_because=stale_because(state, change) if is_open else None,
        is_agreed=short.status in AGREED
        or (
            short.status is Status.SUSPENDED
            and is_agreed(change, requirements(state, change, now))
        ),
        way_on=way_on(change) if short.status in _NOT_AS_IT_IS else None,
        tried_until=late_from(state.environments[change.environment].policy, revision),
        why_not=(why_not(state, change, now) or unchecked(change, tried.required))
        if is_open
        else None,
        contributors=change.contributors,
        edits=revision.edits,
        effect=revision.effect,
        facts=revision.facts,
        requirements=_asked(state, change, now),
        checks=tried.lines,
        required_checks=tried.required,
        waivers=change.waivers,
        conditions=conditions_of(change, now),
        votes=change.votes,
        comments=change.comments,
        revisions=tuple(map(_revision, change.revisions)),
        outcome=change.outcome,
        closed_at=change.closed_at,
        closed_by=change.closed_by,
        seq=change.seq,
        ratification=of_change(state, change, now),
        you=you(state, change, now, asking, documents),
    )


def _asked(state: State, change: Change, now: datetime) -> tuple[Standing, ...]:
    """Of what was decided, what had been agreed to then; nobody is asked any more.

    Nor is anybody asked about what is stale.
    """
    if change.outcome is not None and change.closed_at is not None:
        then = as_decided(state, change)
        why = f"Nobody had agreed so far when it was {change.outcome}."
        return _asking_nobody(requirements(then, change, change.closed_at), why)
    found = requirements(state, change, now)
    if stale_because(state, change) is None:
        return found
    return _asking_nobody(found, "It is stale: nobody is asked.")


def _asking_nobody(found: Iterable[Standing], why: str) -> tuple[Standing, ...]:
    """Args:
    why: What to say of those that are not met.
    """
    return tuple(
        one if one.met else replace(one, could=(), later=(), stalled=False, why=why)
        for one in found
    )


def _revision(one: Revision) -> RevisionSummary:
    return RevisionSummary(
        number=one.number,
        by=one.by,
        at=one.at,
        title=one.title,
        review_digest=one.review_digest,
    )


def _documents(change: Change) -> tuple[str, ...]:
    revision = change.revision
    if change.type is ChangeType.POLICY:
        return (f"policy/{change.environment}",)
    if revision.resumption is not None:
        return (ref(Kind.BOT, revision.resumption.bot),)
    return tuple(edit.document for edit in revision.edits)
