"""A registry on PostgreSQL with a reader beside it: two processes, one database."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from sqlalchemy import make_url

from registry.cli.signed import signing_of
from registry.db.channel import CHANNEL
from registry.db.engine import disposing, open_engine
from registry.db.heads import SignedHeads
from registry.writer import Home
from tests.cli.conftest import address_said
from tests.cli.worlds import PEOPLE, PLACET, World
from tests.databases import Postgres
from tests.waiting import PATIENCE_S, wait_for

END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"

NOWHERE = {**os.environ, "PATH": "/nonexistent"}
"""A machine without git, or any other program."""


@dataclass(frozen=True, slots=True)
class Process:
    """A server: where it is, and what it was started as."""

    url: str
    process: subprocess.Popen[str]

    def get(self, path: str, token: str | None = None) -> httpx2.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx2.get(self.url + path, headers=headers, timeout=20)

    def end(self) -> str:
        """Have it end as an operator does; what it said."""
        self.process.terminate()
        said = self.process.stderr.read()  # with what is buffered already
        self.process.wait(timeout=30)
        return said

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def started(*words: str | Path, git: bool = True) -> Iterator[Process]:
    """`placet serve` with *words*, for as long as the block lasts."""
    process = subprocess.Popen(
        [PLACET, "serve", "--port", "0", *words],
        stderr=subprocess.PIPE,
        text=True,
        env=None if git else NOWHERE,
    )
    try:
        yield Process(address_said(process.stderr), process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()


class Database:
    """One that can be away for a while, or be replaced by an older one."""

    def __init__(self, postgres: Postgres) -> None:
        self.url = postgres.make()
        self._host = make_url(self.url).query["host"]
        self.name = str(make_url(self.url).database)
        self._others: list[str] = []

    def let_in(self, role: str) -> str:
        """Grant somebody what the page on readers says that one needs; the URL."""
        page = (Path(__file__).parents[2] / "docs/readers.md").read_text()
        grants = page.partition("```sql\n")[2].partition("```")[0]
        self._run(grants.replace(" reader", f" {role}"), database=self.name)
        return str(make_url(self.url).set(username=role))

    def go_away(self) -> None:
        self._run(
            f"ALTER DATABASE {self.name} WITH ALLOW_CONNECTIONS false",
            f"{END} WHERE datname = '{self.name}'",
        )

    def come_back(self) -> None:
        self._run(f"ALTER DATABASE {self.name} WITH ALLOW_CONNECTIONS true")

    def backed_up(self) -> str:
        """The name of another one, which is as this one is now."""
        name = f"{self.name}_{len(self._others)}"
        self._others.append(name)
        self.go_away()
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.name}")
        self.come_back()
        return name

    def restore(self, backup: str) -> None:
        """Put the one called *backup* in the place of this one."""
        gone = f"{backup}_gone"
        self._others.append(gone)
        self.go_away()
        self._run(
            f"ALTER DATABASE {self.name} RENAME TO {gone}",
            f"ALTER DATABASE {backup} RENAME TO {self.name}",
        )

    def end_listeners(self) -> int:
        """Cut the connections that listen; how many there were."""
        return self._run(
            f"{END} WHERE datname = '{self.name}' AND query LIKE 'LISTEN%'"
        )

    @contextmanager
    def heard(self) -> Iterator[Callable[[], bool]]:
        """Whether something is told on the channel, after what is done in the block."""
        with psycopg.connect(
            host=self._host, user="postgres", dbname=self.name, autocommit=True
        ) as connection:
            connection.execute(f"LISTEN {CHANNEL}")

            def told() -> bool:
                found = list(connection.notifies(timeout=PATIENCE_S, stop_after=1))
                list(connection.notifies(timeout=0.2))  # what belongs to the same act
                return bool(found)

            yield told

    def revoke(self, token: str) -> None:
        """End a token behind everybody's back: nobody is told."""
        self._run(
            "UPDATE token SET revoked = now() "  # noqa: S608 (an id of our own)
            f"WHERE id = '{token}'",
            database=self.name,
        )

    def raise_epoch(self) -> None:
        """As whoever restored a backup has it done; behind everybody's back here."""
        self._run(
            "UPDATE event SET body = convert_to(replace(convert_from(body, 'UTF8'), "
            "'\"epoch\":1,', '\"epoch\":2,'), 'UTF8') WHERE number = 1",
            "UPDATE ledger_head SET position = 'raised'",
            database=self.name,
        )

    def drop(self) -> None:
        for name in [self.name, *self._others]:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._run(f"DROP ROLE IF EXISTS {self.name}_reader")

    def _run(self, *statements: str, database: str = "postgres") -> int:
        """How many rows the last of them gave or changed."""
        with psycopg.connect(
            host=self._host, user="postgres", dbname=database, autocommit=True
        ) as connection:
            for statement in statements:
                done = connection.execute(statement)
        return done.rowcount


def sign(home: Path, database: str) -> None:
    """As the registry in *home* does whenever something went live."""
    with disposing(open_engine(database)) as engine:
        signing_of(Home(path=home), engine, SignedHeads(engine))


def begin_on(database: Database, home: Path) -> dict[str, str]:
    """A registry in *database*; the passwords of its people."""
    people = [word for person in PEOPLE for word in ("--person", person)]
    made = subprocess.run(
        [PLACET, "init", "--home", home, "--json", "--database", database.url, *people],
        check=True,
        capture_output=True,
    )
    return dict(json.loads(made.stdout))


def reads(world: World, *more: str, handle: str = "operator") -> dict[str, Any]:
    """A token for chatbots, with its secret."""
    words: Sequence[str] = ("token", "new", "--purpose", "a chatbot", *more)
    return world[handle].reads(*words)


def caught_up(reader: Process, registry: Process, path: str, token: str) -> int:
    """Wait until *reader* is where *registry* is; the seq there."""
    told = registry.get(path, token)
    assert told.status_code == 200, told.text
    seq = told.headers["placet-seq"]
    wait_for(lambda: reader.get(path, token).headers.get("placet-seq") == seq)
    return int(seq)
