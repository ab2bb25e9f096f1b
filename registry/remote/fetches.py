"""What was fetched, and by whom: who was told what, and who is behind what is live."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """How often one seq of a document was told.

    Attributes:
        clients: To how many.
        live: Whether that seq is the one that is live now.
    """

    document: str
    seq: int
    count: int
    clients: int
    first_seen: datetime
    last_seen: datetime
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client, and what it was told last of one document.

    Attributes:
        handle: The person with the session, or who answers for the token.
        via: `session` or `token:<id>`.
        first_seen: When it was told that seq first.
        purpose: What its token is for; empty for a person.
        ends: When its token ends, or was revoked; `None` for a person.
        live_seq: The seq that it would be told now.
        behind_since: When something else went live than it was told; `None` if it has
            what is live, and for a person, who keeps no copy.
    """

    document: str
    handle: str
    via: str
    seq: int
    first_seen: datetime
    last_seen: datetime
    purpose: str
    ends: datetime | None
    live_seq: int
    behind_since: datetime | None


class Fetches:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        environment: str,
        *,
        bot: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[Fetched]:
        """By document, the newest seq first; of the last day without *since*."""
        path = place("v1", "environments", environment, "fetches")
        begin = None if since is None else since.isoformat()
        return self._connection.items(path, Fetched, limit=limit, bot=bot, since=begin)

    def clients(
        self,
        environment: str,
        *,
        bot: str | None = None,
        ended: bool | None = None,
        limit: int | None = None,
    ) -> Iterator[Client]:
        """Those first that are behind what is live.

        Args:
            ended: Only those whose token has ended, or only others.
        """
        path = place("v1", "environments", environment, "clients")
        is_over = None if ended is None else str(ended).lower()
        return self._connection.items(path, Client, limit=limit, bot=bot, ended=is_over)
