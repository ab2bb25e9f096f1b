"""Policies: who must agree, as text, and proposing another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.remote.changes import ChangeView, moment
from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Attributes:
    since: The number of the event that put it in force.
    source: Its YAML.
    """

    environment: str
    digest: str
    since: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One difference, in a sentence."""

    difference: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A change that would be decided differently.

    Attributes:
        activated_at: `None` while it is open.
    """

    change: int
    title: str
    activated_at: datetime | None
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Attributes:
    open: How many open changes were looked at.
    activated: How many that went live were.
    """

    environment: str
    open: int
    activated: int
    differing: tuple[Differing, ...]


class Policies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Policy]:
        return self._connection.items("/v1/policies", Policy, limit=None)

    def get(self, environment: str) -> Policy:
        return self._connection.get(place("v1", "policies", environment), Policy)

    def simulate(self, environment: str, source: str, last: int) -> Simulation:
        """Which of the open changes, and of the last that went live, would differ."""
        return self._connection.post(
            place("v1", "policies", environment, "simulation"),
            {"source": source, "last": last},
            Simulation,
        )

    def submit(
        self,
        environment: str,
        title: str,
        source: str,
        *,
        earliest: datetime | None = None,
    ) -> ChangeView:
        body = {"title": title, "source": source, "earliest": moment(earliest)}
        return self._connection.post(
            place("v1", "policies", environment), body, ChangeView
        )
