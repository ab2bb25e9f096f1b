"""Upkeep: which live documents are due for review, and what has lapsed.

The rules:

 * A document is certified by those who agreed to it, until the day that it names
   itself, and by a certification, until the moment that this names; the latest counts.
   Then it is *lapsed*; some days before, as the policy says, it is *due*.
 * Whoever answers for a document answers for it where it is live, and certifies it
   there and nowhere else.  What was certified in a seat is certified in another
   environment as the same bytes, where that seat reviews, too, and whoever certified
   it speaks for it.
 * Nothing that has lapsed stops being live.  Where the policy says `block`, nothing
   lapsed is proposed or activated, not even a promotion of it, before somebody has
   certified it or a new version names a later day.  A rollback, a stop and an
   emergency go through: going back is told about, and never refused for this.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from registry.answerable import Answering, SaidBy, answering, missing, said_of
from registry.decisions import Situation
from registry.documents import Document, Tier
from registry.errors import Conflict
from registry.names import Digest, Ref, kind_of
from registry.policies import Policy
from registry.policy_rules import Lapsed, ReviewRule
from registry.seats import speaks
from registry.state import Certified, Environment, Live, State

NOTICE_DAYS = 30
"""Where no rule of the policy says how many."""


class ReviewStatus(StrEnum):
    """How the review of a live document stands."""

    CERTIFIED = "certified"
    DUE = "due"
    LAPSED = "lapsed"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One live document, and when somebody has to look at it again.

    Attributes:
        status: `none` if nothing says when.
        due: From then on it is lapsed.
        notice_from: From then on it is due.
        blocks: Whether it cannot go live again once it has lapsed.
        seats: Who may certify it beside those who answer for it.
        certified: Of what certifies these bytes there what lasts longest.
        unowned: Who is to answer for it and cannot, in sentences.
    """

    environment: str
    document: Ref
    version: str
    digest: Digest
    tier: Tier
    status: ReviewStatus
    due: datetime | None
    notice_from: datetime | None
    blocks: bool
    seats: tuple[str, ...]
    answering: Answering
    certified: Certified | None
    unowned: tuple[str, ...]


def rule_for(policy: Policy, tier: Tier) -> ReviewRule:
    """The rules of *policy* for *tier*, as one; the strictest of each counts."""
    rules = [one for one in policy.reviews if not one.tiers or tier in one.tiers]
    is_blocking = any(one.lapsed is Lapsed.BLOCK for one in rules)
    return ReviewRule(
        tiers=(tier,),
        notice_days=max((one.notice_days for one in rules), default=NOTICE_DAYS),
        lapsed=Lapsed.BLOCK if is_blocking else Lapsed.WARN,
        seats=tuple(sorted({seat for one in rules for seat in one.seats})),
    )


def reviews(
    state: State, environment: Environment, said_by: SaidBy, now: datetime
) -> Iterator[Review]:
    """The review of everything that is live there, in no order."""
    for live in environment.live.values():
        yield review(state, environment, live, said_by, now)


def review(
    state: State, environment: Environment, live: Live, said_by: SaidBy, now: datetime
) -> Review:
    document = live.document
    rule = rule_for(environment.policy, document.tier)
    said = said_by(document.digest)
    found = _certified(
        state, environment, document.document, document.digest, rule, now
    )
    due = _later(said.review_before, found)
    notice = None if due is None else due - timedelta(days=rule.notice_days)
    return Review(
        environment=environment.name,
        document=document.document,
        version=document.version,
        digest=document.digest,
        tier=document.tier,
        status=_status(due, notice, now),
        due=due,
        notice_from=notice,
        blocks=rule.lapsed is Lapsed.BLOCK,
        seats=rule.seats,
        answering=answering(environment, document.document, said_by),
        certified=max(found, key=lambda one: one.until, default=None),
        unowned=missing(document.owner, said, kind_of(document.document), state.people),
    )


def is_dated(state: State, live: Live, said_by: SaidBy) -> bool:
    """Whether anything says when it is to be reviewed."""
    document = live.document
    return said_by(document.digest).review_before is not None or any(
        (name, document.document) in state.certified for name in state.environments
    )


def lapsed_reviews(
    state: State,
    environment: Environment,
    documents: Iterable[Document | None],
    now: datetime,
    *,
    blocking: bool = False,
) -> tuple[str, ...]:
    """Which of *documents* are overdue for review if they go live there, and why.

    Args:
        blocking: Only where the policy says that it does not go live then.
    """
    found = []
    for document in documents:
        if document is None:
            continue
        rule = rule_for(environment.policy, document.tier)
        due = _later(
            said_of(document).review_before,
            _certified(state, environment, document.ref, document.digest, rule, now),
        )
        blocks = rule.lapsed is Lapsed.BLOCK
        if due is not None and now >= due and (blocks or not blocking):
            found.append(
                f"{document.ref} {document.version}: its review is overdue since "
                f"{due:%Y-%m-%d}"
            )
    return tuple(found)


def refuse_lapsed_reviews(
    situation: Situation,
    environment: Environment,
    documents: Iterable[Document | None],
) -> None:
    """Raises:
    Conflict: One of *documents* has to be certified first.
    """
    state, now = situation.state, situation.now
    found = lapsed_reviews(state, environment, documents, now, blocking=True)
    if found:
        raise Conflict(
            f"{environment.name} takes nothing whose review is overdue: "
            + "; ".join(found),
            hint="Write a later `review_by`, or have it certified (`placet certify`), "
            "there, or in a seat that reviews there where the same is live.",
        )


def _status(
    due: datetime | None, notice: datetime | None, now: datetime
) -> ReviewStatus:
    if due is None or notice is None:
        return ReviewStatus.NONE
    if now >= due:
        return ReviewStatus.LAPSED
    return ReviewStatus.DUE if now >= notice else ReviewStatus.CERTIFIED


def _later(named: datetime | None, found: Iterable[Certified]) -> datetime | None:
    moments = [one.until for one in found]
    return max([*moments, *([named] if named else [])], default=None)


def _certified(
    state: State,
    environment: Environment,
    document: Ref,
    digest: Digest,
    rule: ReviewRule,
    now: datetime,
) -> tuple[Certified, ...]:
    """What certifies exactly these bytes in *environment*."""
    here = state.certified.get((environment.name, document))
    elsewhere = (
        one
        for name in state.environments
        if name != environment.name
        and (one := state.certified.get((name, document))) is not None
        and one.seat in rule.seats
        and speaks(
            state,
            one.by,
            one.seat,
            environment=environment.name,
            because=(document,),
            now=now,
        )
    )
    found = (here, *elsewhere)
    return tuple(one for one in found if one is not None and one.digest == digest)
