"""Targets: where notices are sent, which of them, and how often it is tried.

The rules:

 * A target takes a notice that fits all of its filters; an empty filter takes
   everything.  A notice of no environment fits every environment.
 * A kind ends in `*` for all that begin like it: `reminder-*`.  One that no notice
   is of is refused, because nothing would ever come.
 * What could not be delivered is tried again after longer and longer pauses, each
   of them made longer or shorter by chance, so that many do not come at once.
 * Three days after a notice was made nobody tries any more.

Nothing here reads a clock, a file or a database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from registry.errors import Invalid
from registry.notices import KINDS, Notice, Urgency, is_at_least, one_line

MAX_TARGETS = 50
MAX_NAME_CHARS = 100

GIVE_UP_AFTER = timedelta(days=3)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=6)
GROWTH = 3
SPREAD = 0.2
"""How much longer or shorter a pause may be by chance, as a share of it."""


class TargetKind(StrEnum):
    """How a target is told."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which notices a target takes.

    Attributes:
        environments: Of these; empty for all.
        kinds: Of these; empty for all.
        urgency: At least so urgent.
    """

    environments: tuple[str, ...]
    kinds: tuple[str, ...]
    urgency: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Attributes:
    address: Whom to call; empty for e-mail, which goes to those whom a notice is
        for.  It is a secret: whoever knows that of a chat can write there.
    """

    id: str
    kind: TargetKind
    name: str
    address: str
    filters: Filters
    made: datetime
    made_by: str


def check_target_name(name: str) -> str:
    """Return *name* if a target may be called so, else raise `Invalid`."""
    if not name.strip() or name != one_line(name, MAX_NAME_CHARS):
        raise Invalid(
            "a target needs a name of one line",
            hint=f"Say who listens there, in at most {MAX_NAME_CHARS} characters.",
        )
    return name


def check_filters(filters: Filters) -> Filters:
    """Return *filters*, sorted, if there are such kinds, else raise `Invalid`.

    A misspelt kind would keep everything back, and nobody would notice.
    """
    for wanted in filters.kinds:
        if not any(_fits(wanted, kind) for kind in KINDS):
            raise Invalid(
                f"there is no kind of notice {wanted[:60]!r}",
                hint=f"There are {', '.join(KINDS)}; and `reminder-*` for all that "
                "begin so.",
            )
    return Filters(
        environments=tuple(sorted(set(filters.environments))),
        kinds=tuple(sorted(set(filters.kinds))),
        urgency=filters.urgency,
    )


def takes(filters: Filters, notice: Notice) -> bool:
    return (
        is_at_least(notice.urgency, filters.urgency)
        and (
            not filters.environments
            or notice.environment is None
            or notice.environment in filters.environments
        )
        and (not filters.kinds or any(_fits(k, notice.kind) for k in filters.kinds))
    )


def next_try(
    attempts: int, *, made: datetime, now: datetime, chance: float
) -> datetime | None:
    """When to try again what has failed *attempts* times; `None` for never.

    Args:
        made: When the notice was made.
        chance: From 0 to 1.
    """
    if now - made >= GIVE_UP_AFTER:
        return None
    growth: int = GROWTH ** min(attempts - 1, 20)
    pause = min(FIRST_PAUSE * growth, LONGEST_PAUSE)
    later = now + pause * (1 + SPREAD * (2 * chance - 1))
    return min(later, made + GIVE_UP_AFTER)


def _fits(pattern: str, kind: str) -> bool:
    if pattern.endswith("*"):
        return kind.startswith(pattern[:-1])
    return kind == pattern
