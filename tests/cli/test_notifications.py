"""Notices, from a real server to a real receiver, on the command line."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.cli.worlds import PLACET, Library, World, begin, is_not_served
from tests.outbox.conftest import receiver
from tests.outbox.receivers import Mailbox, Receiver, mailing

__all__ = ["receiver"]

pytestmark = pytest.mark.slow


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mailing() as mailbox:
        yield mailbox


@pytest.fixture
def told(tmp_path: Path, receiver: Receiver, mailbox: Mailbox) -> Iterator[World]:
    """A server that may call the receiver and that mails."""
    home = tmp_path / "registry"
    passwords = begin(home)
    words = ["--allow-webhooks-to", receiver.url, "--public-url", "https://p.example"]
    words += ["--smtp-host", "127.0.0.1", "--smtp-port", str(mailbox.port)]
    words += ["--smtp-tls", "none", "--smtp-from", "placet@example.com"]
    server = subprocess.Popen(
        [PLACET, "serve", "--home", home, "--port", "0", *words],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = server.stderr.readline()
        url = re.search(r"http://\S+:\d+", said)
        assert url is not None, said + server.stderr.read()
        yield World(url[0], home, passwords)
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


def until(true) -> None:
    for _ in range(3_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to that")


def test_a_change_is_told_to_a_webhook_to_slack_and_by_mail(
    told: World, receiver: Receiver, mailbox: Mailbox, library: Library
):
    admin = told["admin"]
    add = ("notifications", "targets", "add")
    secret = admin.does(*add, "--kind", "webhook", "--name", "ci", f"{receiver.url}/ci")
    admin.does(*add, "--kind", "slack", "--name", "chat", f"{receiver.url}/chat")
    admin.does(*add, "--kind", "email", "--name", "mails")
    admin.does("people", "set", "risk", "--email", "risk@example.com")
    rows = admin.reads("notifications", "targets", "list")
    assert [row["name"] for row in rows] == ["ci", "chat", "mails"]
    admin.does("notifications", "targets", "test", rows[0]["id"])

    told["author"].does(
        "submit", str(library.folder), "--env", "production", "--title", "Be kind"
    )
    until(lambda: len(receiver.received) == 3 and mailbox.mails)

    by_path = {one.path: one for one in receiver.received}
    said = by_path["/ci"]
    assert Webhook(secret.strip()).verify(said.body, said.headers)["data"]["url"] == (
        "https://p.example/v1/changes/1"
    )
    assert b"https://p.example/v1/changes/1|Read it" in by_path["/chat"].body
    (mail,) = mailbox.mails
    assert mail.to == ["risk@example.com"]
    assert "Change 1 in production waits for votes: Be kind" in mail.message["Subject"]
    listed = admin.does("notifications", "list")
    assert "mails: risk" in listed
    failed = admin.does("notifications", "list", "--only", "failed")
    assert "product has no e-mail address" in failed


def test_what_is_not_there_yet_is_told_with_what_to_do(told: World):
    admin = told["admin"]

    targets = admin.run("notifications", "targets", "list")
    sent = admin.run("notifications", "list")

    assert "placet notifications targets add" in targets.stderr
    assert "placet notifications targets list" in sent.stderr


def test_an_e_mail_address_never_reaches_the_ledger(told: World):
    told["admin"].does("people", "set", "risk", "--email", "canary@example.com")

    log = subprocess.run(
        ["git", "-C", told.home / "ledger.git", "grep", "canary", "main"],
        capture_output=True,
        check=False,
    )

    assert log.stdout == b""


def test_a_target_that_refuses_is_told_and_ends_with_status_2(
    told: World, receiver: Receiver
):
    admin = told["admin"]
    add = ("notifications", "targets", "add", "--kind", "slack", "--name", "chat")
    admin.does(*add, f"{receiver.url}/chat")
    (row,) = admin.reads("notifications", "targets", "list")
    receiver.status = 404

    said = admin.is_refused("notifications", "targets", "test", row["id"])

    assert "the notice was not taken: it answered 404" in said
    admin.does("notifications", "targets", "remove", row["id"])
    assert admin.reads("notifications", "targets", "list") == []


MAIL = ("--smtp-host", "127.0.0.1", "--smtp-from", "p@a.example")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--allow-webhooks-to", "https://hooks.internal"), "can be allowed"),
        (("--allow-webhooks-to", "10.2.0.1/16"), "can be allowed"),
        (("--public-url", "placet.example.com"), "is not the address"),
        (MAIL[:2], "need an address that they come from"),
        ((*MAIL[:3], "p@a.example, q@a.example"), "need an address"),
        ((*MAIL, "--smtp-user", "placet"), "has no password"),
        ((*MAIL, "--smtp-user", "placet", "--smtp-tls", "none"), "without TLS"),
    ],
)
def test_what_a_server_cannot_send_with_is_told_when_it_starts(
    tmp_path: Path, words: tuple[str, ...], said: str
):
    assert said in is_not_served(tmp_path / "registry", *words)
