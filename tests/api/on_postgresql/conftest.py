"""The same tests on PostgreSQL: of what is read from tables, or written to them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.writer import Home
from registry.writer.move import move
from tests.databases import Postgres


@pytest.fixture(scope="session")
def moved(
    begun: Path, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Home]:
    """The registry that every test begins with, moved to PostgreSQL."""
    folder = tmp_path_factory.mktemp("moved") / "registry"
    shutil.copytree(begun, folder)
    url = postgres.make()
    move(Home(path=folder), url, lambda _: None)
    yield Home(path=folder, database=url)
    postgres.drop(url)


@pytest.fixture
def home(
    tmp_path: Path, moved: Home, copy_database: Callable[[str | None], str | None]
) -> Home:
    shutil.copytree(moved.path, tmp_path / "registry")
    return Home(path=tmp_path / "registry", database=copy_database(moved.database))
