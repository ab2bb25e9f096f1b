"""Transactions: what is written is not lost, what is read is of one moment."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from registry.db.engine import reading, writing


@pytest.fixture
def counter(engine):
    """A number in a table, and a function that reads it."""
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    return lambda connection: connection.execute(
        text("SELECT number FROM counter")
    ).scalar_one()


def put(connection, number):
    connection.execute(text("UPDATE counter SET number = :n"), {"n": number})


def test_of_increments_at_once_none_is_lost(engine, counter):
    """Reading first and writing then is what loses them elsewhere."""
    query = text("SELECT number FROM counter")
    if engine.dialect.name == "postgresql":
        query = text("SELECT number FROM counter FOR UPDATE")
    ready = Barrier(10)

    def increment():
        ready.wait()
        for _ in range(10):
            with writing(engine) as connection:
                put(connection, connection.execute(query).scalar_one() + 1)

    threads = [Thread(target=increment) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading(engine) as connection:
        assert counter(connection) == 100


def test_a_reader_sees_one_moment(engine, counter):
    with reading(engine) as reader:
        before = counter(reader)
        with writing(engine) as writer:
            put(writer, 7)
        after = counter(reader)

    assert (before, after) == (0, 0)
    with reading(engine) as reader:
        assert counter(reader) == 7


def test_a_reader_does_not_wait_for_a_writer(engine, counter):
    with writing(engine) as writer:
        put(writer, 7)
        with reading(engine) as reader:
            seen = counter(reader)

    assert seen == 0


def test_an_error_leaves_nothing_behind(engine, counter):
    def fail():
        with writing(engine) as connection:
            put(connection, 7)
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    with reading(engine) as connection:
        assert counter(connection) == 0


def test_what_a_reader_writes_by_mistake_waits_for_nobody(engine, counter):
    """A reader that writes is a reader that has become a writer, once."""
    with reading(engine) as connection:
        put(connection, 3)

    with reading(engine) as connection:
        assert counter(connection) == 3
