"""Times as people type and read them: always UTC unless they say otherwise."""

import re
from datetime import UTC, datetime

from registry.errors import Invalid
from registry.times import end_of, said_end

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

TIME = "Write it as 2026-05-03T14:07:00Z, or as '2026-05-03 14:07' in UTC."
END = "Write the last day as 2026-05-31, or a time as '2026-05-03 14:07' in UTC."


def parse_time(text: str, *, hint: str = TIME) -> datetime:
    """Read RFC 3339, or `2026-05-03 14:07`, which is UTC.

    Args:
        hint: How to write it, where there is another way as well.

    Raises:
        Invalid: It is neither.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        time = None
    if time is None or text.strip().isdigit():
        raise Invalid(
            f"{text[:60]!r} is not a time",
            hint=hint,
        )
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def parse_end(text: str, *, hint: str = END) -> datetime:
    """The same as the end of something: a day alone is in time until it is over."""
    time = parse_time(text, hint=hint)
    return end_of(time.date()) if _DAY.fullmatch(text.strip()) else time


def parse_schedule(text: str | None) -> datetime | None:
    """Read when something is to go live by itself, if it is."""
    return None if text is None else parse_time(text)


def show_time(time: datetime | None) -> str:
    """`2026-05-03 14:07:09`, in UTC; what is shown can be typed again."""
    if time is None:
        return "never"
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def show_minute(time: datetime | None) -> str:
    """The same without seconds, for tables."""
    return show_time(time)[:16]


def show_end(time: datetime | None) -> str:
    """When something ends or is due, for tables: a day, if it is over with one."""
    return said_end(time).removesuffix(" UTC") if time else ""
