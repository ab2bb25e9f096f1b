"""What chatbots are served while others write: two real servers of one registry.

The chatbots use the real client against both.  One server hears of what the other
wrote by looking, and by nothing else, as where every notice is lost.
"""

import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx2
import pytest

import placet
from tests.cli.worlds import PLACET, Library, begin
from tests.story.test_over_http import Registry

pytestmark = pytest.mark.slow

EDITS = 5
PEOPLE = ("author", "operator", "viewer", "product", "risk", "board")
SOON_S = 20
BUNDLES = "/v1/environments/production/bots"


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a server process."""
    server = subprocess.Popen(
        [PLACET, "serve", "--home", home, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield re.search(r"http://\S+:\d+", server.stderr.readline())[0]
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("delivery") / "registry"


@pytest.fixture(scope="module")
def passwords(home) -> dict[str, str]:
    return begin(home)


@pytest.fixture(scope="module")
def urls(home, passwords) -> Iterator[tuple[str, str]]:
    """Of the same registry."""
    with served(home) as one, served(home) as other:
        yield one, other


@pytest.fixture(scope="module")
def writing(urls, passwords) -> Registry:
    """Everybody talks to the first one."""
    return Registry(urls[0], {handle: passwords[handle] for handle in PEOPLE})


@pytest.fixture(scope="module")
def token(writing, urls) -> str:
    """What chatbots read with, once both have heard of it."""
    made = writing.does(
        "operator",
        "/v1/tokens",
        purpose="the chatbot",
        scope="read",
        environments=["production"],
        bots=[],
        days=1,
    )
    headers = {"Authorization": f"Bearer {made['token']}"}
    soon(
        lambda: all(
            httpx2.get(f"{url}{BUNDLES}/none", headers=headers).status_code == 404
            for url in urls
        )
    )
    return made["token"]


@pytest.fixture
def library(writing, tmp_path: Path, request) -> Library:
    """A bot that is live, of which every prompt says `Tone 0.`."""
    found = Library(tmp_path, re.sub(r"[^a-z0-9]", "-", request.node.name)[:40])
    found.write_tone("1.0.0", "Tone 0.")
    files = sorted(found.folder.rglob("*.yaml"))
    writing.activate(writing.submit("author", *files))
    return found


def soon(is_true) -> None:
    deadline = time.monotonic() + SOON_S
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def has(client: placet.Client, bot: str, seq: int) -> bool:
    client.refresh()
    try:
        return client.bot(bot).seq >= seq
    except placet.RegistryUnavailable:
        return False


def reading(url: str, token: str) -> placet.Client:
    return placet.Client(
        url, token=token, environment="production", refresh="background", poll_s=0.05
    )


def said(bundle: placet.Bundle, role: str) -> str:
    text = bundle.prompt(role).render(question="?")[0]["content"]
    return re.search(r"Tone \d+\.", text)[0]


def in_the_ledger(home: Path) -> int:
    """The last seq of production that a commit says, whoever asks."""
    text = subprocess.run(
        ["git", "--git-dir", home / "ledger.git", "log", "--format=%B", "main"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return max(map(int, re.findall(r"^Seq: (\d+)$", text, re.MULTILINE)))


def test_i22_i23_i24_i25_chatbots_read_whole_seqs_that_are_in_the_ledger(
    writing, urls, library, token, home
):
    done = Event()

    def read(url: str) -> list[tuple[int, str, str]]:
        found = []
        with reading(url, token) as client:
            soon(lambda: has(client, library.bot, 1))
            while not done.is_set():
                bundle = client.bot(library.bot)
                if not found or found[-1][0] != bundle.seq:
                    assert in_the_ledger(home) >= bundle.seq  # i24
                    assert said(bundle, "refunds") == said(bundle, "fares")  # i23
                    tone = said(bundle, "refunds")
                    found.append((bundle.seq, bundle.digest, tone))
                time.sleep(0.01)
        return found

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read, url) for url in (*urls, urls[1])]
        try:
            for n in range(1, EDITS):
                library.write_tone(f"1.{n}.0", f"Tone {n}.")
                path = library.folder / f"{library.tone}.yaml"
                last = writing.activate(writing.submit("author", path))["seq"]
        finally:
            time.sleep(2)
            done.set()
        seen = [reader.result() for reader in readers]

    for found in seen:
        seqs = [seq for seq, _, _ in found]
        assert seqs == sorted(seqs)  # i22
    history = writing.get("viewer", "/v1/environments/production/history").json()
    moments = {one["seq"]: one["at"] for one in history["items"]}
    for seq, digest, tone in {one for found in seen for one in found}:
        for when in ({"seq": seq}, {"at": moments[seq]}):  # i23, i25
            then = writing.get("viewer", f"{BUNDLES}/{library.bot}", **when)
            assert then.headers["Placet-Digest"] == digest
            assert tone in then.text
    assert last in {seq for found in seen for seq, _, _ in found}


def test_i26_whoever_hears_of_nothing_has_the_last_seq_soon_after(
    writing, urls, library, token
):
    """Another process writes, and nobody listens to events."""
    library.write_tone("2.0.0", "Tone 2.")
    edit = writing.submit("author", library.folder / f"{library.tone}.yaml")
    last = writing.activate(edit)["seq"]

    for url in urls:
        with placet.Client(
            url, token=token, environment="production", refresh="manual"
        ) as client:
            soon(lambda: has(client, library.bot, last))
            assert said(client.bot(library.bot), "fares") == "Tone 2."
