"""Conditions of approvals, as they come over the wire."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Attributes:
    owner: The handle of whoever answers for it.
    """

    text: str
    owner: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMet:
    voter: str
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionStanding:
    """Attributes:
    voter: Whose approval it is; `seat` is what they voted as.
    owner: Who answers for it.
    status: `open`, `overdue` or `met`.
    """

    change: int
    environment: str
    title: str
    revision: int
    voter: str
    seat: str
    since: datetime
    text: str
    owner: str
    due: datetime
    status: str
    met: ConditionMet | None
