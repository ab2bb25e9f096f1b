"""What chatbots read from the tables: the past, and bundles by their digest.

Each read is done in another thread, so that nobody else waits for it.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.api.asked import Asked, Query
from registry.api.grants import Grant
from registry.clock import Clock
from registry.db.engine import reading
from registry.db.live import (
    bots_told,
    read_bot,
    read_bundle,
    read_document,
    read_moment,
    seq_at,
)
from registry.errors import Deleted, NotFound, NotSettled, Unavailable
from registry.names import parse_digest
from registry.snapshots import Served, Snapshot, Source, Told
from registry.times import said_exactly

log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Stored:
    """Args:
    settled: The time before which nothing more will happen.
    """

    def __init__(self, engine: Engine, settled: Clock) -> None:
        self._engine = engine
        self._settled = settled

    async def bundle(self, asked: Asked, grant: Grant) -> Served:
        """Raises:
        NotFound: No bot that the token may read was ever told that digest.
        """
        return await _in_thread(self._bundle, asked, grant)

    async def past(
        self, asked: Asked, wanted: Query, snapshot: Snapshot
    ) -> tuple[int, Served]:
        """What was live at a moment or a seq, and that seq.

        Raises:
            NotFound: It was not live then, or there was no such seq.
            NotSettled: The moment is not over yet.
        """
        return await _in_thread(self._past, asked, wanted, snapshot)

    def _bundle(self, asked: Asked, grant: Grant) -> Served:
        digest = parse_digest(asked.name)
        with reading(self._engine) as connection:
            told = bots_told(connection, digest)
            if grant.environments:
                told = {one for one in told if one[0] in grant.environments}
            if grant.bots:
                told = {one for one in told if one[1] in grant.bots}
            found = read_bundle(connection, digest) if told else None
        if found is None:
            raise NotFound(
                f"no bot that this token may read was ever told {digest}",
                hint="Read the bot's head again; it names the digest.",
            )
        return found

    def _past(
        self, asked: Asked, wanted: Query, snapshot: Snapshot
    ) -> tuple[int, Served]:
        environment = asked.environment
        if wanted.at is not None and wanted.at >= self._settled():
            raise NotSettled(f"{said_exactly(wanted.at)} is not over yet")
        with reading(self._engine) as connection:
            if wanted.at is not None:
                seq = seq_at(connection, environment, wanted.at)
            else:
                seq = wanted.seq or 0
                read_moment(connection, environment, seq)
            if asked.kinds != "bots":
                return seq, read_document(connection, snapshot, asked.ref, seq)
            told = read_bot(connection, snapshot, asked.name, seq)
        return seq, one_of(snapshot.source, told, asked)


def one_of(source: Source, told: Told, asked: Asked) -> Served:
    """The bundle or the head of a bot, whichever is asked for."""
    if told.bundle is None:
        raise Deleted(
            f"the bot {asked.name} was deleted in {asked.environment}",
            epoch=source.epoch,
            seq=told.since,
            head=told.head.body if told.signed else b"",
        )
    return told.head if asked.head else told.bundle


async def _in_thread(
    read: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs
) -> Found:
    """What *read* finds in the tables, without keeping other requests waiting.

    Raises:
        Unavailable: The tables cannot be read.
    """
    try:
        return await asyncio.to_thread(read, *args, **kwargs)
    except SQLAlchemyError as error:
        log.error("the tables cannot be read: %s", error)  # noqa: TRY400
        raise Unavailable(
            "the tables cannot be read just now",
            hint="Ask again in a moment; what is live can still be read.",
        ) from error
