"""Ratification: people agree afterwards to what went live without them.

An emergency, and a rollback that could do harm, opens one.  Whoever the policy
would have asked has to ratify what went live, or repudiate it, by a deadline;
after it the ratification is overdue, by itself, until it is decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from registry.names import Digest
from registry.policies import Matched, Policy, match, policy_subject


class Judgement(StrEnum):
    """What a vote on a ratification says; `retract` takes one's own back."""

    RATIFY = "ratify"
    REPUDIATE = "repudiate"
    RETRACT = "retract"


class Ratified(StrEnum):
    """How a ratification ended."""

    RATIFIED = "ratified"
    REPUDIATED = "repudiated"


class RatificationStatus(StrEnum):
    """How a ratification stands at one moment."""

    OPEN = "open"
    OVERDUE = "overdue"
    RATIFIED = "ratified"
    REPUDIATED = "repudiated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What an activation says of the ratification that it opens.

    Attributes:
        why: Why it needs one, in sentences.
        incident: The incident's id, for an emergency; else `None`.
        requirements: Whom the policy would have asked.
        excluded: Who may not vote on it: the actor, and all contributors.
        due: From then on it is overdue.
    """

    why: tuple[str, ...]
    incident: str | None
    requirements: tuple[Matched, ...]
    excluded: tuple[str, ...]
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationVote:
    by: str
    at: datetime
    judgement: Judgement
    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratification:
    """One activation that has to be ratified.

    Attributes:
        id: The number of the activation's event.
        activated: The digest of that event: what a vote agrees to.
        seq: What the activation brought the environment to.
        change: `None` for a rollback.
        by: Who activated.
        votes: Every vote, oldest first; of each person the last one counts.
        outcome: `None` while it is open.
    """

    id: int
    activated: Digest
    environment: str
    seq: int
    change: int | None
    by: str
    at: datetime
    opened: Opened
    votes: tuple[RatificationVote, ...]
    outcome: Ratified | None
    closed_at: datetime | None


def is_overdue(ratification: Ratification, now: datetime) -> bool:
    return ratification.outcome is None and now >= ratification.opened.due


def asked_afterwards(policy: Policy, asked: Iterable[Matched]) -> tuple[Matched, ...]:
    """Whom of *asked* there is to ask; nobody where the policy asks nobody.

    What no requirement covers is nobody's, so that it falls to those who agree to
    the policy itself.
    """
    asked = tuple(asked)
    found = [one for one in asked if one.seat is not None]
    for bare in (one for one in asked if not one.covered):
        subjects = [policy_subject(policy.environment)]
        governing = [one for one in match(policy, subjects) if one.seat is not None]
        found += [replace(one, because=bare.because) for one in governing] or [bare]
    return tuple(dict.fromkeys(found))


def status_of(ratification: Ratification, now: datetime) -> RatificationStatus:
    if ratification.outcome is not None:
        return RatificationStatus(ratification.outcome)
    overdue = is_overdue(ratification, now)
    return RatificationStatus.OVERDUE if overdue else RatificationStatus.OPEN
