"""What a command is answered with: what came of it, or that nobody can say."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from registry.commands import Command
from registry.db.projection import EVENT
from registry.errors import KeyReused, RegistryError, Unavailable
from registry.events import Event, parse
from registry.fingerprints import fingerprint
from registry.people import Actor
from registry.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of a command.

    Attributes:
        state: The state right after the event; later ones may exist already.
        repeated: The event was there before, under the same idempotency key.
    """

    event: Event
    state: State
    repeated: bool


def repeated(
    connection: Connection,
    state: State,
    command: Command,
    actor: Actor,
    key: str | None,
) -> Written | None:
    """What came of the same command before, if it is known by its key.

    Raises:
        KeyReused: The key belongs to another command of the same person.
    """
    answered = state.answered.get((actor.handle, key)) if key else None
    if answered is None:
        return None
    if answered.command != fingerprint(command):
        raise KeyReused(f"the idempotency key {key!r} was used for something else")
    body = connection.execute(
        select(EVENT.c.body).where(EVENT.c.number == answered.number)
    ).scalar_one()
    event = parse(bytes(body))
    return Written(event=event, state=state, repeated=True)


def unwritable(error: Exception) -> RegistryError:
    """The error to tell of, when the event is not known to be in the ledger."""
    if isinstance(error, RegistryError):
        return error
    return Unavailable(
        f"the database did not take it: {getattr(error, 'orig', error)}",
        hint="Free space or mend the database, then repeat with the same key.",
    )
