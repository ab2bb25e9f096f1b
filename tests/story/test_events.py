"""News at once: a real server process, killed and started again, and real clients.

The clients would poll once an hour, so that what they hear of came as an event.
"""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

import placet
from tests.cli.worlds import PLACET, Library, begin
from tests.story.test_delivery import PEOPLE, said, soon
from tests.story.test_over_http import Registry

pytestmark = pytest.mark.slow

NEVER_S = 3600
HEADS = "/v1/environments/production/bots"
EVENTS = "/v1/environments/production/events"


class Server:
    """A server process that can be killed, and comes back where it was."""

    def __init__(self, home: Path) -> None:
        self._home = home
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [PLACET, "serve", "--home", self._home, "--port", str(self.port)]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        while not re.search(r"http://\S+:\d+", self._process.stderr.readline()):
            assert self._process.poll() is None

    def end(self, how: signal.Signals) -> float:
        """How long it took."""
        began = time.monotonic()
        self._process.send_signal(how)
        self._process.wait(30)
        self._process.stderr.close()
        return time.monotonic() - began


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[tuple[Server, Registry]]:
    home = tmp_path_factory.mktemp("events") / "registry"
    passwords = begin(home)
    server = Server(home)
    try:
        people = {handle: passwords[handle] for handle in PEOPLE}
        yield server, Registry(server.url, people)
    finally:
        server.end(signal.SIGTERM)


@pytest.fixture
def server(world) -> Server:
    return world[0]


@pytest.fixture
def writing(world) -> Registry:
    return world[1]


@pytest.fixture
def made(writing) -> dict:
    """A token of a chatbot."""
    return writing.does(
        "operator",
        "/v1/tokens",
        purpose="the chatbot",
        scope="read",
        environments=["production"],
        bots=[],
        days=1,
    )


@pytest.fixture
def library(writing, tmp_path: Path, request) -> Library:
    """A bot that is live, of which every prompt says `Tone 0.`."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name)
    found = Library(tmp_path, name[-40:].strip("-"))
    found.write_tone("1.0.0", "Tone 0.")
    files = sorted(found.folder.rglob("*.yaml"))
    writing.activate(writing.submit("author", *files))
    return found


@contextmanager
def listening(server: Server, made: dict, bot: str) -> Iterator[placet.Client]:
    with placet.Client(
        server.url, token=made["token"], environment="production", poll_s=NEVER_S
    ) as client:
        client.bot(bot)
        soon(lambda: client.health().events)
        yield client


def edit(writing: Registry, library: Library, n: int) -> int:
    library.write_tone(f"1.{n}.0", f"Tone {n}.")
    change = writing.submit("author", library.folder / f"{library.tone}.yaml")
    return writing.activate(change)["seq"]


def test_an_activation_and_a_stop_are_there_at_once(server, writing, made, library):
    with listening(server, made, library.bot) as client:
        first = edit(writing, library, 1)
        soon(lambda: client.bot(library.bot).seq == first)
        assert said(client.bot(library.bot), "fares") == "Tone 1."

        seq = writing.does(
            "operator",
            "/v1/environments/production/stops",
            bot=library.bot,
            reason="It promised too much.",
        )["seq"]
        soon(lambda: client.bot(library.bot).stopped)
        assert client.bot(library.bot).seq == seq


def test_a_server_that_was_killed_is_listened_to_again_when_it_is_back(
    server, writing, made, library
):
    with listening(server, made, library.bot) as client:
        server.end(signal.SIGKILL)
        soon(lambda: not client.health().events)
        assert said(client.bot(library.bot), "fares") == "Tone 0."
        server.start()

        seq = edit(writing, library, 1)

        soon(lambda: client.bot(library.bot).seq == seq)
        soon(lambda: client.health().events)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_at_once_whoever_listens_or_waits(server, made, library, how):
    headers = {"Authorization": f"Bearer {made['token']}"}
    head = f"{server.url}{HEADS}/{library.bot}/head"
    etag = httpx2.get(head, headers=headers).headers["etag"]
    wait = {**headers, "If-None-Match": etag, "Prefer": "wait=60"}
    with ThreadPoolExecutor(1) as pool, listening(server, made, library.bot):
        answer = pool.submit(httpx2.get, head, headers=wait, timeout=60)
        time.sleep(0.5)

        took_s = server.end(how)

        assert answer.result(10).status_code == 304
        assert took_s < 10
        server.start()


def test_a_token_that_is_revoked_hears_of_nothing_more(server, writing, made, library):
    headers = {"Authorization": f"Bearer {made['token']}"}
    with httpx2.stream("GET", server.url + EVENTS, headers=headers, timeout=30) as one:
        lines = one.iter_lines()
        assert next(lines).startswith("retry: ")
        operator = writing._sessions["operator"]
        httpx2.delete(f"{server.url}/v1/tokens/{made['id']}", headers=operator)

        edit(writing, library, 1)

        rest = list(lines)
        assert sum(line.startswith("data: ") for line in rest) == 1
