"""Ratifications: what people have to agree to afterwards, as it comes over the wire."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationSummary:
    """Attributes:
    id: The number of the activation's event.
    change: `None` for a rollback.
    incident: `None` but for an emergency.
    status: `open`, `overdue`, `ratified` or `repudiated`.
    """

    id: int
    environment: str
    seq: int
    change: int | None
    title: str
    by: str
    at: datetime
    status: str
    incident: str | None
    why: tuple[str, ...]
    due: datetime
    waiting_for: tuple[str, ...]
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationVote:
    by: str
    at: datetime
    judgement: str
    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """The seats in which whoever asks could judge it, or why there is none.

    Attributes:
        sign_in_again: Why ratifying takes a new sign-in; `None` if it takes none.
        reason_needed: Whether ratifying takes a reason.
    """

    seats: tuple[str, ...]
    why_not: str | None
    sign_in_again: str | None
    reason_needed: bool
