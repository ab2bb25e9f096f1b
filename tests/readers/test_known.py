"""Who may come in at a reader, with and without its tables."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from registry.commands import SetPerson
from registry.db.engine import disposing
from registry.db.operations import Operations, Session
from registry.people import Person
from registry.readers import Known
from tests.readers.conftest import NOON, token

IDLE = timedelta(minutes=30)


@dataclass
class Tables:
    """How the tables stand."""

    away: bool = False
    refused: bool = False


@pytest.fixture
def tables() -> Tables:
    return Tables()


@pytest.fixture
def operations(home) -> Operations:
    with disposing(home.open_operations()) as engine:
        operations = Operations(engine)
        operations.add_token(token(), "a hash")
        yield operations


@pytest.fixture
def known(registry, operations, keep, tables) -> Known:
    """One that has kept the token `a hash` of the operator."""
    return Known(
        registry.engine,
        operations,
        kept=keep(),
        away=lambda: tables.away,
        refused=lambda: tables.refused,
    )


def tokens(known: Known) -> set[str]:
    return set(known.usable(NOON, IDLE)[1])


def is_set(acts, handle: str, *, active: bool) -> None:
    somebody = Person(handle=handle, roles=(), seats=(), active=active)
    acts.write(SetPerson(person=somebody), "admin")


def test_who_may_come_in_is_what_the_tables_say(acts, known, operations):
    operations.add_token(token("t2"), "another")
    is_set(acts, "author", active=False)

    known.refresh()

    assert tokens(known) == {"a hash", "another"}
    assert known.people == dict(acts.state.people)
    assert "author" not in known.active


def test_without_tables_it_is_what_they_said_last(known, operations, tables):
    operations.add_token(token("t2"), "another")
    before = tokens(known)
    mark = known.mark()
    operations.revoke_token("t1", NOON)
    tables.away = True

    known.refresh()

    assert tokens(known) == before == {"a hash", "another"}
    assert known.mark() != mark


def test_without_tables_no_session_is_taken(known, operations, tables):
    session = Session(
        token_hash="s",
        handle="operator",
        began=NOON,
        last_used=NOON,
        ends=NOON + IDLE,
        reset_at=None,
    )
    operations.begin_session(session)

    assert list(known.usable(NOON, IDLE)[0]) == [session]
    tables.away = True
    assert list(known.usable(NOON, IDLE)[0]) == []


def test_a_reader_that_starts_without_tables_goes_by_what_it_kept(known, tables):
    tables.away = True

    known.refresh()

    assert tokens(known) == {"a hash"}
    assert known.active == {"operator"}


def test_tables_that_are_refused_let_nobody_new_in(acts, known, operations, tables):
    operations.add_token(token("t2"), "brought back")
    tables.refused = True

    known.refresh()

    assert tokens(known) == {"a hash"}
    assert known.active == {"operator"}


def test_what_is_revoked_in_refused_tables_is_refused(acts, known, operations, tables):
    tables.refused = True
    before = known.mark()
    operations.revoke_token("t1", NOON)
    is_set(acts, "operator", active=False)

    known.refresh()

    assert known.mark() != before
    assert tokens(known) == set()
    assert known.active == frozenset()
