"""Observations and alerts: which models really answered, and where that is odd."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What answered a bot in a role.

    Attributes:
        binding: Which binding expects that model; empty if none does.
    """

    environment: str
    bot: str
    role: str
    seq: int
    bundle: str
    response_model: str
    fingerprint: str
    binding: str
    first_seen: datetime
    last_seen: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Attributes:
    resolved: When somebody dealt with it; then `resolved_by` and `reason` say more.
    """

    id: int
    kind: str
    environment: str
    bot: str
    role: str
    expected: str
    got: str
    seq: int
    bundle: str
    first_seen: datetime
    last_seen: datetime
    resolved: datetime | None
    resolved_by: str | None
    reason: str | None


class Observations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, environment: str, *, bot: str | None = None, limit: int | None = None
    ) -> Iterator[Observation]:
        """Seen last first."""
        path = place("v1", "environments", environment, "observations")
        return self._connection.items(path, Observation, limit=limit, bot=bot)


class Alerts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        environment: str | None = None,
        resolved: bool | None = None,
        limit: int | None = None,
    ) -> Iterator[Alert]:
        """Newest first; only those that are resolved or are not, if that is said."""
        return self._connection.items(
            "/v1/alerts",
            Alert,
            limit=limit,
            environment=environment,
            resolved=None if resolved is None else str(resolved).lower(),
        )

    def resolve(self, alert: int, reason: str) -> Alert:
        """One that was resolved before keeps its reason."""
        path = place("v1", "alerts", str(alert), "resolution")
        return self._connection.post(path, {"reason": reason}, Alert)
