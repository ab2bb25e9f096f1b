"""Who is active, read from events by a server without the state."""

import pytest

from registry.commands import SetPerson
from registry.db.engine import reading, writing
from registry.db.people import StoredPeople
from registry.db.projection import clear
from registry.people import Person


@pytest.fixture
def people() -> StoredPeople:
    return StoredPeople()


def read(people: StoredPeople, engine):
    with reading(engine) as connection:
        return people.read(connection)


def is_set(acts, handle: str, *, active: bool) -> None:
    somebody = Person(handle=handle, roles=(), seats=(), active=active)
    acts.write(SetPerson(person=somebody), "admin")


def test_it_is_what_the_state_says(registry, acts, people):
    assert read(people, registry.engine) == dict(acts.state.people)

    is_set(acts, "author", active=False)
    is_set(acts, "newcomer", active=False)

    assert read(people, registry.engine) == dict(acts.state.people)
    assert not acts.state.people["author"].active


def test_nothing_is_made_anew_while_nobody_is_set(registry, acts, people):
    before = read(people, registry.engine)

    acts.begin_support()

    assert read(people, registry.engine) is before


def test_of_other_tables_everybody_is_read_anew(registry, acts, people):
    is_set(acts, "author", active=False)
    read(people, registry.engine)

    with writing(registry.engine) as connection:
        clear(connection)

    assert read(people, registry.engine) == {}
