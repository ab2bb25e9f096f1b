"""Rebuilding the registry in a folder, with a bar for each."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from registry.cli import screen
from registry.db.engine import reading
from registry.db.projection import read_head
from registry.errors import Conflict
from registry.writer import Home, opened
from registry.writer.rebuild import (
    rebuild_branches,
    rebuild_ledger,
    rebuild_tables,
)


def write_tables(home: Home) -> int:
    """Make the projection again; returns how many events it has."""
    with home.open_ledger() as ledger, _projection(home) as engine:
        with screen.progress("Rebuilding the tables", _events(engine)) as progress:
            state = rebuild_tables(ledger, engine, home.fence(), progress)
        return state.head.number


def write_ledger(home: Home) -> int:
    """Write a lost ledger again; returns how many events it has.

    Raises:
        Conflict: There is a ledger.
    """
    if home.ledger_path.exists():
        raise Conflict(
            f"there is a ledger in {home.path} already",
            hint=f"Move {home.ledger_path} out of the way first, and keep it.",
        )
    if home.database is not None:  # on another machine the folder is not there yet
        home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _projection(home) as engine:
        number = _events(engine)
        if not number:
            raise Conflict(
                f"the tables in {home.path} hold no event",
                hint="Begin a registry with `placet init`.",
            )
        beside = home.ledger_path.with_name("ledger.git.new")
        try:
            with screen.progress("Writing the ledger", number) as progress:
                rebuild_ledger(engine, beside, home.fence(), progress)
            beside.rename(home.ledger_path)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    write_branches(home)
    return number


def write_branches(home: Home) -> list[str]:
    """Make the branches `env/*` again; returns the environments' names."""
    with opened(home) as registry:
        state = registry.writer.reconcile()
        rebuild_branches(registry.ledger, registry.engine, registry.fence, state)
        return sorted(state.environments)


def _events(engine: Engine) -> int:
    with reading(engine) as connection:
        number, _ = read_head(connection)
    return number


@contextmanager
def _projection(home: Home) -> Iterator[Engine]:
    engine = home.open_projection()
    try:
        yield engine
    finally:
        engine.dispose()
