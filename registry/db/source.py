"""The source of what is served: which registry this is, as its tables say."""

from sqlalchemy import Connection, select

from registry.db.projection import EVENT
from registry.errors import LedgerBroken
from registry.events import parse
from registry.payloads import RegistryCreated
from registry.snapshots import Source


def read_source(connection: Connection) -> tuple[Source, tuple[str, ...]] | None:
    """What the registry is, and its environments; None before it began."""
    body = connection.execute(
        select(EVENT.c.body).where(EVENT.c.number == 1)
    ).scalar_one_or_none()
    if body is None:
        return None
    created = parse(bytes(body)).payload
    if not isinstance(created, RegistryCreated):
        raise LedgerBroken("the first event does not begin a registry")
    source = Source(repository=created.repository, epoch=created.epoch)
    return source, tuple(one.environment for one in created.environments)
