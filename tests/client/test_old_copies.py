"""How old a copy on disk may be, and how a chatbot knows."""

import time
from dataclasses import replace

import pytest

import placet
from placet.cache import Cache

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


@pytest.fixture
def kept_an_hour_ago(registry, kept):
    """The same folder, as if nothing had been confirmed for an hour."""
    cache = Cache(kept, registry.url, registry.environment)
    for ref in (f"bots/{BOT}", f"prompts/{PROMPT}"):
        cache.keep(cache.read(ref).copy, time.time() - 3600, is_new=True)
    return kept


def test_what_is_too_old_on_disk_is_asked_for_at_once(registry, kept_an_hour_ago):
    with registry.client(cache_dir=kept_an_hour_ago, max_stale_s=60) as client:
        bundle = client.bot(BOT)

    assert not bundle.stale
    assert registry.requests[-1].endswith("/head")


def test_what_is_too_old_on_disk_is_refused_when_nobody_answers(
    registry, kept_an_hour_ago
):
    registry.go_down()

    with registry.client(cache_dir=kept_an_hour_ago, max_stale_s=60) as client:
        with pytest.raises(placet.TooStale):
            client.bot(BOT)
        registry.come_back()
        client.refresh()

        assert not client.bot(BOT).stale


def test_a_server_that_may_be_behind_does_not_make_an_old_copy_young(
    registry, kept_an_hour_ago
):
    def behind(path, reply):
        return replace(reply, headers={**reply.headers, "Placet-Stale": "true"})

    registry.tamper = behind

    with (
        registry.client(cache_dir=kept_an_hour_ago, max_stale_s=60) as client,
        pytest.raises(placet.TooStale),
    ):
        client.bot(BOT)


def test_the_age_of_what_is_on_disk_is_known_after_a_restart(
    registry, kept_an_hour_ago
):
    with registry.client(cache_dir=kept_an_hour_ago) as client:
        client.bot(BOT)

        assert client.stale_s >= 3600
