"""Migrations make exactly the tables in the code, one way and back."""

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import inspect, text

from registry.db.engine import writing
from registry.db.schema import (
    FETCHES,
    HEADS,
    OPERATIONS,
    PROJECTION,
    _config,
    check,
    migrate,
)

SETS = pytest.mark.parametrize("tables", [PROJECTION, OPERATIONS, FETCHES, HEADS])


def names(engine):
    return set(inspect(engine).get_table_names())


@SETS
def test_migrations_make_exactly_the_tables_in_the_code(tables, engine):
    migrate(engine, tables)

    check(engine, tables)


@SETS
def test_a_table_that_differs_from_the_code_is_found(tables, engine):
    migrate(engine, tables)
    altered = {
        PROJECTION: "event",
        OPERATIONS: "token",
        FETCHES: "fetch_count",
        HEADS: "signed_head",
    }[tables]
    with writing(engine) as connection:
        connection.execute(text(f"ALTER TABLE {altered} ADD COLUMN stray INTEGER"))

    with pytest.raises(CommandError, match="stray"):
        check(engine, tables)


@SETS
def test_migrating_again_changes_nothing(tables, engine):
    migrate(engine, tables)
    before = names(engine)

    migrate(engine, tables)

    assert names(engine) == before
    check(engine, tables)


@SETS
def test_migrations_can_be_taken_back_and_made_again(tables, engine):
    migrate(engine, tables)

    command.downgrade(_config(engine, tables), "base")
    taken_back = names(engine)
    migrate(engine, tables)

    assert taken_back == {f"alembic_version_{tables}"}
    check(engine, tables)


@pytest.mark.parametrize("other", [OPERATIONS, FETCHES, HEADS])
def test_the_sets_live_in_one_database_and_leave_each_other_alone(other, engine):
    for tables in {PROJECTION, OPERATIONS, FETCHES, HEADS} - {other}:
        migrate(engine, tables)
    there = names(engine)
    migrate(engine, other)

    for tables in (PROJECTION, OPERATIONS, FETCHES, HEADS):
        check(engine, tables)
    command.downgrade(_config(engine, other), "base")

    assert names(engine) - {f"alembic_version_{other}"} == there


def test_password_resets_come_and_go_without_touching_accounts(engine):
    config = _config(engine, OPERATIONS)
    command.upgrade(config, "0003")
    with writing(engine) as connection:
        connection.execute(
            text("INSERT INTO account (handle, name, email) VALUES ('author', '', '')")
        )

    command.upgrade(config, "0004")
    with writing(engine) as connection:
        reset = connection.execute(text("SELECT handle, reset_at FROM account")).all()
    command.downgrade(config, "0003")
    with writing(engine) as connection:
        kept = connection.execute(text("SELECT handle FROM account")).all()

    assert [tuple(row) for row in reset] == [("author", None)]
    assert [tuple(row) for row in kept] == [("author",)]
