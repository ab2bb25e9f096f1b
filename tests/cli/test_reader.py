"""`placet serve --reader`: chatbots are answered by a process that only reads."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import placet
from tests.cli.reading import (
    Database,
    Process,
    begin_on,
    caught_up,
    reads,
    sign,
    started,
)
from tests.cli.worlds import Library, World, is_not_served
from tests.databases import Postgres
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

REGISTRY = "https://placet.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A registry on PostgreSQL."""

    world: World
    registry: Process
    database: Database
    as_reader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A registry and a reader of it."""

    served: Served
    reader: Process
    folder: Path

    @property
    def world(self) -> World:
        return self.served.world

    @property
    def database(self) -> Database:
        return self.served.database

    def reads_again(self) -> AbstractContextManager[Process]:
        """Another reader, in the folder of the one that has ended."""
        return reading(self.served, self.folder)


def reading(served: Served, folder: Path) -> AbstractContextManager[Process]:
    words = ("--home", folder, "--database", served.as_reader, "--public-url", REGISTRY)
    return started("--reader", *words, git=False)


@contextmanager
def serving(folder: Path, postgres: Postgres) -> Iterator[Served]:
    database = Database(postgres)
    home = folder / "registry"
    passwords = begin_on(database, home)
    with started("--home", home, "--database", database.url) as registry:
        world = World(registry.url, home, passwords)
        yield Served(
            world=world,
            registry=registry,
            database=database,
            as_reader=database.let_in(f"{database.name}_reader"),
        )
    database.drop()


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres
) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("read"), postgres) as served:
        yield served


@pytest.fixture
def pair(tmp_path: Path, served: Served) -> Iterator[Pair]:
    folder = tmp_path / "reading"
    with reading(served, folder) as reader:
        yield Pair(served=served, reader=reader, folder=folder)


@pytest.fixture
def pair_apart(tmp_path: Path, postgres: Postgres) -> Iterator[Pair]:
    """For a test after which nobody could go on with the registry."""
    with serving(tmp_path, postgres) as served:
        folder = tmp_path / "reading"
        with reading(served, folder) as reader:
            yield Pair(served=served, reader=reader, folder=folder)


HERE = "/v1/environments/development"


def lives(pair: Pair, library: Library, token: str) -> tuple[str, int]:
    """Have the library live, for the reader too: where its bot is, and the seq."""
    pair.world.lives(library.folder, "development")
    bot = f"{HERE}/bots/{library.bot}"
    return bot, caught_up(pair.reader, pair.served.registry, bot, token)


def test_a_reader_answers_as_the_registry_does(pair: Pair, library: Library):
    token = reads(pair.world, "--env", "development")["token"]
    bot, then = lives(pair, library, token)
    earlier = pair.reader.get(bot, token)
    library.write_tone("1.0.1", "Be brief.")
    lives(pair, library, token)

    for path in (
        bot,
        f"{bot}/head",
        f"{HERE}/{library.refunds}",
        f"{bot}?seq={then}",
        f"{bot}?at=2020-01-01T00:00:00Z",
        f"{HERE}/{library.tone}?version=^2",
    ):
        told = pair.served.registry.get(path, token)
        asked = pair.reader.get(path, token)
        assert (asked.status_code, asked.content) == (told.status_code, told.content)
        for header in ("placet-seq", "placet-epoch", "etag", "cache-control"):
            assert asked.headers.get(header) == told.headers.get(header)
    assert pair.reader.get(f"{bot}?seq={then}", token).content == earlier.content
    for each in (earlier, pair.reader.get(bot, token)):
        digest = each.headers["placet-digest"]
        found = pair.reader.get(f"/v1/bundles/{digest}", token)
        assert found.content == each.content
    assert pair.reader.get(bot).status_code == 401
    with placet.Client(
        pair.reader.url, token=token, environment="development", refresh="manual"
    ) as client:
        said = client.bot(library.bot).prompt("refunds").render(question="How?")
    assert "Be brief." in said[0]["content"]


def test_people_are_told_where_the_registry_is(pair: Pair):
    for path in ("/v1/changes", "/docs", "/v1/inbox"):
        answer = pair.reader.get(path)
        assert answer.status_code == 404
        assert answer.json()["detail"] == "this is a reader, and answers chatbots only"
        assert answer.json()["hint"] == f"Ask the registry at {REGISTRY}."
    ready = {"ready": True, "reader": True, "standby": False}
    ready |= {"stale": False, "why": None}
    assert pair.reader.get("/livez").json() == {"alive": True}
    assert pair.reader.get("/readyz").json() == ready
    schema = pair.served.registry.get("/schemas/bot.json")
    assert pair.reader.get("/schemas/bot.json").content == schema.content


def test_what_is_revoked_is_refused_by_a_reader(pair: Pair, library: Library):
    made = reads(pair.world)
    other = reads(pair.world, handle="evaluator")
    bot, _ = lives(pair, library, made["token"])
    assert pair.reader.get(bot, other["token"]).status_code == 200

    pair.world["operator"].does("token", "revoke", made["id"], "--yes")
    wait_for(lambda: pair.reader.get(bot, made["token"]).status_code == 401)
    pair.world["admin"].does("people", "set", "evaluator", "--inactive")

    wait_for(lambda: pair.reader.get(bot, other["token"]).status_code == 401)


def test_whoever_listens_is_told_of_acts_and_of_tokens(pair: Pair, library: Library):
    with pair.database.heard() as told:
        pair.world.lives(library.folder, "development")
        assert told()

        made = reads(pair.world)
        assert told()

        pair.world["operator"].does("token", "revoke", made["id"], "--yes")
        assert told()


def test_what_nobody_tells_a_reader_it_finds_out(pair: Pair, library: Library):
    made = reads(pair.world)
    bot, _ = lives(pair, library, made["token"])

    pair.database.revoke(made["id"])

    wait_for(lambda: pair.reader.get(bot, made["token"]).status_code == 401)


def test_a_reader_goes_on_without_its_database(pair: Pair, library: Library):
    token = reads(pair.world, "--env", "development")["token"]
    bot, seq = lives(pair, library, token)
    digest = pair.reader.get(bot, token).headers["placet-digest"]
    before = pair.reader.get(f"{bot}/head", token).content
    assert pair.reader.end() == ""
    pair.database.go_away()

    with pair.reads_again() as reader:
        told = reader.get(f"{bot}/head", token)
        assert (told.status_code, told.content) == (200, before)
        assert told.headers["placet-stale"] == "true"
        assert reader.get(f"/v1/bundles/{digest}", token).status_code == 200
        assert reader.get(f"{bot}?seq={seq}", token).status_code == 503
        ready = reader.get("/readyz")
        assert (ready.status_code, ready.json()["stale"]) == (200, True)
        assert ready.json()["why"] == "the tables cannot be read"
        assert reader.get(bot, "plc_read_unknown").status_code == 401

        pair.database.come_back()
        wait_for(lambda: not reader.get("/readyz").json()["stale"])
        library.write_tone("1.0.1", "Be brief.")
        pair.world.lives(library.folder, "development")
        assert caught_up(reader, pair.served.registry, bot, token) == seq + 1
        assert "placet-stale" not in reader.get(bot, token).headers


def test_a_reader_does_not_go_back_to_a_restored_backup(
    pair_apart: Pair, library: Library
):
    pair = pair_apart
    revoked, token = reads(pair.world), reads(pair.world)["token"]
    bot, _ = lives(pair, library, token)
    backup = pair.database.backed_up()
    library.write_tone("1.0.1", "Be brief.")
    lives(pair, library, token)
    pair.world["operator"].does("token", "revoke", revoked["id"], "--yes")
    wait_for(lambda: pair.reader.get(bot, revoked["token"]).status_code == 401)
    pair.served.registry.kill()

    pair.database.restore(backup)

    wait_for(lambda: "in epoch 1" in (pair.reader.get("/readyz").json()["why"] or ""))
    told = pair.reader.get(bot, token)
    assert (told.headers["placet-seq"], told.headers["placet-stale"]) == ("2", "true")
    assert pair.reader.get(bot, revoked["token"]).status_code == 401
    pair.reader.end()
    with pair.reads_again() as reader:
        assert reader.get(bot, token).headers["placet-seq"] == "2"
        assert reader.get(bot, revoked["token"]).status_code == 401

        pair.database.raise_epoch()
        wait_for(lambda: "not signed" in (reader.get("/readyz").json()["why"] or ""))
        sign(pair.world.home, pair.database.url)

        wait_for(lambda: reader.get("/readyz").json()["why"] is None)
        told = reader.get(bot, token).headers
        assert (told["placet-epoch"], told["placet-seq"]) == ("2", "1")


def test_a_reader_whose_channel_was_cut_listens_again(pair: Pair, library: Library):
    token = reads(pair.world)["token"]
    wait_for(lambda: pair.database.end_listeners() == 2)

    lives(pair, library, token)

    wait_for(lambda: pair.database.end_listeners() == 2)
    said = pair.reader.end()
    assert "the channel is lost, and sought again" in said
    assert "the channel is there again" in said


def test_what_was_read_from_a_reader_is_counted(pair: Pair, library: Library):
    token = reads(pair.world, "--env", "development")["token"]
    bot, _ = lives(pair, library, token)
    assert pair.reader.get(bot, token).status_code == 200

    pair.reader.end()

    listed = pair.world["viewer"].reads("clients", "development", "--bot", library.bot)
    assert len(listed) == 1


def test_two_readers_do_not_share_a_folder(pair: Pair):
    with (
        pytest.raises(AssertionError, match="another reader keeps its snapshot in"),
        pair.reads_again(),
    ):
        pass


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ((), "a reader needs a database that the registry writes"),
        (("--database", "sqlite:///x.db"), "a reader reads PostgreSQL"),
        (
            ("--database", "postgresql://x", "--smtp-host", "mail.test"),
            "a reader answers chatbots, and does nothing else",
        ),
    ],
)
def test_what_no_reader_can_read_is_refused(tmp_path: Path, words, wrong):
    assert wrong in is_not_served(tmp_path, "--reader", *words)
