"""The one way to write, as whoever sends a command sees it."""

import pytest
from sqlalchemy import select

from registry.db.engine import reading
from registry.db.projection import EVENT, read_head
from registry.errors import Conflict, KeyReused, NotAllowed, RegistryError
from registry.events import parse
from registry.writer import opened
from tests.writer.acts import Acts, bot, fragment, prompt


def test_what_was_answered_is_in_the_ledger_and_in_the_tables(registry, acts):
    answered = acts.put_live(fragment("1.0.0"))

    (*_, (commit, body)) = registry.ledger.history()
    with reading(registry.engine) as connection:
        assert read_head(connection) == (answered.event.number, commit)
        stored = connection.execute(
            select(EVENT.c.body).where(EVENT.c.number == answered.event.number)
        ).scalar_one()
    assert registry.ledger.head() == commit
    assert parse(body) == parse(stored) == answered.event
    assert registry.writer.state is answered.state


def test_a_refused_command_leaves_everything_as_it_was(registry, acts, dump):
    change = acts.submit(fragment("1.0.0"), environment="production")
    before = registry.ledger.head(), dump(registry.engine), registry.writer.state

    with pytest.raises(Conflict, match="not agreed"):
        acts.activate(change, key="refused")

    assert registry.ledger.head() == before[0]
    assert dump(registry.engine) == before[1]
    assert registry.writer.state == before[2]


def test_a_key_that_was_refused_can_be_used_again(acts):
    change = acts.submit(fragment("1.0.0"), environment="production")
    with pytest.raises(Conflict):
        acts.activate(change, key="again")
    acts.agree(change)

    activated = acts.activate(change, key="again")

    assert not activated.repeated


def test_a_repeated_key_gets_the_same_event(registry, acts):
    acts.begin_support()
    first = acts.say("once", key="k")
    acts.say("something else")
    head = registry.ledger.head()

    again = acts.say("once", key="k")

    assert again.repeated
    assert again.event == first.event
    assert registry.ledger.head() == head


def test_a_repeated_key_gets_the_same_event_from_another_process(
    home, registry, acts, clock
):
    acts.begin_support()
    first = acts.say("once", key="k")

    with opened(home, clock=clock) as other:
        again = Acts(other.writer).say("once", key="k")

    assert (again.repeated, again.event) == (True, first.event)


def test_a_key_is_not_taken_for_another_command(registry, acts):
    acts.begin_support()
    acts.say("once", key="k")
    head = registry.ledger.head()

    with pytest.raises(KeyReused):
        acts.say("twice", key="k")

    assert registry.ledger.head() == head


def test_two_people_may_use_the_same_key(acts):
    acts.begin_support()
    acts.say("mine", key="k")

    stopped = acts.stop("theirs", key="k")

    assert not stopped.repeated


def test_a_registry_begins_once(acts):
    again = acts.begin()
    with pytest.raises(Conflict, match="begun already"):
        acts.write(again_without_key(), "admin")

    assert again.repeated
    assert again.state.head.number == 1


def again_without_key():
    from registry.commands import Create
    from registry.people import Role, person

    admin = person("admin", roles=(Role.ADMIN,), seats=(), active=True)
    return Create(repository="other", policies=(), people=(admin,))


def test_a_registry_that_is_opened_again_is_caught_up(home, clock):
    with opened(home, clock=clock) as registry:
        acts = Acts(registry.writer)
        acts.begin()
        acts.begin_support()

    with opened(home, clock=clock) as again:
        state = again.writer.state

    assert state == registry.writer.state


def test_what_another_process_has_written_is_folded_in(home, registry, acts, clock):
    acts.begin_support()
    with opened(home, clock=clock) as other:
        theirs = Acts(other.writer).say("from outside")

    assert registry.writer.behind()
    assert registry.writer.reconcile() == registry.writer.state == theirs.state
    assert not registry.writer.behind()


def test_writers_that_take_turns_write_one_history(home, registry, acts, clock):
    acts.begin_support()

    with opened(home, clock=clock) as other:
        numbers = [
            Acts(each.writer).say("my turn").event.number
            for _ in range(3)
            for each in (registry, other)
        ]

    assert numbers == list(range(4, 10))


def test_whoever_is_told_of_writes_is_told_after_each_one(home, clock):
    told = []

    def written():
        told.append(registry.writer.state.head.number)

    with opened(home, clock=clock, written=written) as registry:
        acts = Acts(registry.writer)
        acts.begin()
        acts.begin_support()
        with pytest.raises(RegistryError):
            acts.stop("")

    assert told == [1, 2, 3]


def test_a_person_who_has_left_writes_nothing(acts):
    with pytest.raises(RegistryError, match="not active"):
        acts.write(again_without_key(), "nobody")


def test_a_bot_goes_live_with_everything_it_uses(registry, acts, verified):
    acts.begin_support()
    acts.put_live(prompt("1.1.0", "Be brief."), bot("1.1.0"))

    found = verified(registry)

    assert found.environments == {"staging": 2, "production": 0}


def test_somebody_without_the_role_is_refused(acts):
    with pytest.raises(NotAllowed):
        acts.submit(fragment("1.0.0"), who="product")
