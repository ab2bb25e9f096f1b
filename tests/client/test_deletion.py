"""Deleted is deleted: no old copy is served in its place, and nothing undoes it."""

from dataclasses import replace

import pytest

import placet

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


def test_a_deleted_bot_raises_and_says_since_when(registry, client):
    client.bot(BOT)

    registry.delete_bot(BOT)
    health = client.refresh()

    with pytest.raises(placet.Deleted) as raised:
        client.bot(BOT)
    assert raised.value.seq == registry.seq
    assert health.ok


def test_a_bot_deleted_before_the_first_read_raises_the_same(registry, client):
    registry.delete_bot(BOT)

    with pytest.raises(placet.Deleted):
        client.bot(BOT)


def test_a_deleted_prompt_raises(registry, client):
    registry.put_prompt("acme-air/alone", "alone")
    client.prompt("acme-air/alone")

    registry.delete_prompt("acme-air/alone")
    client.refresh()

    with pytest.raises(placet.Deleted):
        client.prompt("acme-air/alone")


def test_a_deletion_is_remembered_on_disk(registry, tmp_path):
    with registry.client(cache_dir=tmp_path) as client:
        client.bot(BOT)
        registry.delete_bot(BOT)
        client.refresh()
    registry.go_down()

    with registry.client(cache_dir=tmp_path) as client, pytest.raises(placet.Deleted):
        client.bot(BOT)


def test_asking_again_for_what_was_deleted_takes_no_network(registry, client):
    registry.delete_bot(BOT)
    with pytest.raises(placet.Deleted):
        client.bot(BOT)
    asked = len(registry.requests)

    with pytest.raises(placet.Deleted):
        client.bot(BOT)

    assert len(registry.requests) == asked


def test_an_older_answer_does_not_bring_back_what_was_deleted(registry, client):
    old = {}

    def record(path, reply):
        old[path] = reply
        return reply

    registry.tamper = record
    client.bot(BOT)
    registry.tamper = None
    registry.delete_bot(BOT)
    client.refresh()

    registry.tamper = lambda path, reply: old[path]
    health = client.refresh()

    assert "seq" in health.problems[f"bots/{BOT}"]
    with pytest.raises(placet.Deleted):
        client.bot(BOT)


def test_a_bot_that_is_put_again_is_live_again(registry, client, said):
    registry.delete_bot(BOT)
    with pytest.raises(placet.Deleted):
        client.bot(BOT)

    registry.put_bot(BOT, {"refunds": PROMPT})
    client.refresh()

    assert said(client.bot(BOT)) == "first: ?"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b'{"seq": 99}'),
        ("application/problem+json", b"<html>Gone</html>"),
        ("application/problem+json", b'{"status": 410}'),
        ("application/problem+json", b'{"status": 410, "seq": "99"}'),
        ("application/problem+json", b'{"status": 410, "seq": true}'),
        ("application/problem+json", b'{"status": 410, "seq": 1}'),
        ("application/problem+json", b'{"status": 410, "seq": 99, "epoch": 0}'),
    ],
)
def test_a_410_that_does_not_say_since_when_deletes_nothing(
    registry, client, said, kind, body
):
    client.bot(BOT)

    def gone(path, reply):
        return replace(reply, status=410, headers={"Content-Type": kind}, body=body)

    registry.tamper = gone
    health = client.refresh()

    assert not health.ok
    assert said(client.bot(BOT)) == "first: ?"


def test_a_410_without_an_epoch_means_the_epoch_that_is_known(registry, client):
    client.bot(BOT)
    body = b'{"type": "deleted", "status": 410, "seq": 99}'
    headers = {"Content-Type": "application/problem+json; charset=utf-8"}

    registry.tamper = lambda path, reply: replace(
        reply, status=410, headers=headers, body=body
    )
    client.refresh()

    with pytest.raises(placet.Deleted):
        client.bot(BOT)
