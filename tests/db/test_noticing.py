"""Seeing that another process has written to an SQLite file."""

import pytest
from sqlalchemy import text

from registry.db.engine import disposing, open_engine, reading, sqlite_url, writing
from registry.db.noticing import Noticing


@pytest.fixture
def file(tmp_path):
    return sqlite_url(tmp_path / "some.db")


@pytest.fixture
def noticing(file):
    with disposing(open_engine(file)) as engine:
        noticing = Noticing(engine)
        noticing.has_changed()
        yield noticing
        noticing.close()


@pytest.fixture
def other(file):
    with disposing(open_engine(file)) as engine:
        yield engine


def test_a_write_is_seen_once(noticing, other):
    with writing(other) as connection:
        connection.execute(text("CREATE TABLE some (id INTEGER)"))

    assert [noticing.has_changed() for _ in range(3)] == [True, False, False]


def test_reading_changes_nothing(noticing, other):
    with reading(other) as connection:
        connection.execute(text("SELECT 1"))

    assert not noticing.has_changed()
