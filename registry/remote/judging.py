"""Judging: reading what went live without agreement, and agreeing to it or not."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.remote.changes import Standing
from registry.remote.connection import Connection, place
from registry.remote.evidence import Receipt
from registry.remote.ratifications import (
    Judging,
    RatificationSummary,
    RatificationVote,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationView(RatificationSummary):
    """Attributes:
    activated: What a judgement has to name.
    excluded: Who may not judge it.
    """

    activated: str
    excluded: tuple[str, ...]
    requirements: tuple[Standing, ...]
    votes: tuple[RatificationVote, ...]
    you: Judging


class Ratifications:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        environment: str | None = None,
        status: str | None = None,
        limit: int | None = None,
    ) -> Iterator[RatificationSummary]:
        """Newest first."""
        return self._connection.items(
            "/v1/ratifications",
            RatificationSummary,
            limit=limit,
            environment=environment,
            status=status,
        )

    def get(self, ratification: int) -> RatificationView:
        path = place("v1", "ratifications", str(ratification))
        return self._connection.get(path, RatificationView)

    def receipt(self, ratification: int, voter: str | None = None) -> Receipt:
        """What shows how *voter*, or whoever asks, has judged last.

        Raises:
            NotFound: They have not.
            Unavailable: The judgement is not signed yet.
        """
        path = place("v1", "ratifications", str(ratification), "receipt")
        return self._connection.get(path, Receipt, voter=voter)

    def receipt_page(self, ratification: int, voter: str | None = None) -> bytes:
        """The same as a page of HTML, to keep and to print."""
        path = place("v1", "ratifications", str(ratification), "receipt")
        return self._connection.read(path, voter=voter, format="html")

    def judge(
        self,
        ratification: int,
        *,
        activated: str,
        judgement: str,
        seat: str,
        reason: str,
        key: str | None = None,
    ) -> RatificationView:
        """Args:
        judgement: `ratify`, `repudiate` or `retract`.
        """
        body = {
            "activated": activated,
            "judgement": judgement,
            "seat": seat,
            "reason": reason,
        }
        path = place("v1", "ratifications", str(ratification), "judgements")
        return self._connection.post(path, body, RatificationView, key=key)
