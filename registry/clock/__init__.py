"""The clock: the one place where the registry looks what time it is.

Whoever needs the time is given a clock, so that a test can say what time it is.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the time, with a timezone."""


def now() -> datetime:
    return datetime.now(UTC)
