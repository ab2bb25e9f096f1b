"""Where every bot of an environment stands, as its head has to say it.

Read from the projection without any served bytes, and after the first time only what
has changed: whoever signs waits for this between a commit and its answer.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from registry.contents import NOTHING, Contents, bundle_key, document_key
from registry.db.live import moment_of
from registry.db.projection import BOT, LIVE, MOMENT
from registry.heads import Standing
from registry.names import Digest, Ref
from registry.snapshots import Source

Lines = dict[str, Digest | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an environment stands.

    Attributes:
        at: When it came to that seq; None before the first.
        changed: What is new since the place that was known before, the environment's
            own standing among it; everything the first time.
    """

    source: Source
    seq: int
    at: datetime | None
    contents: Contents
    changed: tuple[Standing, ...]


def read_place(
    connection: Connection, source: Source, environment: str, before: Place | None
) -> Place | None:
    """Where *environment* stands; None if that is where it stood *before*.

    Where it was brought back to an earlier time, or is of another epoch, nothing of
    what was known holds any more.
    """
    seq, at = _newest(connection, environment)
    if before is not None:
        if (before.source, before.seq, before.at) == (source, seq, at):
            return None
        if not _goes_on(connection, source, environment, before):
            before = None
    after = before.seq if before is not None else 0
    bots = connection.execute(
        select(BOT.c.bot, BOT.c.since, BOT.c.bundle, BOT.c.floor, BOT.c.stopped).where(
            BOT.c.environment == environment,
            BOT.c.since > after,
            BOT.c.until.is_(None),
        )
    ).all()
    lines = _documents(connection, environment, after)
    for row in bots:
        lines[bundle_key(row.bot)] = Digest(row.bundle) if row.bundle else None
    contents = (before.contents if before is not None else NOTHING).changed(lines)
    return Place(
        source=source,
        seq=seq,
        at=at,
        contents=contents,
        changed=(
            *(
                Standing(
                    repository=source.repository,
                    environment=environment,
                    bot=row.bot,
                    epoch=source.epoch,
                    seq=row.since,
                    floor=row.floor,
                    content=Digest(row.bundle) if row.bundle else None,
                    stopped=row.stopped,
                )
                for row in bots
            ),
            _own(source, environment, seq, contents),
        ),
    )


def _newest(connection: Connection, environment: str) -> tuple[int, datetime | None]:
    row = connection.execute(
        select(MOMENT.c.seq, MOMENT.c.at)
        .where(MOMENT.c.environment == environment)
        .order_by(MOMENT.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return (0, None) if row is None else (row.seq, row.at)


def _goes_on(
    connection: Connection, source: Source, environment: str, before: Place
) -> bool:
    """Whether the environment has come from where it stood *before*."""
    at = moment_of(connection, environment, before.seq)
    return before.source == source and before.at == at


def _documents(connection: Connection, environment: str, after: int) -> Lines:
    ended = select(LIVE.c.document).where(
        LIVE.c.environment == environment, LIVE.c.until > after
    )
    began = select(LIVE.c.document, LIVE.c.composed).where(
        LIVE.c.environment == environment,
        LIVE.c.since > after,
        LIVE.c.until.is_(None),
    )
    lines: Lines = {}
    if after:
        for document in connection.execute(ended).scalars():
            lines[document_key(Ref(document))] = None
    for row in connection.execute(began):
        lines[document_key(Ref(row.document))] = Digest(row.composed)
    return lines


def _own(source: Source, environment: str, seq: int, contents: Contents) -> Standing:
    return Standing(
        repository=source.repository,
        environment=environment,
        bot="",
        epoch=source.epoch,
        seq=seq,
        floor=0,
        content=contents.digest,
        stopped=False,
    )
