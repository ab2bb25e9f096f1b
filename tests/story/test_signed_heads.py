"""A registry's keys, from the first serving to a rotation, with real servers.

Two server processes of one registry sign beside each other, as while one takes over.
"""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

import placet
from registry.db.engine import disposing
from registry.db.heads import SignedHeads
from registry.writer import Home
from tests.cli.worlds import PLACET, Library, begin
from tests.story.test_delivery import served, soon
from tests.story.test_over_http import Registry

pytestmark = pytest.mark.slow

HERE = "/v1/environments/production"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("signed") / "registry"


@pytest.fixture(scope="module")
def passwords(home) -> dict[str, str]:
    return begin(home)


@pytest.fixture(scope="module")
def urls(home, passwords) -> Iterator[list[str]]:
    with ExitStack() as servers:
        yield [servers.enter_context(served(home)) for _ in range(2)]


@pytest.fixture(scope="module")
def writing(urls, passwords) -> Registry:
    return Registry(urls[0], passwords)


@pytest.fixture(scope="module")
def token(writing) -> str:
    return writing.does(
        "operator",
        "/v1/tokens",
        purpose="the chatbot",
        scope="read",
        environments=["production"],
        bots=[],
        days=1,
    )["token"]


@pytest.fixture(scope="module")
def library(writing, tmp_path_factory) -> Library:
    found = Library(tmp_path_factory.mktemp("library"), "signed")
    found.write_tone("1.0.0", "Tone 0.")
    writing.activate(writing.submit("author", *sorted(found.folder.rglob("*.yaml"))))
    return found


@pytest.fixture
def bot(library, urls, token) -> str:
    """It is live, and both servers know."""
    soon(lambda: all(head(url, token, library.bot) for url in urls))
    return library.bot


def keys(home: Path, *words: str) -> str:
    done = subprocess.run(
        [PLACET, "keys", *words, "--home", home],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def head(url: str, token: str, bot: str) -> dict:
    """Empty before it is told."""
    answer = httpx2.get(
        f"{url}{HERE}/bots/{bot}/head", headers={"Authorization": f"Bearer {token}"}
    )
    return answer.json() if answer.status_code == 200 else {}


def client(url: str, token: str, *lines: str, disk: Path | None = None):
    return placet.Client(
        url,
        token=token,
        environment="production",
        cache_dir=disk,
        refresh="manual",
        verify_keys=lines,
    )


def test_a_chatbot_with_the_printed_key_reads_and_follows(
    home, urls, token, bot, writing, library
):
    with client(urls[0], token, keys(home, "show")) as chatbot:
        before = chatbot.bot(bot)
        library.write_tone("1.1.0", "Tone 1.")
        writing.activate(
            writing.submit("author", library.folder / f"{library.tone}.yaml")
        )
        health = chatbot.refresh()

        assert health.ok
        assert not chatbot.bot(bot).stale
        assert chatbot.bot(bot).seq == before.seq + 1


def test_both_servers_tell_one_head_and_do_not_fight(home, urls, token, bot):
    soon(lambda: head(urls[0], token, bot) == head(urls[1], token, bot))

    with disposing(Home(path=home).open_heads()) as engine:
        heads = SignedHeads(engine)
        before = heads.news(0).serial
        time.sleep(2.5)  # each has looked twice
        after = heads.news(0).serial

    assert after == before


def test_an_environments_head_is_signed_by_the_same_key(urls, token, bot):
    answer = httpx2.get(
        f"{urls[1]}{HERE}/head", headers={"Authorization": f"Bearer {token}"}
    )

    told = [one["key"] for one in answer.json()["signatures"]]
    assert told == [one["key"] for one in head(urls[1], token, bot)["signatures"]]


def test_a_key_is_replaced_beside_running_servers(home, urls, token, bot, tmp_path):
    old = keys(home, "show")
    old_id = old.split("+")[1]
    knows_old = client(urls[0], token, old)
    knows_old.bot(bot)

    new = keys(home, "rotate")
    soon(lambda: len(head(urls[1], token, bot)["signatures"]) == 2)
    soon(lambda: len(head(urls[0], token, bot)["signatures"]) == 2)
    with client(urls[0], token, new, disk=tmp_path) as chatbot:
        assert not chatbot.bot(bot).stale
    assert knows_old.refresh().ok

    keys(home, "retire", old_id, "--yes")
    soon(lambda: len(head(urls[0], token, bot)["signatures"]) == 1)
    health = knows_old.refresh()
    assert "no key that this client knows" in health.problems[f"bots/{bot}"]
    assert knows_old.bot(bot).stale
    knows_old.close()
    with client(urls[0], token, new) as chatbot:
        assert not chatbot.bot(bot).stale
    with client(urls[0], token, new, disk=tmp_path) as again:
        assert again.bot(bot).stale  # from disk, where its head is still signed
        assert again.refresh().ok

    listed = json.loads(keys(home, "list", "--json"))
    assert [one["state"] for one in listed] == ["retired", "active"]
    assert re.search(rf"{old_id} +retired +\d{{4}}", keys(home, "list"))
    assert keys(home, "show") == new


def test_the_only_key_is_not_retired(home, urls):
    listed = json.loads(keys(home, "list", "--json"))
    (active,) = [one["id"] for one in listed if one["state"] == "active"]

    done = subprocess.run(
        [PLACET, "keys", "retire", active, "--home", home, "--yes"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "the only key that signs" in done.stderr


def test_a_deletion_is_told_signed(home, urls, token, bot, writing):
    line = keys(home, "show")
    with client(urls[0], token, line) as chatbot:
        chatbot.bot(bot)
        change = writing.does(
            "author",
            "/v1/changes",
            environment="production",
            title="Take it away",
            documents=[],
            deleted=[f"bots/{bot}"],
            edited_from={},
        )
        writing.activate(change)
        chatbot.refresh()

        with pytest.raises(placet.Deleted):
            chatbot.bot(bot)
