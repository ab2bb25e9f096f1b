"""Telling others of a write, on PostgreSQL."""

from collections.abc import Iterator
from threading import Event

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from registry.db.channel import tell, telling
from registry.db.engine import disposing, open_engine, reading
from registry.db.listening import Listening
from tests.databases import Postgres
from tests.waiting import PATIENCE_S, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def engine(postgres: Postgres) -> Iterator[Engine]:
    url = postgres.make()
    with disposing(open_engine(url)) as engine:
        yield engine
    postgres.drop(url)


@pytest.fixture
def woken() -> Event:
    return Event()


@pytest.fixture
def listening(engine: Engine, woken: Event) -> Iterator[Listening]:
    """One that listens, and has said so."""
    listening = Listening(engine, woken.set)
    listening.start()
    assert woken.wait(PATIENCE_S)
    woken.clear()
    yield listening
    listening.close()


def end_listeners(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        )


def test_whoever_listens_is_woken_by_a_write(engine, listening, woken):
    tell(engine)

    assert woken.wait(PATIENCE_S)


def test_a_write_that_failed_wakes_nobody(engine, listening, woken):
    with pytest.raises(SQLAlchemyError), telling(engine) as connection:
        connection.execute(text("SELECT nothing"))

    assert not woken.wait(0.2)


def test_whoever_was_cut_off_comes_back_and_looks(engine, listening, woken):
    end_listeners(engine)

    assert woken.wait(PATIENCE_S)  # something may have been told meanwhile
    wait_for(lambda: listening.connected)
    woken.clear()
    tell(engine)
    assert woken.wait(PATIENCE_S)


def test_whoever_finds_no_database_goes_on_seeking(engine, postgres, woken, caplog):
    url = engine.url.set(database="placet_nowhere")
    with disposing(open_engine(url)) as nowhere:
        listening = Listening(nowhere, woken.set)
        listening.start()
        wait_for(lambda: "the channel is lost" in caplog.text)

        postgres.run("CREATE DATABASE placet_nowhere")

        assert woken.wait(PATIENCE_S)
        listening.close()
    assert caplog.text.count("the channel is lost") == 1
    postgres.drop(url.render_as_string(hide_password=False))


def test_nobody_waits_for_a_message_that_cannot_be_sent(engine, caplog):
    with disposing(open_engine(engine.url.set(database="placet_nowhere"))) as nowhere:
        tell(nowhere)

    assert "nobody is told of a write" in caplog.text
