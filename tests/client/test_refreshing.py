"""News, outages and stops, as a chatbot sees them."""

import logging
import time
from dataclasses import replace

import pytest

import placet

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


def test_news_is_read_when_the_client_is_told_to_refresh(registry, client, said):
    client.bot(BOT)
    client.prompt(PROMPT)

    registry.put_prompt(PROMPT, "second: {{ question }}")
    health = client.refresh()

    assert health.ok
    assert said(client.bot(BOT)) == "second: ?"
    assert client.prompt(PROMPT).render(question="?")[0]["content"] == "second: ?"


def test_i26_news_comes_by_itself_in_the_background(registry, eventually, said):
    with registry.client(refresh="background", poll_s=0.01) as client:
        client.bot(BOT)

        registry.put_prompt(PROMPT, "second: {{ question }}")

        eventually(lambda: said(client.bot(BOT)) == "second: ?")


def test_what_has_not_changed_is_one_question_without_a_body(registry, client):
    before = client.bot(BOT)
    asked, answered = len(registry.requests), []

    def watch(path, reply):
        answered.append((reply.status, reply.body))
        return reply

    registry.tamper = watch
    client.refresh()

    assert len(registry.requests) == asked + 1
    assert answered == [(304, b"")]
    assert client.bot(BOT) is before


def test_content_that_comes_back_has_the_later_seq(registry, client):
    first = client.bot(BOT)

    registry.put_prompt(PROMPT, "second: {{ question }}")
    registry.put_prompt(PROMPT, "first: {{ question }}")
    client.refresh()

    assert client.bot(BOT).digest == first.digest
    assert client.bot(BOT).seq == first.seq + 2


def test_a_dead_registry_leaves_the_last_good_copy_and_it_says_so(
    registry, client, said
):
    client.bot(BOT)
    client.prompt(PROMPT)

    registry.go_down()
    health = client.refresh()

    assert said(client.bot(BOT)) == "first: ?"
    assert client.bot(BOT).stale
    assert client.bot(BOT).log_fields()["placet_stale"]
    assert client.prompt(PROMPT).stale
    assert set(health.problems) == {f"bots/{BOT}", f"prompts/{PROMPT}"}
    assert not health.ok


def test_a_registry_that_comes_back_ends_the_staleness(registry, client):
    client.bot(BOT)
    registry.go_down()
    client.refresh()

    registry.come_back()
    health = client.refresh()

    assert health.ok
    assert not client.bot(BOT).stale


def test_a_dead_registry_is_survived_in_the_background(registry, eventually, said):
    with registry.client(refresh="background", poll_s=0.01) as client:
        client.bot(BOT)

        registry.go_down()
        eventually(lambda: client.bot(BOT).stale)
        registry.come_back()
        registry.put_prompt(PROMPT, "second: {{ question }}")

        eventually(lambda: said(client.bot(BOT)) == "second: ?")
        assert not client.bot(BOT).stale


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 429, 500, 502, 503])
def test_an_error_leaves_the_last_good_copy(registry, client, said, status):
    client.bot(BOT)
    client.prompt(PROMPT)
    registry.put_prompt(PROMPT, "second: {{ question }}")

    registry.tamper = lambda path, reply: replace(reply, status=status)
    health = client.refresh()

    assert said(client.bot(BOT)) == "first: ?"
    assert client.prompt(PROMPT).stale
    assert str(status) in health.problems[f"bots/{BOT}"]


def test_an_outage_is_logged_once_and_so_is_its_end(registry, client, caplog):
    caplog.set_level(logging.INFO, "placet")
    client.bot(BOT)

    registry.go_down()
    client.refresh()
    client.refresh()
    registry.come_back()
    client.refresh()

    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_a_server_that_says_it_may_be_behind_confirms_nothing(registry, client, said):
    client.bot(BOT)
    registry.put_prompt(PROMPT, "second: {{ question }}")

    def behind(path, reply):
        return replace(reply, headers={**reply.headers, "Placet-Stale": "1"})

    registry.tamper = behind
    health = client.refresh()

    assert "behind" in health.problems[f"bots/{BOT}"]
    assert said(client.bot(BOT)) == "second: ?"
    assert client.bot(BOT).stale


def test_stale_s_counts_from_the_last_confirmation(registry, client):
    assert client.stale_s is None
    client.bot(BOT)
    registry.go_down()

    client.refresh()
    first = client.stale_s
    client.refresh()

    assert client.stale_s > first > 0


def test_what_nobody_confirmed_in_time_is_refused(registry, said):
    with registry.client(max_stale_s=0.5) as client:
        bundle, prompt = client.bot(BOT), client.prompt(PROMPT)
        registry.go_down()
        time.sleep(0.55)

        with pytest.raises(placet.TooStale, match="max_stale_s"):
            client.bot(BOT)
        with pytest.raises(placet.TooStale):
            client.prompt(PROMPT)
        assert not client.continues(bundle)

        registry.come_back()
        client.refresh()

        assert client.bot(BOT) == bundle
        assert client.prompt(PROMPT) == prompt


def test_a_stop_comes_through_with_the_fallback(registry, client):
    kept = client.bot(BOT)

    registry.stop(BOT, reason="it promised too much")
    client.refresh()
    stopped = client.bot(BOT)

    assert not kept.stopped
    assert stopped.stopped
    assert stopped.stop_reason == "it promised too much"
    assert stopped.fallback == "Please call us."
    assert stopped.log_fields()["placet_stopped"]


def test_asking_a_stopped_bot_for_a_prompt_raises_what_to_say_instead(registry, client):
    registry.stop(BOT, reason="it promised too much")

    with pytest.raises(placet.Stopped) as raised:
        client.bot(BOT).prompt("refunds")

    assert raised.value.fallback == "Please call us."
    assert raised.value.reason == "it promised too much"


def test_a_resumed_bot_has_its_prompts_again(registry, client, said):
    registry.stop(BOT, reason="it promised too much")
    assert client.bot(BOT).stopped

    registry.resume(BOT)
    client.refresh()

    assert said(client.bot(BOT)) == "first: ?"


def test_a_stop_comes_through_also_where_the_live_bundle_could_not_be_read(
    registry, client
):
    client.bot(BOT)
    registry.put_prompt(PROMPT, "<% x %>", template="later")
    assert not client.refresh().ok

    registry.stop(BOT, reason="it promised too much")
    client.refresh()

    assert client.bot(BOT).stopped
