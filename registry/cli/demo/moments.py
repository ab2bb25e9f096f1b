"""When something happens in the story, told from the moment at which it is told.

What is long ago is told in working days: nobody votes on a Sunday, and a wait that a
policy asks for is never shortened by a weekend.  What is new is told in minutes.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAYS = 128
"""Working days of the story: about six months."""

_DAY = re.compile(r"\{day:([+-]\d+)\}")
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Day:
    """A time of the day, so many working days before today; 1 is the last one."""

    before: int
    clock: str

    def moment(self, now: datetime) -> datetime:
        hour, minute = map(int, self.clock.split(":"))
        day = _working_day(now.date(), self.before)
        return datetime.combine(day, time(hour, minute), tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ago:
    """So many minutes before now; less than the seven hours that follow on `Day(1)`."""

    minutes: int

    def moment(self, now: datetime) -> datetime:
        return now - timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Ahead:
    """So many whole days after today, at a time of that day."""

    days: int
    clock: str

    def moment(self, now: datetime) -> datetime:
        hour, minute = map(int, self.clock.split(":"))
        day = now.date() + timedelta(days=self.days)
        return datetime.combine(day, time(hour, minute), tzinfo=UTC)


When = Day | Ago | Ahead


def dated(text: str, now: datetime) -> str:
    """*text* with days in it: `{day:+41}` is in 41 days."""

    def told(match: re.Match[str]) -> str:
        return str(now.date() + timedelta(days=int(match[1])))

    return _DAY.sub(told, text)


def _working_day(today: date, before: int) -> date:
    day = today
    for _ in range(before):
        day -= timedelta(days=1)
        while day.weekday() > _FRIDAY:
            day -= timedelta(days=1)
    return day


def in_order(when: When) -> tuple[int, str, int]:
    """What sorts moments that are over, whenever now is."""
    match when:
        case Day(before=before, clock=clock):
            return -before, clock, 0
        case Ago(minutes=minutes):
            return 0, "", -minutes
        case Ahead(days=days, clock=clock):
            return days, clock, 0
