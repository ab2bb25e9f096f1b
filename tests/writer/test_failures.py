"""A database that fails at the worst moment: the truth is told, nothing is lost."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from registry.db.engine import is_sqlite, reading, writing
from registry.db.live import read_snapshots
from registry.errors import NotAllowed, Unavailable
from registry.writer import opened
from tests.writer.acts import Acts, bot, fragment, prompt


@contextmanager
def faulty_projection(engine, table="live"):
    """A fault in the tables: nothing can be added to *table*."""
    make, drop = trigger(engine, table)
    for statement in make:
        run(engine, statement)
    yield
    run(engine, drop)


def trigger(engine, table):
    if is_sqlite(engine):
        fail = "SELECT RAISE(ABORT, 'a fault in the projection')"
        create = f"CREATE TRIGGER fault BEFORE INSERT ON {table} BEGIN {fail}; END"
        return [create], "DROP TRIGGER fault"
    body = "BEGIN RAISE 'a fault in the projection'; END"
    function = "CREATE FUNCTION fault() RETURNS trigger AS '{0}' LANGUAGE plpgsql"
    quoted = body.replace("'", "''")
    create = f"CREATE TRIGGER fault BEFORE INSERT ON {table} EXECUTE FUNCTION fault()"
    return [function.format(quoted), create], "DROP FUNCTION fault CASCADE"


def run(engine, statement):
    with writing(engine) as connection:
        connection.execute(text(statement))


def test_an_event_whose_commit_failed_has_happened_and_is_told(
    registry, acts, verified, failing_commits
):
    acts.begin_support()

    with failing_commits(registry.engine, times=1):
        written = acts.stop("It says nonsense.", key="k")

    assert (written.event.number, written.repeated) == (4, False)
    assert registry.writer.state is written.state
    assert acts.stop("It says nonsense.", key="k").event == written.event
    assert verified(registry).events == 4


def test_an_event_without_a_key_is_found_again_too(registry, acts, failing_commits):
    acts.begin_support()
    acts.say("the same words")

    with failing_commits(registry.engine, times=1):
        written = acts.say("the same words")

    assert written.event.number == registry.writer.state.head.number == 5


def test_a_database_that_stays_away_is_told_and_the_event_is_not_lost(
    registry, acts, verified, failing_commits
):
    acts.begin_support()
    before = registry.writer.state

    gone = pytest.raises(Unavailable, match="the disk is gone")
    with failing_commits(registry.engine, times=2), gone as told:
        acts.stop("It says nonsense.", key="k")

    assert "same key" in told.value.hint
    assert registry.writer.state is before
    again = acts.stop("It says nonsense.", key="k")
    assert (again.event.number, again.repeated) == (4, True)
    assert verified(registry).events == 4


def test_i24_what_failed_for_one_is_never_told_to_the_next(
    registry, acts, failing_commits
):
    acts.begin_support()
    with failing_commits(registry.engine, times=2), pytest.raises(Unavailable):
        acts.stop("It says nonsense.", key="k")

    with failing_commits(registry.engine, times=1):
        said = acts.say("Is it stopped?")

    assert said.event.number == 5
    assert said.event.payload.text == "Is it stopped?"


def test_a_refusal_does_not_hide_what_was_folded_in(
    registry, acts, home, dump, failing_commits
):
    acts.begin_support()
    with failing_commits(registry.engine, times=2), pytest.raises(Unavailable):
        acts.stop("It says nonsense.", key="k")

    with pytest.raises(NotAllowed):
        acts.submit(fragment("1.1.0"), who="risk")
    with pytest.raises(Unavailable), failing_commits(registry.engine, times=9):
        acts.say("not yet")

    registry.afterwards.once()
    assert registry.writer.state.head.number == len(dump(registry.engine)["event"])
    with opened(home) as again:
        assert again.writer.state == registry.writer.state


def test_a_lost_event_is_folded_in_when_nobody_writes(registry, acts, failing_commits):
    acts.begin_support()
    with failing_commits(registry.engine, times=2), pytest.raises(Unavailable):
        acts.stop("It says nonsense.", key="k")

    registry.afterwards.once()

    with reading(registry.engine) as connection:
        told = read_snapshots(connection)["staging"].bots["acme/support"]
    assert told.stopped


@pytest.mark.parametrize("table", ["event", "text", "served", "live", "bot", "moment"])
def test_a_fault_in_the_projection_stops_the_act_and_not_the_ledger(
    table, registry, acts, dump
):
    acts.begin_support()
    change = acts.submit(bot("1.1.0"), prompt("1.1.0"), fragment("1.1.0", "Hm."))
    before = registry.ledger.head(), registry.writer.state, dump(registry.engine)

    told = pytest.raises(Unavailable, match="a fault in the projection")
    with faulty_projection(registry.engine, table), told:
        acts.activate(change, key="k")

    assert registry.ledger.head() == before[0]
    assert registry.writer.state is before[1]
    assert dump(registry.engine) == before[2]
    assert not acts.activate(change, key="k").repeated


def test_a_fault_that_one_act_meets_lets_others_through(registry, acts, verified):
    acts.begin_support()

    with faulty_projection(registry.engine):
        change = acts.submit(fragment("1.1.0", "Speak up."))
        with pytest.raises(Unavailable):
            acts.activate(change)
        acts.say("It does not work.")

    verified(registry)


def test_a_table_that_is_gone_stops_the_act_and_not_the_ledger(registry, acts):
    acts.begin_support()
    change = acts.submit(fragment("1.1.0", "Speak up."))
    before = registry.ledger.head()
    run(registry.engine, "ALTER TABLE moment RENAME TO elsewhere")

    with pytest.raises(Unavailable, match="moment"):
        acts.activate(change)

    run(registry.engine, "ALTER TABLE elsewhere RENAME TO moment")
    assert registry.ledger.head() == before
    assert acts.activate(change).event.payload.seq == 2


def test_a_damaged_text_stops_the_act_and_not_the_ledger(registry, acts, home, clock):
    acts.begin_support()
    change = acts.submit(fragment("1.1.0", "Speak up."))
    before = registry.ledger.head()
    run(registry.engine, "UPDATE text SET body = substr(body, 1, 9)")

    damaged = pytest.raises(Unavailable, match="missing from the database, or damaged")
    with opened(home, clock=clock) as again, damaged:
        Acts(again.writer).activate(change)

    assert registry.ledger.head() == before


def test_a_connection_that_is_cut_before_the_commit_is_told_truly(
    home, registry, acts, database, request, verified
):
    if database is None:
        pytest.skip("SQLite has no connection that could be cut")
    acts.begin_support()
    postgres = request.getfixturevalue("postgres")

    def cut(connection):
        pid = connection.connection.dbapi_connection.info.backend_pid
        postgres.run(f"SELECT pg_terminate_backend({pid})")

    event.listen(registry.engine, "commit", cut, once=True)
    written = acts.stop("It says nonsense.", key="k")

    assert written.event.number == 4
    assert verified(registry).events == 4


def test_a_database_that_cannot_be_reached_is_told(home, registry, acts):
    acts.begin_support()
    before = registry.ledger.head()

    def fail(*_):
        raise OperationalError("connect", {}, OSError("no route to it"))

    event.listen(registry.engine, "begin", fail)
    with pytest.raises(Unavailable, match="no route to it"):
        acts.say("hello?")
    event.remove(registry.engine, "begin", fail)

    assert registry.ledger.head() == before
    assert acts.say("hello?").event.number == 4
    assert issubclass(OperationalError, SQLAlchemyError)
