"""Policies: who must agree, as text, and proposing another."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.remote.changes import ChangeView
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


class Policies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Policy]:
        return self._connection.items("/v1/policies", Policy, limit=None)

    def get(self, environment: str) -> Policy:
        return self._connection.get(place("v1", "policies", environment), Policy)

    def submit(self, environment: str, title: str, source: str) -> ChangeView:
        body = {"title": title, "source": source}
        return self._connection.post(
            place("v1", "policies", environment), body, ChangeView
        )
