"""Turns: at which seqs what a document says to chatbots became something else.

Going live is one, so is being deleted; for a bot whatever changes its bundle or head.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, String, and_, cast, literal, select, union

from registry.db.projection import BOT, LIVE, MOMENT
from registry.names import Kind, Ref, kind_of, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    seq: int
    at: datetime


def read_turns(
    connection: Connection, environment: str, *, after: int, only: Ref | None
) -> dict[Ref, tuple[Turn, ...]]:
    """The turns after the seq *after*, oldest first, by document; or those of one."""
    turns = union(*_turns(environment, after, only)).subquery()
    here = and_(MOMENT.c.environment == environment, MOMENT.c.seq == turns.c.seq)
    rows = connection.execute(
        select(turns.c.document, turns.c.seq, MOMENT.c.at)
        .join(MOMENT, here)
        .order_by(turns.c.seq)
    )
    found: dict[Ref, tuple[Turn, ...]] = {}
    for row in rows:
        document = Ref(row.document)
        found[document] = (*found.get(document, ()), Turn(seq=row.seq, at=row.at))
    return found


def _turns(
    environment: str, after: int, only: Ref | None
) -> Iterator[Select[tuple[str, int]]]:
    """A bot's own document says nothing to chatbots; its bundle does."""
    bots = f"{Kind.BOT.plural}/"
    for table, document, which in (
        (BOT, cast(literal(bots) + BOT.c.bot, String), BOT.c.bot),
        (LIVE, LIVE.c.document, LIVE.c.document),
    ):
        for seq in (table.c.since, table.c.until):
            query = select(document.label("document"), seq.label("seq")).where(
                table.c.environment == environment, seq > after
            )
            if table is LIVE:
                query = query.where(~LIVE.c.document.startswith(bots))
            if only is not None:
                name = name_of(only) if table is BOT else only
                is_bot = kind_of(only) is Kind.BOT
                query = query.where(which == name, literal(is_bot == (table is BOT)))
            yield query
