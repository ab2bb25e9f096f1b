"""Reading the past from the tables: events, and what was told when.

Nothing here is for chatbots; `registry.db.live` is.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select

from registry.db.projection import BOT, EVENT, LIVE, MOMENT, SERVED, TEXT
from registry.errors import LedgerBroken
from registry.events import Event, parse
from registry.names import Digest, Kind, Ref
from registry.payloads import NAMES, Recalled
from registry.review_payloads import Revised, Submitted


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBot:
    """What a bot was told, and since which seq.

    Attributes:
        floor: Conversations on a lower seq have to end.
        stopped: The reason, while it is stopped.
    """

    bot: str
    bundle: Digest
    floor: int
    stopped: str | None
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a bot was told from *seq* on.

    Attributes:
        bundle: `None` if it was deleted.
        stopped: The reason, if it was stopped.
    """

    seq: int
    bundle: Digest | None
    stopped: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveText:
    """A live document's own text."""

    environment: str
    document: Ref
    source: bytes


def read_bodies(connection: Connection, *, after: int, limit: int) -> list[bytes]:
    """The canonical bytes of the events after number *after*, oldest first."""
    rows = connection.execute(
        select(EVENT.c.body)
        .where(EVENT.c.number > after)
        .order_by(EVENT.c.number)
        .limit(limit)
    )
    return [bytes(body) for body in rows.scalars()]


def read_event(connection: Connection, number: int) -> Event:
    body = connection.execute(
        select(EVENT.c.body).where(EVENT.c.number == number)
    ).scalar_one()
    return parse(bytes(body))


def read_recalls(connection: Connection) -> Iterator[Event]:
    """The events that recalled something, oldest first."""
    rows = connection.execute(
        select(EVENT.c.body)
        .where(EVENT.c.type == NAMES[Recalled])
        .order_by(EVENT.c.number)
    )
    return (parse(bytes(body)) for body in rows.scalars())


def read_revision_number(connection: Connection, change: int, revision: int) -> int:
    """The number of the event that made a revision of a change.

    Raises:
        LedgerBroken: The table does not have it.
    """
    types = [NAMES[Submitted], NAMES[Revised]]
    number = connection.execute(
        select(EVENT.c.number)
        .where(EVENT.c.change == change, EVENT.c.type.in_(types))
        .order_by(EVENT.c.number)
        .limit(1)
        .offset(revision - 1)
    ).scalar_one_or_none()
    if number is None:
        raise LedgerBroken(f"revision {revision} of change {change} is missing")
    return int(number)


def read_versions(
    connection: Connection, environments: Collection[str], document: Ref
) -> dict[str, Digest]:
    """The digest of every version that was ever live in one of *environments*."""
    rows = connection.execute(
        select(LIVE.c.version, LIVE.c.digest)
        .where(LIVE.c.environment.in_(environments), LIVE.c.document == document)
        .distinct()
    )
    return {row.version: Digest(row.digest) for row in rows}


def read_first_changes(
    connection: Connection, environments: Collection[str], document: Ref
) -> dict[str, int]:
    """By which change each version first went live in one of *environments*."""
    rows = connection.execute(
        select(LIVE.c.version, func.min(EVENT.c.change).label("change"))
        .join(
            MOMENT,
            and_(
                MOMENT.c.environment == LIVE.c.environment,
                MOMENT.c.seq == LIVE.c.since,
            ),
        )
        .join(EVENT, EVENT.c.number == MOMENT.c.number)
        .where(LIVE.c.environment.in_(environments), LIVE.c.document == document)
        .where(EVENT.c.change.is_not(None))
        .group_by(LIVE.c.version)
    )
    return {row.version: row.change for row in rows}


def read_bots(connection: Connection, environment: str, seq: int) -> list[ToldBot]:
    """What every bot was told at *seq*; not those that were deleted."""
    rows = connection.execute(
        select(BOT, SERVED.c.body)
        .join(SERVED, SERVED.c.digest == BOT.c.bundle)
        .where(BOT.c.environment == environment, BOT.c.since <= seq)
        .where(or_(BOT.c.until.is_(None), BOT.c.until > seq))
    )
    return [
        ToldBot(
            bot=row.bot,
            bundle=Digest(row.bundle),
            floor=row.floor,
            stopped=json.loads(row.body)["stopped"]["reason"] if row.stopped else None,
            since=row.since,
        )
        for row in rows
    ]


def read_tellings(
    connection: Connection, environment: str, bot: str, *, before: int | None
) -> Iterator[Telling]:
    """Everything that *bot* was ever told, newest first; below seq *before*."""
    query = (
        select(BOT, SERVED.c.body)
        .join(SERVED, SERVED.c.digest == BOT.c.bundle, isouter=True)
        .where(BOT.c.environment == environment, BOT.c.bot == bot)
        .order_by(BOT.c.since.desc())
    )
    if before is not None:
        query = query.where(BOT.c.since < before)
    for row in connection.execute(query):
        yield Telling(
            seq=row.since,
            bundle=None if row.bundle is None else Digest(row.bundle),
            stopped=json.loads(row.body)["stopped"]["reason"] if row.stopped else None,
        )


def read_served(connection: Connection, digest: Digest) -> bytes:
    """What is served for a composed digest that was live.

    Raises:
        LedgerBroken: The table does not have it.
    """
    body = connection.execute(
        select(SERVED.c.body).where(SERVED.c.digest == digest)
    ).scalar_one_or_none()
    if body is None:
        raise LedgerBroken(f"what is served as {digest} is missing")
    return bytes(body)


def read_live_texts(
    connection: Connection, environments: Collection[str], kind: Kind | None = None
) -> Iterator[LiveText]:
    """Every text that is live in one of *environments*, in no order."""
    query = (
        select(LIVE.c.environment, LIVE.c.document, TEXT.c.body)
        .join(TEXT, TEXT.c.digest == LIVE.c.digest)
        .where(LIVE.c.until.is_(None), LIVE.c.environment.in_(environments))
    )
    if kind is not None:
        query = query.where(LIVE.c.document.startswith(f"{kind.plural}/"))
    rows = connection.execution_options(yield_per=500).execute(query)
    for row in rows:
        yield LiveText(
            environment=row.environment,
            document=Ref(row.document),
            source=bytes(row.body),
        )
