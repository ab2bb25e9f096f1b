"""Checks: what was tried on a change, and doing without it."""

from collections.abc import Iterator
from datetime import datetime

from registry.remote.changes import ChangeView
from registry.remote.checks import Attached
from registry.remote.connection import Connection, place


class Checks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, change: int) -> Iterator[Attached]:
        """Newest first."""
        path = _at(change, "checks")
        return self._connection.items(path, Attached, limit=None)

    def attach(
        self, change: int, result: object, *, key: str | None = None
    ) -> ChangeView:
        """Args:
        result: What was tried, as the registry takes it.
        """
        path = _at(change, "checks")
        return self._connection.post(path, result, ChangeView, key=key)

    def waive(
        self,
        change: int,
        *,
        review_digest: str,
        check: str,
        seat: str,
        reason: str,
        expires: datetime,
        key: str | None = None,
    ) -> ChangeView:
        body = {
            "review_digest": review_digest,
            "check": check,
            "seat": seat,
            "reason": reason,
            "expires": expires.isoformat(),
        }
        path = _at(change, "waivers")
        return self._connection.post(path, body, ChangeView, key=key)


def _at(change: int, part: str) -> str:
    return place("v1", "changes", str(change), part)
