"""Live bots, as those who run them see them, as they come over the wire."""

from dataclasses import dataclass
from datetime import datetime

from registry.remote.comparing import Held
from registry.remote.connection import Connection, Page, place
from registry.remote.ratifications import RatificationSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Somebody who said yes; `afterwards` if it was live already."""

    by: str
    seat: str
    at: datetime
    afterwards: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What made the bot what it is."""

    seq: int
    at: datetime
    by: str
    change: int | None
    title: str
    agreed: tuple[Agreed, ...]
    ratification: RatificationSummary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    seq: int
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What customers read while the bot is stopped."""

    disclosure: str
    fallback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What keeps whoever asks from it; `None` if nothing does."""

    why_not_stop: str | None
    why_not_resume: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBot:
    """Attributes:
    resumed_by: The open changes that would have it answer again, and still could.
    """

    bot: str
    version: str
    digest: str
    tier: str
    owner: str
    deputy: str | None
    on_call: str | None
    description: str
    since: Since
    stopped: Stop | None
    instead: Instead
    resumed_by: tuple[int, ...]
    you: Running


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedDocument(Held):
    """What the bot is, or uses, and who said yes to it."""

    document: str
    tier: str
    owner: str
    agreed: tuple[Agreed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBotWithUses(LiveBot):
    """A live bot, and everything that it uses.

    Attributes:
        seq: Of the environment as this was read.
    """

    seq: int
    documents: tuple[UsedDocument, ...]


class LiveBots:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self,
        environment: str,
        *,
        q: str | None = None,
        stopped: bool | None = None,
        limit: int,
        cursor: str | None = None,
    ) -> Page[LiveBot]:
        """Some of those that are live, by name.

        Args:
            q: Only names with this in them.
            stopped: Only those that are stopped, or are not.
            cursor: `next` of the page before.
        """
        return self._connection.get(
            _at(environment),
            Page[LiveBot],
            q=q or None,
            stopped=None if stopped is None else str(stopped).lower(),
            limit=limit,
            cursor=cursor,
        )

    def get(self, environment: str, bot: str) -> LiveBotWithUses:
        return self._connection.get(_at(environment, bot), LiveBotWithUses)


def _at(environment: str, *parts: str) -> str:
    return place("v1", "environments", environment, "live", "bots", *parts)
