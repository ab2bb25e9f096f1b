"""Times as people type and read them: always UTC unless they say otherwise."""

from datetime import UTC, datetime

from registry.errors import Invalid


def parse_time(text: str) -> datetime:
    """Read RFC 3339, or `2026-05-03 14:07`, which is UTC.

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
            hint="Write it as 2026-05-03T14:07:00Z, or as '2026-05-03 14:07' in UTC.",
        )
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


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
