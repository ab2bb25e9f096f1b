"""A registry in a temporary folder, on real git and a real database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.exc import OperationalError

from registry.db.engine import reading
from registry.db.projection import HEAD, TABLES
from registry.writer import Home, Open, opened
from registry.writer.verify import Verified, verify
from tests.writer import acts as acting
from tests.writer.hand import Hand

Dump = dict[str, set[tuple[object, ...]]]


@pytest.fixture
def clock() -> acting.Clock:
    return acting.Clock()


@pytest.fixture
def home(tmp_path: Path, database: str | None) -> Home:
    """An empty registry."""
    home = Home(path=tmp_path / "registry", database=database)
    home.create().close()
    return home


@pytest.fixture
def registry(home: Home, clock: acting.Clock) -> Iterator[Open]:
    """A registry that has begun, open."""
    with opened(home, clock=clock) as registry:
        acting.Acts(registry.writer).begin()
        yield registry


@pytest.fixture
def acts(registry: Open) -> acting.Acts:
    return acting.Acts(registry.writer)


@pytest.fixture
def lived(registry: Open, acts: acting.Acts) -> Open:
    """A registry in which a little of everything has happened."""
    acts.live_a_little()
    registry.afterwards.once()
    return registry


@pytest.fixture
def dump() -> Callable[[Engine], Dump]:
    """Every row of the projection, by table."""

    def dump(engine: Engine) -> Dump:
        with reading(engine) as connection:
            return {
                table.name: {tuple(row) for row in connection.execute(select(table))}
                for table in (HEAD, *TABLES)
            }

    return dump


@pytest.fixture
def verified() -> Callable[[Open], Verified]:
    """Verify an open registry."""

    def verified(registry: Open) -> Verified:
        return verify(registry.ledger, registry.engine, lambda _: None)

    return verified


@pytest.fixture
def hand(home: Home, tmp_path: Path) -> Hand:
    return Hand(home.ledger_path, tmp_path / "index")


@pytest.fixture
def failing_commits() -> Callable[..., AbstractContextManager[None]]:
    """Let the next COMMITs of an engine fail, so many of them."""

    @contextmanager
    def failing(engine: Engine, *, times: int) -> Iterator[None]:
        left = iter(range(times))

        def fail(connection: Connection) -> None:
            if next(left, None) is not None:
                connection.invalidate()
                raise OperationalError("COMMIT", {}, OSError("the disk is gone"))

        event.listen(engine, "commit", fail)
        try:
            yield
        finally:
            event.remove(engine, "commit", fail)

    return failing
