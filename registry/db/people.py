"""Who is active, for a server that does not hold the state.

Whether somebody is active was decided by the newest event that set them, and such
events are few and found by an index.  So they are read where they are: a table
beside them would say the same, and be one thing more to keep right.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from registry.db.projection import EVENT
from registry.events import parse
from registry.payloads import NAMES, PersonSet, RegistryCreated
from registry.people import Person

_TYPES = [NAMES[RegistryCreated], NAMES[PersonSet]]


class StoredPeople:
    """What was read last, so that only what came later is read again."""

    def __init__(self) -> None:
        self._last: tuple[int, bytes] = (0, b"")
        self._people: Mapping[str, Person] = {}

    def read(self, connection: Connection) -> Mapping[str, Person]:
        """Everybody, by handle; the same value as before if nobody was set since."""
        found = _set_since(connection, self._last[0])
        if found[:1] == [self._last]:
            found = found[1:]
        else:  # it is the first time, or these are other tables than before
            found = _set_since(connection, 0) if self._last[0] else found
            self._last, self._people = (0, b""), {}
        if found:
            people = dict(self._people)
            for _, body in found:
                for person in _set_in(body):
                    people[person.handle] = person
            self._last, self._people = found[-1], people
        return self._people


def _set_since(connection: Connection, number: int) -> list[tuple[int, bytes]]:
    """The events that set people, from that of *number* on."""
    rows = connection.execute(
        select(EVENT.c.number, EVENT.c.body)
        .where(EVENT.c.type.in_(_TYPES), EVENT.c.number >= number)
        .order_by(EVENT.c.number)
    )
    return [(row.number, bytes(row.body)) for row in rows]


def _set_in(body: bytes) -> tuple[Person, ...]:
    payload = parse(body).payload
    if isinstance(payload, RegistryCreated):
        return payload.people
    return (payload.person,) if isinstance(payload, PersonSet) else ()
