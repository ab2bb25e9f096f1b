"""Pages: what is kept, as one text, and the bodies that it names beside it.

Bodies are most of it and seldom change: they are named by their digest, and what
has one is not written again.  A page is small enough to be written whole each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from registry.db.operations import Token
from registry.errors import LedgerBroken
from registry.names import Digest, Ref, digest_of
from registry.readers.kept import Kept
from registry.snapshots import Served, Snapshot, Source, Told, live_headers, serve

FORMAT = 2
"""Another one is not read: what is kept is fetched again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    document: Ref
    version: str
    since: int
    body: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bot:
    bot: str
    since: int
    floor: int
    stopped: bool
    bundle: Digest | None
    head: str
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Environment:
    environment: str
    seq: int
    at: datetime | None
    documents: tuple[_Document, ...]
    bots: tuple[_Bot, ...]
    gone: dict[Ref, int]
    head: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Attributes:
    pack: The file that has the bodies.
    places: Where in it each of them begins, and how long it is.
    """

    format: int
    at: datetime
    source: Source | None
    environments: tuple[_Environment, ...]
    tokens: dict[str, Token]
    active: tuple[str, ...]
    pack: str
    places: dict[Digest, tuple[int, int]]


def page_of(kept: Kept, *, pack: str, places: dict[Digest, tuple[int, int]]) -> Page:
    return Page(
        format=FORMAT,
        at=kept.at,
        source=next((one.source for one in kept.snapshots.values()), None),
        environments=tuple(map(_environment, kept.snapshots.values())),
        tokens=dict(kept.tokens),
        active=tuple(sorted(kept.active)),
        pack=pack,
        places=places,
    )


def kept_of(page: Page, bodies: Mapping[Digest, bytes]) -> Kept:
    """Raises:
    KeyError: There is a body that nobody has.
    LedgerBroken: It names no source.
    """
    if page.source is None:
        raise LedgerBroken("what is kept does not say where it is from")
    snapshots = [_snapshot(page.source, one, bodies) for one in page.environments]
    return Kept(
        at=page.at,
        snapshots={snapshot.environment: snapshot for snapshot in snapshots},
        tokens=page.tokens,
        active=frozenset(page.active),
    )


def dump(page: Page) -> bytes:
    return msgspec.json.encode(page)


def parse(data: bytes) -> Page:
    """Raises:
    msgspec.DecodeError: It is no page, or one of another format.
    """
    if msgspec.json.decode(data, type=_Formatted).format != FORMAT:
        raise msgspec.DecodeError("it is of another format")
    return msgspec.json.decode(data, type=Page)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Formatted:
    format: int


def _environment(snapshot: Snapshot) -> _Environment:
    return _Environment(
        environment=snapshot.environment,
        seq=snapshot.seq,
        at=snapshot.at,
        documents=tuple(
            _Document(
                document=ref,
                version=served.version,
                since=served.since,
                body=served.digest,
            )
            for ref, served in snapshot.documents.items()
        ),
        bots=tuple(_bot(bot, told) for bot, told in snapshot.bots.items()),
        gone=dict(snapshot.gone),
        head=None if snapshot.head is None else snapshot.head.body.decode(),
    )


def _bot(bot: str, told: Told) -> _Bot:
    return _Bot(
        bot=bot,
        since=told.since,
        floor=told.floor,
        stopped=told.stopped,
        bundle=None if told.bundle is None else told.bundle.digest,
        head=told.head.body.decode(),
        signed=told.signed,
    )


def _snapshot(
    source: Source, one: _Environment, bodies: Mapping[Digest, bytes]
) -> Snapshot:
    return Snapshot(
        environment=one.environment,
        source=source,
        headers=live_headers(source, one.environment, one.seq),
        seq=one.seq,
        at=one.at,
        documents={
            each.document: serve(
                each.body, each.version, bodies[each.body], since=each.since
            )
            for each in one.documents
        },
        bots={each.bot: _told(each, bodies) for each in one.bots},
        gone=one.gone,
        head=None if one.head is None else _served_head(one.head, since=one.seq),
    )


def _told(each: _Bot, bodies: Mapping[Digest, bytes]) -> Told:
    bundle = each.bundle
    return Told(
        bundle=None
        if bundle is None
        else serve(bundle, "", bodies[bundle], since=each.since),
        head=_served_head(each.head, since=each.since),
        since=each.since,
        floor=each.floor,
        stopped=each.stopped,
        signed=each.signed,
    )


def _served_head(head: str, *, since: int) -> Served:
    body = head.encode()
    return serve(digest_of(body), "", body, since=since)
