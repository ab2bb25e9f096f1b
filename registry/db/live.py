"""Reading what is live, and what was: rows to snapshots.

A reader needs these tables and nothing else, neither the ledger nor the state.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    func,
    or_,
    select,
)

from registry.db.projection import BOT, LIVE, MOMENT, SERVED
from registry.db.source import read_source
from registry.errors import Deleted, NotFound
from registry.names import Digest, Ref
from registry.snapshots import (
    Difference,
    Served,
    Snapshot,
    Source,
    Told,
    live_headers,
    serve,
    serve_head,
)
from registry.times import said_exactly


def read_snapshots(connection: Connection) -> dict[str, Snapshot]:
    """Every environment as it is now, by name; none before the registry began."""
    found = read_source(connection)
    if found is None:
        return {}
    source, environments = found
    return {name: _read_snapshot(connection, source, name) for name in environments}


def is_behind(connection: Connection, snapshots: Iterable[Snapshot]) -> bool:
    """Whether a snapshot is of a later seq than the tables, or another ledger or epoch.

    So it is after a backup was restored: nothing of a snapshot holds any more.
    """
    found = read_source(connection)
    return any(
        found is None
        or found[0] != snapshot.source
        or moment_of(connection, snapshot.environment, snapshot.seq) != snapshot.at
        for snapshot in snapshots
    )


def read_difference(connection: Connection, snapshot: Snapshot) -> Difference | None:
    """What has changed since *snapshot*; `None` if nothing has."""
    environment, after = snapshot.environment, snapshot.seq
    seq = latest_seq(connection, environment)
    if seq == after:
        return None
    return Difference(
        seq=seq,
        at=read_moment(connection, environment, seq),
        documents=_documents(connection, environment, seq, after=after),
        bots=_bots(connection, snapshot.source, environment, seq, after=after),
        gone=_gone(connection, environment, seq, after=after),
    )


def read_document(
    connection: Connection, snapshot: Snapshot, document: Ref, seq: int
) -> Served:
    """A document as it was served at *seq*, in the environment of *snapshot*.

    Raises:
        Deleted: It had been deleted by then.
        NotFound: It had not been live yet.
    """
    environment = snapshot.environment
    found = _documents(connection, environment, seq, only=document)
    if document in found:
        return found[document]
    gone = _gone(connection, environment, seq)
    if document in gone:
        raise Deleted(
            f"{document} was deleted in {environment}",
            epoch=snapshot.source.epoch,
            seq=gone[document],
        )
    raise NotFound(f"{document} was not live in {environment} at seq {seq}")


def read_bot(connection: Connection, snapshot: Snapshot, bot: str, seq: int) -> Told:
    """What a bot was told at *seq*, in the environment of *snapshot*.

    Raises:
        NotFound: It had not been live yet.
    """
    environment = snapshot.environment
    found = _bots(connection, snapshot.source, environment, seq, only=bot)
    if bot not in found:
        raise NotFound(f"the bot {bot} was not live in {environment} at seq {seq}")
    return found[bot]


def moment_of(connection: Connection, environment: str, seq: int) -> datetime | None:
    """When the environment came to *seq*; None if it never did."""
    at: datetime | None = connection.execute(
        select(MOMENT.c.at).where(
            MOMENT.c.environment == environment, MOMENT.c.seq == seq
        )
    ).scalar_one_or_none()
    return at


def _read_snapshot(
    connection: Connection, source: Source, environment: str
) -> Snapshot:
    seq = latest_seq(connection, environment)
    return Snapshot(
        environment=environment,
        source=source,
        headers=live_headers(source, environment, seq),
        seq=seq,
        at=read_moment(connection, environment, seq) if seq else None,
        documents=_documents(connection, environment, seq),
        bots=_bots(connection, source, environment, seq),
        gone=_gone(connection, environment, seq),
    )


def latest_seq(connection: Connection, environment: str) -> int:
    """0 before anything was live."""
    query = select(func.max(MOMENT.c.seq)).where(MOMENT.c.environment == environment)
    return connection.execute(query).scalar_one() or 0


def seq_at(connection: Connection, environment: str, at: datetime) -> int:
    """The seq that the moment *at*, which must be over, falls into.

    Raises:
        NotFound: Nothing was live yet.
    """
    seq = connection.execute(
        select(func.max(MOMENT.c.seq)).where(
            MOMENT.c.environment == environment, MOMENT.c.at <= at
        )
    ).scalar_one()
    if seq is None:
        raise NotFound(
            f"nothing was live in {environment} at {said_exactly(at)}",
            hint="`placet log` shows when something first went live.",
        )
    return int(seq)


def read_moment(connection: Connection, environment: str, seq: int) -> datetime:
    """Raises:
    NotFound: The environment has never been at *seq*.
    """
    at = moment_of(connection, environment, seq)
    if at is None:
        raise NotFound(
            f"{environment} has no seq {seq}",
            hint=f"It has been at 1 to {latest_seq(connection, environment)}.",
        )
    return at


def read_bundle(connection: Connection, digest: Digest) -> Served | None:
    """A bundle that some bot was told at some time."""
    body = connection.execute(
        select(SERVED.c.body)
        .where(SERVED.c.digest == digest)
        .where(select(BOT.c.bot).where(BOT.c.bundle == digest).exists())
    ).scalar_one_or_none()
    return None if body is None else serve(digest, "", bytes(body))


def bots_told(connection: Connection, digest: Digest) -> set[tuple[str, str]]:
    """The environments and bots that were ever told the bundle *digest*."""
    rows = connection.execute(
        select(BOT.c.environment, BOT.c.bot).where(BOT.c.bundle == digest).distinct()
    )
    return {(row.environment, row.bot) for row in rows}


def _documents(
    connection: Connection,
    environment: str,
    seq: int,
    *,
    after: int = 0,
    only: Ref | None = None,
) -> dict[Ref, Served]:
    query = (
        select(LIVE, SERVED.c.body)
        .join(SERVED, SERVED.c.digest == LIVE.c.composed)
        .where(LIVE.c.environment == environment, *_holds(LIVE, seq, after))
    )
    if only is not None:
        query = query.where(LIVE.c.document == only)
    return {
        Ref(row.document): serve(
            Digest(row.composed), row.version, bytes(row.body), since=row.since
        )
        for row in connection.execute(query)
    }


def _bots(
    connection: Connection,
    source: Source,
    environment: str,
    seq: int,
    *,
    after: int = 0,
    only: str | None = None,
) -> dict[str, Told]:
    query = (
        select(BOT, MOMENT.c.at, SERVED.c.body)
        .join(
            MOMENT,
            and_(MOMENT.c.environment == environment, MOMENT.c.seq == BOT.c.since),
        )
        .join(SERVED, SERVED.c.digest == BOT.c.bundle, isouter=True)
        .where(BOT.c.environment == environment, *_holds(BOT, seq, after))
    )
    if only is not None:
        query = query.where(BOT.c.bot == only)
    return {row.bot: _told(source, row) for row in connection.execute(query)}


def _told(source: Source, row: Row[Any]) -> Told:
    bundle = None if row.bundle is None else Digest(row.bundle)
    return Told(
        bundle=serve(bundle, "", bytes(row.body), since=row.since) if bundle else None,
        head=serve_head(
            source,
            environment=row.environment,
            bot=row.bot,
            since=row.since,
            at=row.at,
            floor=row.floor,
            bundle=bundle,
            stopped=row.stopped,
        ),
        since=row.since,
        floor=row.floor,
        stopped=row.stopped,
    )


def _holds(table: Table, seq: int, after: int) -> Iterator[ColumnElement[bool]]:
    """The interval of a row has *seq* in it, and began after *after*."""
    yield table.c.since > after
    yield table.c.since <= seq
    yield or_(table.c.until.is_(None), table.c.until > seq)


def _gone(
    connection: Connection, environment: str, seq: int, *, after: int = 0
) -> dict[Ref, int]:
    """Documents that ended after *after* and are not live at *seq*."""
    return {
        Ref(row.document): row.ended
        for row in connection.execute(_gone_query(environment, seq, after))
    }


def _gone_query(environment: str, seq: int, after: int) -> Select[tuple[str, int]]:
    here = LIVE.alias()
    still = (
        select(here.c.document)
        .where(here.c.environment == environment)
        .where(here.c.document == LIVE.c.document, here.c.since <= seq)
        .where(or_(here.c.until.is_(None), here.c.until > seq))
        .exists()
    )
    ended = and_(LIVE.c.until > after, LIVE.c.until <= seq)
    return (
        select(LIVE.c.document, func.max(LIVE.c.until).label("ended"))
        .where(LIVE.c.environment == environment, ended, ~still)
        .group_by(LIVE.c.document)
    )
