"""Environments beside each other: how two differ, and what a promotion would do.

What each member means is told by `registry.drift` and `registry.promotions`; here
it is as it comes over the wire.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from registry.remote.changes import Fact, MadeStale
from registry.remote.connection import Connection, place
from registry.remote.differences import Advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    version: str
    digest: str
    since: int
    at: datetime
    by: str
    change: int | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedBy:
    change: int
    title: str
    brings: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDrift:
    document: str
    relation: str
    reads_alike: bool
    here: Held | None
    there: Held | None
    ended_here: int | None
    ended_there: int | None
    bots: tuple[str, ...]
    proposed_by: tuple[ProposedBy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    environment: str
    seq: int
    against: str
    against_seq: int
    documents: tuple[DocumentDrift, ...]
    promote: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    document: str
    version: str
    digest: str
    now: str | None
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    document: str
    version: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionPreview:
    environment: str
    source: str
    source_seq: int
    taken: tuple[Taken, ...]
    left_out: tuple[LeftOut, ...]
    older: tuple[str, ...]
    affected: tuple[str, ...]
    asks: tuple[str, ...]
    facts: tuple[Fact, ...]
    warnings: tuple[Advice, ...]
    proposed_by: tuple[int, ...]
    makes_stale: tuple[MadeStale, ...]
    why_not: str | None

    @property
    def decided_on(self) -> "PromotionPreview":
        """What of it somebody decides on.

        Not the seq, which also moves by what makes no difference to it, and not the
        open changes, which others propose at any time.
        """
        return replace(self, source_seq=0, proposed_by=(), makes_stale=())

    @property
    def brings(self) -> dict[str, str]:
        """The digest of each document that it would bring."""
        return {one.document: one.digest for one in self.taken}


class Comparisons:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def drift(
        self,
        environment: str,
        against: str,
        *,
        bot: str | None = None,
        differing: bool = False,
    ) -> Drift:
        """How *environment* differs from *against*; with *bot*, what it uses alone.

        Args:
            differing: Without what is the same in both.
        """
        return self._connection.get(
            place("v1", "environments", environment, "drift"),
            Drift,
            against=against,
            bot=bot,
            differing="true" if differing else None,
        )

    def preview(
        self, source: str, target: str, documents: tuple[str, ...], title: str
    ) -> PromotionPreview:
        """What a promotion would propose, and leave out."""
        body = {"source": source, "documents": documents, "title": title}
        path = place("v1", "environments", target, "promotions", "preview")
        return self._connection.post(path, body, PromotionPreview)
