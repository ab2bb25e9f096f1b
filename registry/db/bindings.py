"""Reading which models bots are bound to, now and in what they were told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, or_, select

from registry.db.live import latest_seq
from registry.db.projection import BOT, LIVE, SERVED
from registry.names import Digest, Kind, Ref, kind_of, name_of
from registry.observations import Interval
from registry.values import Json

Body = dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBindings:
    """What is served of every live binding and every live bot, by name."""

    bindings: dict[str, Body]
    bots: dict[str, Body]


def read_live_bindings(connection: Connection, environment: str) -> LiveBindings:
    kinds = (Kind.BINDING, Kind.BOT)
    rows = connection.execute(
        select(LIVE.c.document, SERVED.c.body)
        .join(SERVED, SERVED.c.digest == LIVE.c.composed)
        .where(LIVE.c.environment == environment, LIVE.c.until.is_(None))
        .where(or_(*(LIVE.c.document.startswith(f"{k.plural}/") for k in kinds)))
        .order_by(LIVE.c.document)
    )
    found: dict[Kind, dict[str, Body]] = {kind: {} for kind in kinds}
    for row in rows:
        document = Ref(row.document)
        found[kind_of(document)][name_of(document)] = _body(row.body)
    return LiveBindings(bindings=found[Kind.BINDING], bots=found[Kind.BOT])


def read_intervals(
    connection: Connection, environment: str, bundles: Collection[Digest]
) -> dict[tuple[str, Digest], tuple[Interval, ...]]:
    """When each bot was told each of *bundles*, by bot and digest."""
    now = latest_seq(connection, environment)
    rows = connection.execute(
        select(BOT.c.bot, BOT.c.bundle, BOT.c.since, BOT.c.until).where(
            BOT.c.environment == environment, BOT.c.bundle.in_(bundles)
        )
    )
    found: dict[tuple[str, Digest], tuple[Interval, ...]] = {}
    for row in rows:
        key = (row.bot, Digest(row.bundle))
        found[key] = (*found.get(key, ()), Interval(row.since, row.until or now + 1))
    return found


def read_bundles(
    connection: Connection, digests: Iterable[Digest]
) -> dict[Digest, Body]:
    rows = connection.execute(
        select(SERVED.c.digest, SERVED.c.body).where(SERVED.c.digest.in_(list(digests)))
    )
    return {Digest(row.digest): _body(row.body) for row in rows}


def _body(served: bytes) -> Body:
    body: Body = msgspec.json.decode(bytes(served))
    return body
