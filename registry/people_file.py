"""The file of people: what each holds, as it is kept beside the policies.

The digest of what somebody holds is of the same words, and of the number of the event
that asks for something for them.  Whoever decides on it names what was read.
"""

from collections.abc import Mapping

from registry.documents import dump
from registry.names import Digest, digest_of
from registry.people import Person
from registry.state import State
from registry.values import Json, canonical

PEOPLE_PATH = "people.yaml"


def people_file(people: Mapping[str, Person]) -> bytes:
    return dump({handle: _held(person) for handle, person in sorted(people.items())})


def held_digest(state: State, handle: str) -> Digest:
    """Of what somebody holds, and of what is asked for them; also of nobody yet."""
    person, asked = state.people.get(handle), state.asked_for.get(handle)
    told: dict[str, Json] = {
        "held": None if person is None else _held(person),
        "asked_for": None if asked is None else asked.number,
    }
    return digest_of(canonical(told).encode())


def _held(person: Person) -> dict[str, Json]:
    return {
        "roles": [str(role) for role in person.roles],
        "seats": list(person.seats),
        "active": person.active,
        **({"limits": _limits(person)} if person.limits else {}),
    }


def _limits(person: Person) -> dict[str, Json]:
    return {
        limit.held: {
            "environments": list(limit.environments),
            "names": list(limit.names),
        }
        for limit in person.limits
    }
