"""The evidence of one change: what was proposed, who agreed to it, what became of it.

* Every revision is told, and every vote, also those that do not count.
* A vote counts if it is its caster's last one on the last revision's review digest
  and not a contributor's.
* What became of it: each document that it put in place, until something else took
  its place, it was deleted or its digest was recalled.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.changes import Change, Revision
from registry.check_results import CheckResult
from registry.conditions import Condition
from registry.evidence import is_counted
from registry.evidence_packs.acts import (
    Act,
    Asked,
    Seen,
    WentLive,
    act_of,
    asked_of,
    went_live,
)
from registry.evidence_packs.fates import Fate, fates
from registry.evidence_packs.history import Agreement, History, change_of
from registry.evidence_packs.holders import InForce, policies
from registry.evidence_packs.signed import Record
from registry.names import Digest
from registry.payloads import Judged
from registry.ratification import Opened, status_of
from registry.review_payloads import (
    CheckAttached,
    CheckWaived,
    Commented,
    ConditionMet,
    Revised,
    Submitted,
    Voted,
)
from registry.standing import requirements, status
from registry.votes import counting_votes


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionMade:
    act: Act
    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCast:
    """Attributes:
    met: The act that says that the vote's condition is met.
    """

    act: Act
    revision: int
    review_digest: Digest
    verdict: str
    seat: str
    counts: bool
    condition: Condition | None
    met: Act | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMade:
    act: Act
    revision: int
    counts: bool
    result: CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverMade:
    act: Act
    check: str
    revision: int
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationMade:
    """Attributes:
    status: When the last signed event happened.
    """

    opened: Opened
    votes: tuple[Act, ...]
    status: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvidence:
    """Attributes:
    status: When the last signed event happened.
    asked: Every requirement, as it stood when the change went live; else as it
        stood then.
    policies: Those that its revisions were made under, and its activation.
    """

    change: int
    environment: str
    type: str
    title: str
    status: str
    contributors: tuple[str, ...]
    revisions: tuple[RevisionMade, ...]
    policies: tuple[InForce, ...]
    asked: tuple[Asked, ...]
    votes: tuple[VoteCast, ...]
    checks: tuple[CheckMade, ...]
    waivers: tuple[WaiverMade, ...]
    comments: tuple[Act, ...]
    live: WentLive | None
    ratification: RatificationMade | None
    fate: tuple[Fate, ...]
    acts: tuple[Act, ...]


def change_evidence(
    history: History, number: int, seen: Sequence[Seen]
) -> ChangeEvidence:
    """Raises:
    NotFound: There is no such change among the events that are signed.
    """
    state = history.state
    change = state.change(number)
    records = [one for one in history.records if change_of(one.event) == number]
    now = history.records[-1].at
    live = next((r for r in records if r.number in history.agreements), None)
    agreement = history.agreements[live.number] if live else None
    asked = agreement or Agreement(
        approved=None, asked=requirements(state, change, now)
    )
    since = {one.policy.since for one in change.revisions}
    return ChangeEvidence(
        change=number,
        environment=change.environment,
        type=change.type,
        title=change.revision.title,
        status=status(state, change, now),
        contributors=change.contributors,
        revisions=tuple(_revisions(records)),
        policies=policies(
            history, change.environment, lambda begin, _: begin.number in since
        ),
        asked=asked_of(asked),
        votes=tuple(_votes(change, records)),
        checks=tuple(_checks(change, records)),
        waivers=tuple(_waivers(records)),
        comments=_acts(records, Commented),
        live=went_live(history, live, seen) if live else None,
        ratification=_ratification(history, live, now) if live else None,
        fate=tuple(fates(history, change, live)) if live else (),
        acts=tuple(act_of(record) for record in records),
    )


def _acts(records: Iterable[Record], of: type[object]) -> tuple[Act, ...]:
    return tuple(act_of(one) for one in records if isinstance(one.event.payload, of))


def _revisions(records: list[Record]) -> Iterator[RevisionMade]:
    for one in records:
        if isinstance(one.event.payload, Submitted | Revised):
            yield RevisionMade(act=act_of(one), revision=one.event.payload.revision)


def _votes(change: Change, records: list[Record]) -> Iterator[VoteCast]:
    counting = {(vote.by, vote.at) for vote in counting_votes(change)}
    met = {
        one.event.payload.voter: one
        for one in records
        if isinstance(one.event.payload, ConditionMet)
    }
    for one in records:
        payload = one.event.payload
        if not isinstance(payload, Voted):
            continue
        by = one.event.actor.handle
        counts = (by, one.at) in counting
        condition = payload.condition
        done = met.get(by) if condition is not None and counts else None
        yield VoteCast(
            act=act_of(one),
            revision=payload.revision,
            review_digest=payload.review_digest,
            verdict=payload.verdict,
            seat=payload.seat,
            counts=counts,
            condition=condition,
            met=None if done is None else act_of(done),
        )


def _checks(change: Change, records: list[Record]) -> Iterator[CheckMade]:
    attached = iter(change.attached)
    for one in records:
        if isinstance(one.event.payload, CheckAttached):
            yield CheckMade(
                act=act_of(one),
                revision=one.event.payload.revision,
                counts=is_counted(change, next(attached)),
                result=one.event.payload.result,
            )


def _waivers(records: list[Record]) -> Iterator[WaiverMade]:
    for one in records:
        payload = one.event.payload
        if isinstance(payload, CheckWaived):
            yield WaiverMade(
                act=act_of(one),
                check=payload.check,
                revision=payload.revision,
                expires=payload.expires,
            )


def _ratification(
    history: History, live: Record, now: datetime
) -> RatificationMade | None:
    found = history.state.ratifications.get(live.number)
    if found is None:
        return None
    votes = tuple(
        act_of(one)
        for one in history.records
        if isinstance(one.event.payload, Judged)
        and one.event.payload.ratification == live.number
    )
    return RatificationMade(
        opened=found.opened,
        votes=votes,
        status=status_of(found, now),
        closed_at=found.closed_at,
    )
