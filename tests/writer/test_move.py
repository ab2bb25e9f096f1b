"""Moving tables to PostgreSQL: the rules at the top of `registry/writer/move.py`."""

import pytest
from sqlalchemy import insert

from registry.db.engine import disposing, open_engine, reading, writing
from registry.db.rows import COUNTED, OPERATIONAL, read_rows
from registry.errors import Conflict, Invalid, Unavailable
from registry.writer import Home, opened
from registry.writer.move import move
from registry.writer.verify import verify
from tests.db.samples import sample
from tests.writer.acts import Acts, fragment

pytestmark = pytest.mark.slow


def _nothing(_: int) -> None:
    pass


@pytest.fixture
def database():
    """What is moved is on SQLite."""


@pytest.fixture
def url(postgres):
    url = postgres.make()
    yield url
    postgres.drop(url)


@pytest.fixture
def settled(home, clock):
    """A registry that has lived, with nobody at work in it."""
    with opened(home, clock=clock) as registry:
        acts = Acts(registry.writer)
        acts.begin()
        acts.live_a_little()
        registry.afterwards.once()
    for tables, opening in (
        (OPERATIONAL, home.open_operations),
        (COUNTED, home.open_fetches),
    ):
        with disposing(opening()) as engine, writing(engine) as connection:
            for table in tables:
                connection.execute(insert(table), sample(table))
    return home


def rows_of(home):
    found = {}
    for tables, opening in (
        (OPERATIONAL, home.open_operations),
        (COUNTED, home.open_fetches),
    ):
        with disposing(opening()) as engine, reading(engine) as connection:
            found.update({t.name: list(read_rows(connection, t)) for t in tables})
    return found


def test_every_row_is_there_afterwards_sessions_too(settled, url):
    before = rows_of(settled)

    moved = move(settled, url, _nothing)

    assert rows_of(Home(path=settled.path, database=url)) == before
    assert all(before.values())
    assert moved.rows > moved.events + len(before)


def test_the_registry_goes_on_in_the_same_epoch(settled, url, clock):
    move(settled, url, _nothing)
    there = Home(path=settled.path, database=url)

    with opened(there, clock=clock) as registry:
        Acts(registry.writer).put_live(fragment("1.9.0", "Sing."))
        registry.afterwards.once()
        keys = there.keys().verifiers()
        verified = verify(registry.ledger, registry.engine, _nothing, keys=keys)
        assert registry.writer.state.epoch == 1
    assert verified.signed == verified.events


def test_what_is_numbered_goes_on_counting(settled, url):
    move(settled, url, _nothing)

    delivery = next(one for one in OPERATIONAL if one.name == "delivery")
    new = sample(delivery) | {"recipient": "another"}
    del new["id"]
    there = Home(path=settled.path, database=url)
    with disposing(there.open_operations()) as engine, writing(engine) as connection:
        made = connection.execute(insert(delivery).returning(delivery.c.id), new)
        assert made.scalar_one() == 2


def test_nobody_opens_the_old_tables_any_more(settled, url):
    moved = move(settled, url, _nothing)

    assert not list(settled.path.glob("*.db*"))[3:]
    assert all(path.exists() for path in moved.kept)
    with pytest.raises(Conflict, match="are in PostgreSQL"):
        settled.open_operations()
    with pytest.raises(Conflict, match="are in PostgreSQL"):
        move(settled, url, _nothing)


def test_a_database_that_is_not_empty_is_refused(settled, url):
    with disposing(open_engine(url)) as engine, writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE mine (id int)")
        connection.exec_driver_sql("INSERT INTO mine VALUES (1)")

    with pytest.raises(Conflict, match="rows in mine"):
        move(settled, url, _nothing)

    rows_of(settled)


@pytest.mark.parametrize("opening", ["open_projection", "open_operations"])
def test_a_folder_in_which_a_server_is_at_work_is_refused(settled, url, opening):
    with (
        disposing(getattr(settled, opening)()) as engine,
        engine.connect(),
        pytest.raises(Conflict, match="is in use"),
    ):
        move(settled, url, _nothing)

    assert rows_of(settled)
    there = Home(path=settled.path, database=url)
    assert not any(rows_of(there).values())


def test_what_fails_leaves_everything_as_it_was(settled, url):
    before = rows_of(settled)

    def fail(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(settled, url, fail)

    assert rows_of(settled) == before
    assert not any(rows_of(Home(path=settled.path, database=url)).values())
    move(settled, url, _nothing)


def test_a_row_that_did_not_arrive_as_it_was_is_found(settled, url):
    """A trigger alters what is written, as a database of another encoding might."""
    there = Home(path=settled.path, database=url)
    with disposing(there.open_operations()) as engine, writing(engine) as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION alter_it() RETURNS trigger AS $$ BEGIN "
            "NEW.name := 'other'; RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER alter_it BEFORE INSERT ON account "
            "FOR EACH ROW EXECUTE FUNCTION alter_it()"
        )

    with pytest.raises(Unavailable, match="account differs"):
        move(settled, url, _nothing)

    assert rows_of(settled)


def test_it_goes_to_postgresql_only(settled, tmp_path):
    with pytest.raises(Invalid, match="to PostgreSQL"):
        move(settled, f"sqlite:///{tmp_path / 'other.db'}", _nothing)


def test_a_database_that_is_not_there_is_told(settled, url):
    with pytest.raises(Unavailable, match="cannot be used"):
        move(settled, url.replace("placet_", "nobody_"), _nothing)

    assert rows_of(settled)
