"""Time: what became of a bot, and what differs between two moments.

What each member means is told by `registry.timelines`; here it is as it comes over
the wire.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.remote.changes import moment
from registry.remote.comparing import Held
from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One version of a document that a bot used; without `until` it still does."""

    document: str
    version: str
    digest: str
    since: int
    until: int | None
    begins: datetime
    ends: datetime | None
    change: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened to a bot; `seq` if it moved the environment."""

    kind: str
    at: datetime
    seq: int | None
    by: str | None
    change: int | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    environment: str
    bot: str
    seq: int
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Held):
    """Attributes:
    source: The document's own text.
    reads: What it read like, includes resolved.
    """

    source: str
    reads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    document: str
    before: Text | None
    after: Text | None


class Timelines:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def timeline(
        self,
        environment: str,
        bot: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Timeline:
        """What became of a bot, or what did within a period."""
        return self._connection.get(
            place("v1", "environments", environment, "timeline"),
            Timeline,
            bot=bot,
            since=moment(since),
            until=moment(until),
        )

    def differences(
        self,
        environment: str,
        before: int | datetime,
        after: int | datetime | None = None,
        *,
        document: str | None = None,
    ) -> Iterator[Between]:
        """What differs between two seqs or moments; the second is now if not given."""
        return self._connection.items(
            place("v1", "environments", environment, "differences"),
            Between,
            limit=None,
            document=document,
            **{"from": _asked(before), "to": _asked(after)},
        )


def _asked(when: int | datetime | None) -> int | str | None:
    return moment(when) if isinstance(when, datetime) else when
