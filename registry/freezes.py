"""Freeze windows: times in which nothing goes live.

* A window is between two moments, or comes back every week: `2026-12-20 18:00`,
  or `fri 16:00`.  Its times are those of a clock on the wall in its time zone,
  and it ends before the moment that it names.
* Where the clock is set back, a time comes twice: a window begins at the first and
  ends at the second.  Where it is set forward, a time is missing: it is read as if
  the clock had been set before for a beginning, and after for an end.  So a window
  is never shorter than it reads.
* While any window that is about a document is open, that document is frozen:
  windows add up, and none opens what another closes.
* A stop, a rollback and an emergency are never frozen.  Nor is a policy: it goes
  live nowhere, and it alone can end a freeze early.

Time zones come with the package `tzdata`, the same on every machine.  Nothing here
reads a clock.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from registry.errors import Invalid
from registry.name_patterns import fits_any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WEEKLY = re.compile(r"([a-z]+) ([0-9]{2}):([0-9]{2})")
_ONCE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
_WEEK = timedelta(days=7)
_MAX_STEPS = 100
_YEARS = range(2000, 2201)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """One window.

    Attributes:
        zone: An IANA time zone, such as `Europe/Copenhagen`.
        start: `YYYY-MM-DD HH:MM`, or `ddd HH:MM` for every week.
        end: Of the same form.
        names: Patterns over names; empty for every document.
    """

    name: str
    zone: str
    start: str
    end: str
    names: tuple[str, ...]

    def concerns(self, name: str) -> bool:
        return not self.names or fits_any(self.names, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWindow:
    """A window that is open, of what, and until when.

    Attributes:
        names: The documents that it freezes, of those that were asked about.
        until: In UTC; it is over then.
    """

    freeze: Freeze
    names: tuple[str, ...]
    until: datetime


def open_windows(
    freezes: Iterable[Freeze], names: Iterable[str], at: datetime
) -> tuple[OpenWindow, ...]:
    """The windows that freeze any of *names* at that moment."""
    names = tuple(names)
    found = []
    for freeze in freezes:
        frozen = tuple(sorted({name for name in names if freeze.concerns(name)}))
        until = _open_until(freeze, at) if frozen else None
        if until is not None:
            found.append(OpenWindow(freeze=freeze, names=frozen, until=until))
    return tuple(found)


def thaws_at(
    freezes: Iterable[Freeze], names: Iterable[str], at: datetime
) -> datetime | None:
    """From when on none of *names* is frozen, *at* itself if none is now.

    `None` when windows follow each other without end.
    """
    freezes, names = tuple(freezes), tuple(names)
    for _ in range(_MAX_STEPS):
        found = open_windows(freezes, names, at)
        if not found:
            return at
        at = max(window.until for window in found)
    return None


def check_freeze(freeze: Freeze) -> None:
    """Raises:
    Invalid: Its zone or its times do not exist, or it ends before it starts.
    """
    if freeze.zone not in zones():
        raise Invalid(
            f"there is no time zone {freeze.zone!r}",
            hint="Name one of the IANA time zones, such as Europe/Copenhagen or UTC.",
        )
    start, end = _wall(freeze.start), _wall(freeze.end)
    if isinstance(start, datetime) is not isinstance(end, datetime):
        raise Invalid(
            f"{freeze.start!r} and {freeze.end!r} are of two forms",
            hint="Give both a date, or both a day of the week.",
        )
    if start == end:
        raise Invalid(
            "it ends when it starts", hint="Let it end at least a minute later."
        )
    if isinstance(start, datetime) and isinstance(end, datetime) and end < start:
        raise Invalid(
            f"it ends at {freeze.end}, before it starts at {freeze.start}",
            hint="Exchange the two, or correct the date.",
        )


@cache
def zones() -> frozenset[str]:
    """Every time zone that can be named."""
    listed = resources.files("tzdata").joinpath("zones").read_text("ascii")
    return frozenset(listed.split())


def _open_until(freeze: Freeze, at: datetime) -> datetime | None:
    ends = [end for start, end in _around(freeze, at) if start <= at < end]
    return max(ends, default=None)


def _around(freeze: Freeze, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every opening that *at* could fall into, in UTC."""
    zone = _zone(freeze.zone)
    start, end = _wall(freeze.start), _wall(freeze.end)
    if isinstance(start, datetime) and isinstance(end, datetime):
        yield _first(start, zone), _last(end, zone)
        return
    assert isinstance(start, timedelta)  # noqa: S101 (narrows: both are weekly)
    assert isinstance(end, timedelta)  # noqa: S101
    lasts = (end - start) % _WEEK
    local = at.astimezone(zone).replace(tzinfo=None)
    monday = datetime(local.year, local.month, local.day) - timedelta(  # noqa: DTZ001
        days=local.weekday()
    )
    for week in (monday - _WEEK, monday, monday + _WEEK):
        yield _first(week + start, zone), _last(week + start + lasts, zone)


@lru_cache(maxsize=256)
def _wall(text: str) -> datetime | timedelta:
    """A moment on the wall, or how long after Monday's midnight it comes.

    Raises:
        Invalid: It is neither.
    """
    weekly = _WEEKLY.fullmatch(text)
    if weekly is not None:
        return _weekly(text, *weekly.groups())
    if not _ONCE.fullmatch(text):
        raise Invalid(
            f"{text[:40]!r} is no time of a freeze",
            hint="Write `2026-12-20 18:00`, or `fri 16:00` for every week.",
        )
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:  # beyond them no zone has rules
        raise Invalid(
            f"{text!r} is on no calendar", hint="Correct the date or the time of day."
        )
    return found


def _weekly(text: str, day: str, hours: str, minutes: str) -> timedelta:
    if day not in DAYS:
        raise Invalid(
            f"{day[:40]!r} is no day of the week",
            hint="The days are " + ", ".join(DAYS) + ".",
        )
    if int(hours) > 23 or int(minutes) > 59:
        raise Invalid(
            f"{text!r} is on no clock",
            hint="A day goes from 00:00 to 23:59.",
        )
    return timedelta(days=DAYS.index(day), hours=int(hours), minutes=int(minutes))


def _first(wall: datetime, zone: ZoneInfo) -> datetime:
    return min(_readings(wall, zone))


def _last(wall: datetime, zone: ZoneInfo) -> datetime:
    return max(_readings(wall, zone))


def _readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both that a time has on a day on which the clock is set; else they are one."""
    read = wall.replace(tzinfo=zone)
    return read.astimezone(UTC), read.replace(fold=1).astimezone(UTC)


@cache
def _zone(name: str) -> ZoneInfo:
    """From the package, and never from the machine: all decide alike."""
    if name not in zones():
        raise Invalid(
            f"there is no time zone {name[:60]!r}",
            hint="Name one of the IANA time zones, such as Europe/Copenhagen or UTC.",
        )
    file = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with file.open("rb") as data:
        return ZoneInfo.from_file(data, key=name)
