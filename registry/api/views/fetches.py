"""What was fetched, and who is behind, as they are told over HTTP."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.db.fetches import Fetched, LastFetch
from registry.db.operations import Token
from registry.db.turns import Turn
from registry.names import Ref
from registry.people import SESSION

Turns = Mapping[Ref, Sequence[Turn]]

TOKEN = "token:"  # noqa: S105 (what a token's `via` begins with)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedView(Fetched):
    """Attributes:
    live: Whether that seq is the one that is live now.
    """

    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView(LastFetch):
    """A client, and what it was told last of one document.

    Attributes:
        purpose: What its token is for; empty for a person.
        ends: When its token ends, or was revoked; null for a person.
        live_seq: The seq that it would be told now.
        behind_since: When something else went live than it was told; null if it has
            what is live, and for a person, who keeps no copy.
    """

    purpose: str
    ends: datetime | None
    live_seq: int
    behind_since: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether it cannot ask any more."""
        return self.ends is not None and self.ends <= now


def fetched_view(fetched: Fetched, turns: Turns) -> FetchedView:
    return FetchedView(
        document=fetched.document,
        seq=fetched.seq,
        count=fetched.count,
        clients=fetched.clients,
        first_seen=fetched.first_seen,
        last_seen=fetched.last_seen,
        live=not _later(fetched, turns),
    )


def client_views(
    last: Iterable[LastFetch], turns: Turns, tokens: Mapping[str, Token]
) -> list[tuple[str, ClientView]]:
    """Each with what a cursor says of it: those first that are behind."""
    views = [_client_view(one, turns, tokens) for one in last]
    return sorted(((_place(one), one) for one in views), key=lambda pair: pair[0])


def _client_view(
    last: LastFetch, turns: Turns, tokens: Mapping[str, Token]
) -> ClientView:
    later = _later(last, turns)
    token = tokens.get(last.via)
    return ClientView(
        document=last.document,
        handle=last.handle,
        via=last.via,
        seq=last.seq,
        first_seen=last.first_seen,
        last_seen=last.last_seen,
        purpose=token.purpose if token else "",
        ends=(token.revoked or token.expires) if token else None,
        live_seq=later[-1].seq if later else last.seq,
        behind_since=later[0].at if later and last.via != SESSION else None,
    )


def _later(one: Fetched | LastFetch, turns: Turns) -> list[Turn]:
    return [turn for turn in turns.get(one.document, ()) if turn.seq > one.seq]


def _place(client: ClientView) -> str:
    group = "0" if client.behind_since else "1"
    return " ".join((group, client.document, client.handle, client.via))
