"""Times for people, in one form each, which every page takes from here.

* A day is `4 May 2026`.
* A moment is `Mon 4 May 2026, 14:07 CEST`: in the browser's zone, which is named, with
  UTC in its tooltip, which is what the ledger says.
* How long ago it was, or how long it is until then, is `3 days ago` and `in 3 days`.
* What ends or is due when a day is over is said by that day, which is still in time.
  Such a day is one of UTC, wherever the browser is.

Only a field in which a day is written has digits, `2026-05-04`.
"""

import html
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from registry.times import end_of, last_day, said

_UNITS = (
    (timedelta(days=60), timedelta(days=30), "month"),
    (timedelta(days=2), timedelta(days=1), "day"),
    (timedelta(hours=2), timedelta(hours=1), "hour"),
    (timedelta(minutes=1), timedelta(minutes=1), "minute"),
)


def now() -> datetime:
    return datetime.now(UTC)


def zone() -> tzinfo:
    """The browser's; UTC where it does not say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def moment(at: datetime) -> str:
    """`Mon 4 May 2026, 14:07 CEST`, in the browser's zone."""
    local = at.astimezone(zone())
    return f"{local:%a} {_day(local)}, {local:%H:%M} {local:%Z}"


def day(at: date) -> str:
    """`4 May 2026`; of a moment, the day that it is on in the browser's zone."""
    return _day(at.astimezone(zone()) if isinstance(at, datetime) else at)


def ends(at: datetime) -> str:
    """When something ends or is due: its last day, where it is over with a day."""
    last = last_day(at)
    return _day(last) if end_of(last) == at else moment(at)


def ends_html(at: datetime) -> str:
    """The same, with the moment itself in its tooltip."""
    return _html(at, ends(at), said(at))


def ago(at: datetime) -> str:
    """`3 days ago`, `just now`; for what is to come `in 3 days`."""
    passed = now() - at
    words = lasting(abs(passed))
    if words is None:
        return "just now"
    return f"{words} ago" if passed > timedelta() else f"in {words}"


def lasting(length: timedelta) -> str | None:
    """`3 days`; `None` for less than a minute."""
    for from_, unit, name in _UNITS:
        if length >= from_:
            count = int(length / unit)
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return None


def ago_html(at: datetime) -> str:
    """`3 days ago`, with the moment in its tooltip."""
    return _html(at, ago(at), f"{moment(at)} ({said(at)})")


def moment_html(at: datetime) -> str:
    return _html(at, moment(at), said(at))


def _html(at: datetime, words: str, title: str) -> str:
    told = html.escape(title)
    return f'<time datetime="{at.isoformat()}" title="{told}">{words}</time>'


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
