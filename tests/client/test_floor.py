"""How long a conversation may keep the bundle that it began with."""

import pytest

import placet

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


def test_a_conversation_goes_on_when_another_bundle_is_live(registry, client):
    kept = client.bot(BOT)

    registry.put_prompt(PROMPT, "second: {{ question }}")
    client.refresh()

    assert client.bot(BOT) != kept
    assert client.continues(kept)


def test_a_conversation_ends_when_the_bot_is_stopped(registry, client):
    kept = client.bot(BOT)

    registry.stop(BOT, reason="it promised too much")
    client.refresh()

    assert not client.continues(kept)


def test_a_conversation_from_before_a_stop_stays_ended_after_the_bot_is_resumed(
    registry, client
):
    kept = client.bot(BOT)

    registry.stop(BOT, reason="it promised too much")
    registry.resume(BOT)
    client.refresh()

    assert client.bot(BOT).digest == kept.digest
    assert not client.continues(kept)
    assert client.continues(client.bot(BOT))


def test_a_conversation_ends_when_the_bot_is_deleted(registry, client):
    kept = client.bot(BOT)

    registry.delete_bot(BOT)
    client.refresh()

    assert not client.continues(kept)


def test_a_conversation_ends_when_the_registry_was_restored(registry, client):
    kept = client.bot(BOT)

    registry.raise_epoch()
    client.refresh()

    assert not client.continues(kept)
    assert client.continues(client.bot(BOT))


def test_asking_whether_to_go_on_takes_no_network(registry, client):
    kept = client.bot(BOT)
    asked = len(registry.requests)

    registry.go_down()

    assert client.continues(kept)
    assert len(registry.requests) == asked


def test_a_client_that_knows_nothing_does_not_guess(registry, client):
    kept = client.bot(BOT)
    registry.go_down()

    with registry.client() as other, pytest.raises(placet.RegistryUnavailable):
        other.continues(kept)
