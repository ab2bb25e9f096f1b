"""Times for people: how long ago, how long until, and the moment itself.

A moment is shown in the time zone of the browser, with UTC in its tooltip, which is
what the ledger says.
"""

import html
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from registry.times import said

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
    """`Mon 4 May 2026, 14:07`, in the browser's zone."""
    local = at.astimezone(zone())
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def day(at: datetime) -> str:
    """`4 May 2026`."""
    local = at.astimezone(zone())
    return f"{local.day} {local:%b %Y}"


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
    title = html.escape(f"{moment(at)} ({said(at)})")
    return f'<time datetime="{at.isoformat()}" title="{title}">{ago(at)}</time>'


def moment_html(at: datetime) -> str:
    title = html.escape(said(at))
    return f'<time datetime="{at.isoformat()}" title="{title}">{moment(at)}</time>'
