"""Model bindings: which are live, and which models will not be there for long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundBot:
    """A bot that a model answers for; `fallback` if another binding comes first."""

    bot: str
    role: str
    fallback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A live binding.

    Attributes:
        waiver_expires: Until when an alias is accepted.
        shutdown_on: When the model stops answering, if anybody says.
    """

    binding: str
    version: str
    digest: str
    owner: str
    tier: str
    platform: str
    model: str
    model_version: str | None
    pin: str
    waiver_expires: date | None
    response_model: str
    shutdown_on: date | None
    bots: tuple[BoundBot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one source says; `of_name` if it does not know the version."""

    source: str
    shutdown_on: date
    firm: bool | None
    link: str | None
    checked_on: date | None
    replacement: str | None
    of_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """When a live binding's model stops answering.

    Attributes:
        days: Until then; below 0 when it is over.
        by: Which source the day is of.
        disputed: Whether sources name different days.
    """

    binding: str
    version: str
    platform: str
    model: str
    model_version: str | None
    shutdown_on: date
    days: int
    firm: bool | None
    by: str
    replacement: str | None
    disputed: bool
    says: tuple[Saying, ...]
    bots: tuple[BoundBot, ...]


class Bindings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, environment: str) -> Iterator[Binding]:
        path = place("v1", "environments", environment, "bindings")
        return self._connection.items(path, Binding, limit=None)

    def retiring(self, environment: str, *, within_days: int) -> Iterator[Retirement]:
        """The soonest first."""
        path = place("v1", "environments", environment, "retirements")
        within = f"{within_days}d"
        return self._connection.items(path, Retirement, limit=None, within=within)
