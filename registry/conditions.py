"""Conditions: an approval that somebody still has to do something for.

A condition has one person who answers for it and a day by which it is due.  It
does not hold the change back; when the day has passed and nobody has said that it
is met, it is overdue, by itself, and an alert.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Attributes:
    owner: The handle of whoever answers for it.
    due: From then on it is overdue unless it is met.
    """

    text: str
    owner: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMet:
    """Somebody said that the condition of `voter`'s vote is met."""

    voter: str
    by: str
    at: datetime
    note: str
