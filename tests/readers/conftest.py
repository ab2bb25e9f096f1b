"""A registry in which something is live, and what a reader would keep of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.db.engine import reading
from registry.db.live import read_snapshots
from registry.db.operations import Token
from registry.readers import Kept, Shelf
from tests.writer.conftest import acts, clock, home, lived, registry

__all__ = ["acts", "clock", "home", "lived", "registry"]

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


def token(id: str = "t1", *, handle: str = "operator") -> Token:
    return Token(
        id=id,
        handle=handle,
        purpose="a chatbot",
        scope="read",
        environments=("staging",),
        bots=(),
        made=NOON,
        expires=NOON + timedelta(days=1),
        revoked=None,
    )


@pytest.fixture
def database() -> None:
    """What is kept is the same, whatever it was read from."""


@pytest.fixture
def keep(registry) -> Callable[[], Kept]:
    """What there is to keep at the moment."""

    def keep() -> Kept:
        with reading(registry.engine) as connection:
            snapshots = read_snapshots(connection)
        return Kept(
            at=NOON,
            snapshots=snapshots,
            tokens={"a hash": token()},
            active=frozenset({"operator"}),
        )

    return keep


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "reader"


@pytest.fixture
def shelf(folder: Path):
    shelf = Shelf(folder)
    with shelf.held():
        yield shelf
