"""Every migration, up and down, with rows in every table, on both databases."""

import ast

import pytest
from sqlalchemy import MetaData, insert, inspect, select

from registry.db.engine import reading, writing
from registry.db.schema import (
    FETCHES,
    OPERATIONS,
    PROJECTION,
    check,
    migrate,
    revise,
    revisions,
    scripts,
)
from tests.db.samples import sample

FOLDERS = sorted((scripts() / "versions").iterdir())
SETS = tuple(path.name for path in FOLDERS if not path.name.startswith("_"))
STEPS = [(name, number) for name in SETS for number in range(len(revisions(name)))]
EACH = pytest.mark.parametrize(
    ("tables", "number"), STEPS, ids=[f"{tables} {n + 1:04}" for tables, n in STEPS]
)


def contents(engine):
    """Every row that there is: for each table its columns with their value."""
    found = MetaData()
    with reading(engine) as connection:
        found.reflect(connection)
        return {
            table.name: dict(row._mapping)
            for table in found.sorted_tables
            if not table.name.startswith("alembic_version")
            for row in connection.execute(select(table))
        }


def fill(engine):
    """Put a row into every table that has none."""
    found = MetaData()
    with writing(engine) as connection:
        found.reflect(connection)
        for table in found.sorted_tables:
            if connection.execute(select(table)).first() is None:
                connection.execute(insert(table), sample(table))


def in_both(one, other):
    """What the first has of the tables and columns that the other has, too."""
    return {
        table: {name: value for name, value in row.items() if name in other[table]}
        for table, row in one.items()
        if table in other
    }


@EACH
def test_from_every_form_rows_come_to_the_newest(tables, number, engine):
    revise(engine, tables, revisions(tables)[number])
    fill(engine)
    before = contents(engine)

    migrate(engine, tables)

    after = contents(engine)
    assert before
    assert in_both(after, before) == before
    check(engine, tables)


@EACH
def test_back_to_every_form_rows_keep_what_it_has_a_place_for(tables, number, engine):
    migrate(engine, tables)
    fill(engine)
    before = contents(engine)

    revise(engine, tables, revisions(tables)[number])

    after = contents(engine)
    assert after
    assert in_both(before, after) == after


@pytest.mark.parametrize("tables", SETS)
def test_step_by_step_back_and_on_again_with_rows(tables, engine):
    migrate(engine, tables)
    for revision in reversed(revisions(tables)):
        revise(engine, tables, revision)
        fill(engine)
    first = contents(engine)

    for revision in revisions(tables):
        revise(engine, tables, revision)
        fill(engine)

    after = contents(engine)
    assert in_both(after, first) == first
    assert all(after.values())
    check(engine, tables)


@pytest.mark.parametrize("tables", SETS)
def test_all_the_way_back_nothing_is_left(tables, engine):
    migrate(engine, tables)
    fill(engine)

    revise(engine, tables, "base")

    left = set(inspect(engine).get_table_names())
    assert left == {f"alembic_version_{tables}"}


@EACH
def test_a_migration_says_what_is_lost_when_it_is_taken_back(tables, number):
    folder = scripts() / "versions" / tables
    (file,) = folder.glob(f"{revisions(tables)[number]}_*.py")

    said = ast.get_docstring(ast.parse(file.read_text()))

    assert "\nTaken back: " in said


def test_every_set_of_tables_is_walked():
    assert {PROJECTION, OPERATIONS, FETCHES} <= set(SETS)
