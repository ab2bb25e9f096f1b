"""Databases of both makes, empty ones and that of a registry in use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.db.engine import disposing, open_engine, sqlite_url
from tests.writer.conftest import acts, clock, dump, home, lived, registry

__all__ = [
    "acts",
    "clock",
    "dump",
    "home",
    "lived",
    "registry",
]


@pytest.fixture
def engine(tmp_path: Path, database: str | None) -> Iterator[Engine]:
    """An empty database."""
    url = database or sqlite_url(tmp_path / "empty.db")
    with disposing(open_engine(url)) as engine:
        yield engine
