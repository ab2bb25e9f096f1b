"""Times as sentences say them: to the minute, in UTC, and with UTC said.

* A moment is `2026-05-03 14:07 UTC`.
* What ends or is due when a day is over is said by that day, which is still in time:
  what ends at midnight after 31 December is due `2026-12-31`.

Answers for programs have times exactly, and nothing of this.
"""

from datetime import UTC, date, datetime, time, timedelta


def said(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def said_exactly(moment: datetime) -> str:
    """To the second, where seconds tell moments apart."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def said_end(moment: datetime) -> str:
    """*moment* as the end of something: the last day, where it is over with a day."""
    day = last_day(moment)
    return day.isoformat() if end_of(day) == moment else said(moment)


def last_day(moment: datetime) -> date:
    """The last day, in UTC, that is over at *moment*."""
    return moment.astimezone(UTC).date() - timedelta(days=1)


def end_of(day: date) -> datetime:
    """When *day* is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)
