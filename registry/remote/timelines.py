"""Time: what was live at a moment, what became of a bot, and what differs.

What each member means is told by `registry.timelines` and `registry.api.views.as_of`;
here it is as it comes over the wire.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.remote.changes import moment
from registry.remote.comparing import Held
from registry.remote.connection import Connection, Page, place
from registry.remote.differences import RuleDifference
from registry.remote.environments import Moment
from registry.remote.live_bots import Agreed, Since, Stop, UsedDocument


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
    rules: tuple[RuleDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BotThen:
    """What one bot was told at a seq."""

    bot: str
    version: str
    since: Since
    stopped: Stop | None
    bundle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentThen(Moment):
    """A moment, as those ask who look back.

    Attributes:
        until: When the environment moved on; `None` while this is what is live.
        latest: The seq that the environment is at now.
        live: How many documents were live.
        bot: The bot that was asked about; `None` if it was not live.
    """

    environment: str
    until: datetime | None
    latest: int
    agreed: tuple[Agreed, ...]
    live: int
    bot: BotThen | None


class Timelines:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def moment(
        self,
        environment: str,
        *,
        at: datetime | None = None,
        seq: int | None = None,
        bot: str | None = None,
    ) -> MomentThen:
        """How an environment came to a moment, and how a bot stood; now without one."""
        return self._connection.get(
            place("v1", "environments", environment, "moment"),
            MomentThen,
            at=moment(at),
            seq=seq,
            bot=bot,
        )

    def documents(
        self,
        environment: str,
        *,
        seq: int,
        bot: str | None = None,
        kind: str | None = None,
        q: str | None = None,
        limit: int,
    ) -> Page[UsedDocument]:
        """What was live at a seq, by name.

        Args:
            bot: Only this bot, and what it used.
            q: Only names with this in them.
        """
        return self._connection.get(
            place("v1", "environments", environment, "live", "documents"),
            Page[UsedDocument],
            seq=seq,
            bot=bot,
            kind=kind,
            q=q or None,
            limit=limit,
        )

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
        limit: int | None = None,
    ) -> Iterator[Between]:
        """What differs between two seqs or moments; the second is now if not given."""
        return self._connection.items(
            place("v1", "environments", environment, "differences"),
            Between,
            limit=limit,
            document=document,
            **{"from": _asked(before), "to": _asked(after)},
        )


def _asked(when: int | datetime | None) -> int | str | None:
    return moment(when) if isinstance(when, datetime) else when
