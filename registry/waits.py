"""What waits, and for whom: one thing, in the words of the list that it stands in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.changes import Change
from registry.documents import Tier
from registry.names import Ref
from registry.timing import strictest_tier


class WaitingFor(StrEnum):
    """What somebody is to do."""

    VOTE = "vote"
    APPOINTMENT = "appointment"
    VETO = "veto"
    REVISION = "revision"
    CHECK = "check"
    ACTIVATION = "activation"
    CONDITION = "condition"
    RATIFICATION = "ratification"
    REVIEW = "review"
    CONFIRMATION = "confirmation"
    SCHEDULE = "schedule"
    ALERT = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for somebody.

    Attributes:
        subject: What it is, in a sentence.
        since: When it began to wait.
        due: From then on it is late; `None` for never.
        change: So are the others only there where it is about one.
        voter: Whose approval has the condition, or whose veto it is.
        alert: Its number; `bot`, whose it is, if it is about one.
        why: Why it waits for whoever asks, or for whom it waits.
        is_stalled: Whether nobody could do it as things stand: before somebody holds
            a seat, or a role.
    """

    kind: WaitingFor
    environment: str | None
    subject: str
    tier: Tier | None
    since: datetime
    due: datetime | None
    is_late: bool
    change: int | None = None
    ratification: int | None = None
    document: Ref | None = None
    voter: str | None = None
    person: str | None = None
    alert: int | None = None
    bot: str | None = None
    why: str = ""
    asked: tuple[str, ...] = ()
    is_stalled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Attributes:
    reasons: Why it waits for each of those that it waits for, by handle.
    """

    waiting: Waiting
    reasons: Mapping[str, str]


def of_change(
    change: Change,
    kind: WaitingFor,
    *,
    since: datetime,
    due: datetime | None,
    is_late: bool = False,
    voter: str | None = None,
) -> Waiting:
    return Waiting(
        kind=kind,
        environment=change.environment,
        subject=change.revision.title,
        tier=strictest_tier(change),
        since=since,
        due=due,
        is_late=is_late,
        change=change.id,
        voter=voter,
    )
