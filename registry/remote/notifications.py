"""Notifications: where notices go, and what went out."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from registry.remote.connection import Connection, place

_PATH = "/v1/notification-targets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where notices go.

    Attributes:
        host: Of its address, of which the rest is not told; empty for e-mail.
        environments: Empty for all, like `kinds`.
        secret: Only of a webhook that was just added.
    """

    id: str
    kind: str
    name: str
    host: str
    environments: tuple[str, ...]
    kinds: tuple[str, ...]
    urgency: str
    made: datetime
    made_by: str
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTarget:
    """The target to add; `address` is empty for e-mail."""

    kind: str
    name: str
    address: str
    environments: tuple[str, ...]
    kinds: tuple[str, ...]
    urgency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """Attributes:
    old_until: So long webhooks are signed with the one before as well.
    """

    secret: str
    old_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Attributes:
    problem: Why it was not taken; empty if it was.
    """

    delivered: bool
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A notice on its way to one target.

    Attributes:
        recipient: A handle, for e-mail; else empty.
        next_try: `None` once it was delivered or given up.
    """

    id: int
    outcome: str
    notice: str
    at: datetime
    kind: str
    environment: str | None
    subject: str
    target: str
    target_name: str
    recipient: str
    attempts: int
    next_try: datetime | None
    last_error: str | None
    delivered: datetime | None
    given_up: datetime | None


class Notifications:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, *, outcome: str | None = None, limit: int | None = None
    ) -> Iterator[Delivery]:
        """Newest first; only `waiting`, `delivered` or `failed`, if that is said."""
        return self._connection.items(
            "/v1/notifications", Delivery, limit=limit, outcome=outcome
        )

    def list_targets(self) -> Iterator[Target]:
        """Oldest first."""
        return iter(self._connection.get(_PATH, _Targets).items)

    def add_target(self, wanted: WantedTarget) -> Target:
        return self._connection.post_once(_PATH, asdict(wanted), Target)

    def remove_target(self, target: str) -> None:
        self._connection.delete(_of(target))

    def rotate_secret(self, target: str) -> NewSecret:
        return self._connection.post_once(_of(target, "secret"), {}, NewSecret)

    def try_target(self, target: str) -> Tried:
        """Send a notice there, now and once."""
        return self._connection.post_once(_of(target, "test"), {}, Tried)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Targets:
    items: tuple[Target, ...]


def _of(target: str, *more: str) -> str:
    return place("v1", "notification-targets", target, *more)
