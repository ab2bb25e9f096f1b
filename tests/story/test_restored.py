"""Chatbots of a registry that was lost and restored, with days missing."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

import placet
from registry.commands import RaiseEpoch
from registry.epochs import BY_HAND
from registry.writer import Home, opened
from registry.writer.backup import back_up
from registry.writer.new_epoch import Asked
from registry.writer.restore import restore
from tests.deploy.conftest import Origin, free_port, make_tokens
from tests.writer.acts import Acts, fragment

pytestmark = pytest.mark.slow

BOT = "acme/support"


def write(home: Home, *texts: str, first: int) -> None:
    """Have each of *texts* be live in staging, one after the other."""
    with opened(home) as registry:
        for number, text in enumerate(texts, start=first):
            Acts(registry.writer).put_live(fragment(f"1.{number}.0", text))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(path=tmp_path / "registry")
    home.create().close()
    with opened(home) as registry:
        acts = Acts(registry.writer)
        acts.begin()
        acts.begin_support()
    return home


@pytest.fixture
def token(home: Home) -> str:
    return make_tokens(home)["reader"]


@pytest.fixture
def origin(home: Home) -> Iterator[Origin]:
    origin = Origin(home, free_port())
    yield origin
    origin.end()


@pytest.fixture
def client(origin: Origin, token: str, tmp_path: Path) -> Iterator[placet.Client]:
    with placet.Client(
        f"http://127.0.0.1:{origin.port}",
        token=token,
        environment="staging",
        cache_dir=tmp_path / "cache",
        refresh="manual",
    ) as client:
        yield client


def says(client: placet.Client) -> str:
    """What the chatbot's prompt says, after asking the registry."""
    client.refresh()
    return client.bot(BOT).prompt("refunds").render()[0]["content"]


def test_a_chatbot_believes_a_restored_registry_and_not_an_old_one(
    home: Home, token: str, origin: Origin, client: placet.Client, tmp_path: Path
):
    taken = back_up(
        home,
        tmp_path / "backups",
        now=datetime.now(UTC),
        keys=True,
        done=lambda _: None,
    )
    shutil.copytree(home.path, tmp_path / "old")
    write(home, "First of the lost.", "Last of the lost.", first=1)
    origin.start()
    client.bot(BOT)
    assert "Last of the lost." in says(client)
    lost = client.bot(BOT).seq
    origin.end()

    origin.home = Home(path=tmp_path / "old")  # put back without a word
    write(origin.home, "Never to be believed.", first=1)
    origin.start()
    assert "Last of the lost." in says(client)
    origin.end()

    origin.home = Home(path=tmp_path / "restored")
    asked = Asked(
        reason="The disk is gone.",
        checkpoints=(),
        keys=(),
        clock=lambda: datetime.now(UTC),
        progress=lambda _: None,
    )
    restored = restore(taken.path, origin.home, asked)
    write(origin.home, "Written afterwards.", first=1)
    origin.start()

    assert "Written afterwards." in says(client)
    bot = client.bot(BOT)
    assert (bot.epoch, bot.seq < lost) == (restored.epoch, True)


def test_a_chatbot_follows_a_server_whose_epoch_is_raised_while_it_runs(
    home: Home, origin: Origin, client: placet.Client
):
    origin.start()
    client.bot(BOT)
    with opened(home) as registry:
        command = RaiseEpoch(taken=None, known=None, reason="It was put back by hand.")
        epoch = registry.writer.write(command, by=BY_HAND).state.epoch
        Acts(registry.writer).put_live(fragment("1.1.0", "Hum."))

    ends = monotonic() + 20
    while "Hum." not in says(client):
        assert monotonic() < ends
        sleep(0.05)

    assert client.bot(BOT).epoch == epoch
