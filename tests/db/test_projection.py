"""Rows: intervals that begin and end, written one event or a thousand at a time."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.db.engine import reading, writing
from registry.db.projection import (
    LIVE,
    SERVED,
    TEXT,
    Rows,
    add_text,
    clear,
    read_head,
    write_head,
    write_rows,
)
from registry.db.schema import PROJECTION, migrate
from registry.names import digest_of


@pytest.fixture
def tables(engine):
    migrate(engine, PROJECTION)
    return engine


def interval(since, document="prompts/a", environment="staging"):
    return {
        "environment": environment,
        "document": document,
        "since": since,
        "version": f"1.{since}.0",
        "digest": "sha256:d",
        "composed": f"sha256:{since}",
    }


def write(engine, rows):
    with writing(engine) as connection:
        write_rows(connection, rows)


def intervals(engine):
    with reading(engine) as connection:
        query = select(LIVE.c.since, LIVE.c.until).order_by(LIVE.c.since)
        return [tuple(row) for row in connection.execute(query)]


def test_an_interval_ends_where_the_next_one_begins(tables):
    first, second = Rows(), Rows()
    first.begin(LIVE, interval(1))
    second.end(LIVE, "staging", "prompts/a", since=1, until=2)
    second.begin(LIVE, interval(2))

    write(tables, first)
    write(tables, second)

    assert intervals(tables) == [(1, 2), (2, None)]


def test_intervals_written_together_are_the_same(tables):
    rows = Rows()
    for since in range(1, 4):
        if since > 1:
            rows.end(LIVE, "staging", "prompts/a", since=since - 1, until=since)
        rows.begin(LIVE, interval(since))

    write(tables, rows)

    assert intervals(tables) == [(1, 2), (2, 3), (3, None)]


def test_only_the_interval_that_is_meant_ends(tables):
    rows = Rows()
    rows.begin(LIVE, interval(1))
    rows.begin(LIVE, interval(1, document="prompts/b"))
    rows.begin(LIVE, interval(1, environment="production"))
    write(tables, rows)

    ending = Rows()
    ending.end(LIVE, "staging", "prompts/a", since=1, until=9)
    write(tables, ending)

    assert sorted(intervals(tables), key=str) == [(1, 9), (1, None), (1, None)]


def test_a_document_is_live_once(tables):
    rows = Rows()
    rows.begin(LIVE, interval(1))
    write(tables, rows)

    again = Rows()
    again.begin(LIVE, interval(2))
    with pytest.raises(IntegrityError):
        write(tables, again)

    assert intervals(tables) == [(1, None)]


@pytest.mark.parametrize("table", [TEXT, SERVED], ids=lambda table: table.name)
def test_bytes_that_are_there_may_be_written_again(table, tables):
    for _ in range(2):
        rows = Rows()
        rows.added[table].append({"digest": "sha256:d", "body": b"x"})
        write(tables, rows)

    with reading(tables) as connection:
        assert connection.execute(select(table.c.body)).scalars().all() == [b"x"]


def test_bytes_come_back_as_they_went(tables):
    data = bytes(range(256)) * 1024
    rows = Rows()
    add_text(rows, {digest_of(data): data})

    write(tables, rows)

    with reading(tables) as connection:
        assert bytes(connection.execute(select(TEXT.c.body)).scalar_one()) == data


def test_the_head_moves_on(tables):
    with reading(tables) as connection:
        told = [read_head(connection)]
    for number in (1, 2):
        with writing(tables) as connection:
            write_head(connection, number=number, digest="d", position=f"c{number}")
        with reading(tables) as connection:
            told.append(read_head(connection))

    assert told == [(0, None), (1, "c1"), (2, "c2")]


def test_nothing_is_left_when_it_is_cleared(lived, dump):
    with writing(lived.engine) as connection:
        clear(connection)

    assert {table for table, rows in dump(lived.engine).items() if rows} == set()
