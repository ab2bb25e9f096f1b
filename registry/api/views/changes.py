"""A change as people see it: where it stands, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from registry.changes import (
    Affected,
    Change,
    ChangeType,
    Comment,
    Edit,
    Fact,
    Outcome,
    Status,
    Vote,
    blocks,
)
from registry.names import Digest, Kind, ref
from registry.people import SESSION, Identity
from registry.standing import Standing, requirements, stale_because, status
from registry.state import State

StatusAsked = Status | Literal["open"]
"""A status, or `open` for whatever can still be activated."""

_OPEN = {Status.WAITING, Status.APPROVED, Status.STALE}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSummary:
    """A change in a list.

    Attributes:
        title: That of the current revision.
        revision: The number of the current one.
        documents: What it edits; `policy/<environment>` for a policy.
        waiting_for: The seats that have not agreed yet.
        blocks: Votes that keep it back, whoever else agrees.
    """

    id: int
    environment: str
    type: ChangeType
    title: str
    author: str
    status: Status
    opened_at: datetime
    expires: datetime
    revision: int
    documents: tuple[str, ...]
    waiting_for: tuple[str, ...]
    blocks: tuple[Vote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionSummary:
    """One content that the change has had."""

    number: int
    by: str
    at: datetime
    title: str
    review_digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class You:
    """What whoever asks could do.

    Attributes:
        may_vote: The seats in which they could vote.
        why_not: Why there is none; `None` if there is one.
    """

    may_vote: tuple[str, ...]
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView(ChangeSummary):
    """A change, whole.

    Attributes:
        review_digest: What a vote, and an activation, has to name.
        stale_because: What has moved since; `None` if nothing has.
        contributors: Whose vote does not count.
        edits: What the current revision replaces.
        effect: Everything that would read differently.
        facts: What the edits do, where a policy may want to know it.
        requirements: Each one, met or not, and why.
        blocks: Votes that keep it from going live, whoever else agrees.
        seq: The one at which it went live.
    """

    review_digest: Digest
    stale_because: str | None
    contributors: tuple[str, ...]
    edits: tuple[Edit, ...]
    effect: tuple[Affected, ...]
    facts: tuple[Fact, ...]
    requirements: tuple[Standing, ...]
    votes: tuple[Vote, ...]
    comments: tuple[Comment, ...]
    revisions: tuple[RevisionSummary, ...]
    outcome: Outcome | None
    closed_at: datetime | None
    closed_by: str | None
    seq: int | None
    you: You


def summary(state: State, change: Change, now: datetime) -> ChangeSummary:
    revision = change.revision
    stands = status(state, change, now)
    waiting = requirements(state, change) if stands is Status.WAITING else ()
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
        revision=revision.number,
        documents=_documents(change),
        waiting_for=tuple(dict.fromkeys(missing)),
        blocks=blocks(change) if change.outcome is None else (),
    )


def view(state: State, change: Change, now: datetime, asking: Identity) -> ChangeView:
    """Args:
    asking: For whom `you` is.
    """
    short = summary(state, change, now)
    is_open = change.outcome is None
    revision = change.revision
    return ChangeView(
        **{field.name: getattr(short, field.name) for field in fields(short)},
        review_digest=revision.review_digest,
        stale_because=stale_because(state, change) if is_open else None,
        contributors=change.contributors,
        edits=revision.edits,
        effect=revision.effect,
        facts=revision.facts,
        requirements=requirements(state, change),
        votes=change.votes,
        comments=change.comments,
        revisions=tuple(
            RevisionSummary(
                number=one.number,
                by=one.by,
                at=one.at,
                title=one.title,
                review_digest=one.review_digest,
            )
            for one in change.revisions
        ),
        outcome=change.outcome,
        closed_at=change.closed_at,
        closed_by=change.closed_by,
        seq=change.seq,
        you=_you(state, change, now, asking),
    )


def newest_first(
    state: State,
    now: datetime,
    *,
    environment: str | None,
    status: StatusAsked | None,
    author: str | None,
    before: int | None,
) -> Iterator[ChangeSummary]:
    """The changes that fit everything that is given, with ids below *before*."""
    for number in _candidates(state, status, before):
        change = state.changes[number]
        if environment not in {None, change.environment}:
            continue
        if author not in {None, change.author}:
            continue
        found = summary(state, change, now)
        if status is None or _fits(found.status, status):
            yield found


def _candidates(
    state: State, status: StatusAsked | None, before: int | None
) -> Iterator[int]:
    """Only open changes where only those can fit: they are few."""
    below = len(state.changes) + 1 if before is None else before
    ended = {Status.ACTIVATED, Status.REJECTED, Status.WITHDRAWN}
    if status is None or status in ended:
        yield from range(min(below - 1, len(state.changes)), 0, -1)
    else:
        yield from sorted((n for n in state.open_changes if n < below), reverse=True)


def _fits(found: Status, asked: StatusAsked) -> bool:
    return found in _OPEN if asked == "open" else found is asked


def _documents(change: Change) -> tuple[str, ...]:
    revision = change.revision
    if change.type is ChangeType.POLICY:
        return (f"policy/{change.environment}",)
    if revision.resumption is not None:
        return (ref(Kind.BOT, revision.resumption.bot),)
    return tuple(edit.document for edit in revision.edits)


def _you(state: State, change: Change, now: datetime, asking: Identity) -> You:
    person = state.person(asking.handle)
    why_not = _why_not(change, now, asking, person.seats)
    if why_not is not None:
        return You(may_vote=(), why_not=why_not)
    asked = [r.seat for r in change.revision.requirements if r.seat in person.seats]
    seats = dict.fromkeys([*asked, *person.seats])
    return You(may_vote=tuple(seat for seat in seats if seat), why_not=None)


def _why_not(
    change: Change, now: datetime, asking: Identity, seats: tuple[str, ...]
) -> str | None:
    if change.outcome is not None:
        return f"It was {change.outcome} already."
    if now >= change.revision.expires:
        return "It has expired."
    if asking.via != SESSION:
        return "A token cannot vote."
    if asking.handle in change.contributors:
        return "You have contributed to it."
    if not seats:
        return "You hold no seat."
    return None
