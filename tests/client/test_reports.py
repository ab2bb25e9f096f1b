"""Telling the registry which model answered: never in a conversation's way."""

import logging
import os
import time
from dataclasses import replace
from datetime import datetime
from threading import Barrier, Thread

import pytest

import placet
from placet.fetch import Answer
from placet.names import digest_of
from placet.reports import MAX_BATCH, MAX_WAITING, Key, Reports
from placet.testing import FakeRegistry, Reply

BOT = "acme-air/support"
MODEL = "gpt-4o-2024-08-06"
OBSERVATIONS = "/v1/environments/production/observations"


def posts(registry: FakeRegistry) -> int:
    return registry.requests.count(OBSERVATIONS)


def answering(status: int, body: bytes = b"{}"):
    """Have what is reported answered otherwise."""

    def tamper(path: str, reply: Reply) -> Reply:
        if path != OBSERVATIONS:
            return reply
        return replace(reply, status=status, body=body)

    return tamper


def test_a_report_says_which_model_answered_under_which_bundle(registry, client):
    bot = client.bot(BOT)

    bot.report(response_model=MODEL, role="main", fingerprint="fp_1")
    client.refresh()

    (said,) = registry.reports
    at = datetime.fromisoformat(said.pop("at"))
    assert at.tzinfo is not None
    assert abs(time.time() - at.timestamp()) < 60
    assert said == {
        "bot": BOT,
        "seq": bot.seq,
        "bundle": bot.digest,
        "role": "main",
        "response_model": MODEL,
        "fingerprint": "fp_1",
        "count": 1,
    }


def test_reports_of_the_same_are_one_with_a_count(registry, client):
    bot = client.bot(BOT)

    for _ in range(100):
        bot.report(response_model=MODEL)
    bot.report(response_model="another")
    client.refresh()

    counts = {one["response_model"]: one["count"] for one in registry.reports}
    assert counts == {MODEL: 100, "another": 1}
    assert posts(registry) == 1


def test_a_manual_client_sends_nothing_until_it_is_told_to(registry, client):
    client.bot(BOT).report(response_model=MODEL)

    asked = posts(registry)
    client.refresh()
    client.refresh()

    assert asked == 0
    assert len(registry.reports) == 1


def test_a_manual_client_that_is_closed_sends_nothing(registry):
    with registry.client() as client:
        client.bot(BOT).report(response_model=MODEL)

    assert posts(registry) == 0


def test_in_the_background_a_new_model_goes_out_with_the_next_round(
    registry, eventually
):
    with registry.client(refresh="background", poll_s=0.02) as client:
        bot = client.bot(BOT)
        bot.report(response_model=MODEL)
        eventually(lambda: len(registry.reports) == 1)

        bot.report(response_model="changed")
        eventually(lambda: len(registry.reports) == 2)


def test_in_the_background_counts_are_sent_now_and_then_and_at_the_end(
    registry, eventually
):
    with registry.client(refresh="background", poll_s=0.02, events=False) as client:
        bot = client.bot(BOT)
        bot.report(response_model=MODEL)
        eventually(lambda: len(registry.reports) == 1)
        for _ in range(50):
            bot.report(response_model=MODEL)
        rounds = len(registry.requests)
        eventually(lambda: len(registry.requests) > rounds + 3)
        sent_meanwhile = len(registry.reports)

    assert sent_meanwhile == 1
    assert [one["count"] for one in registry.reports] == [1, 50]


def test_reporting_never_waits_for_the_network(registry, client):
    bot = client.bot(BOT)
    registry.go_down()
    began = time.monotonic()

    for number in range(5_000):
        bot.report(response_model=f"model-{number % 50}")

    assert time.monotonic() - began < 1


def test_reporting_goes_on_while_a_batch_is_under_way(registry):
    bot_key = Key("b", 1, "sha256:0", "main", MODEL, "")
    under_way, reported = Barrier(2), Barrier(2)
    batches = []

    def slow(batch: bytes):
        batches.append(batch)
        if len(batches) == 1:
            under_way.wait(10)
            reported.wait(10)
        return answer_of(200, b'{"refused": []}')

    reports = Reports(slow)
    reports.add(bot_key)
    sending = Thread(target=reports.send, kwargs={"all_of_them": True})
    sending.start()
    under_way.wait(10)

    reports.add(bot_key)
    waiting = reports.waiting
    reports.send(all_of_them=True)  # somebody does so already
    sent_twice = len(batches) > 1
    reported.wait(10)
    sending.join()
    reports.send(all_of_them=True)

    assert (waiting, sent_twice) == (1, False)
    assert [b'"count": 1' in batch for batch in batches] == [True, True]


def answer_of(status: int, body: bytes):
    return Answer(status=status, headers={}, body=body)


def test_an_outage_keeps_what_is_to_be_reported_and_says_nothing(
    registry, client, caplog
):
    bot = client.bot(BOT)
    bot.report(response_model=MODEL)
    registry.go_down()
    client.refresh()
    caplog.clear()

    bot.report(response_model=MODEL)
    with caplog.at_level(logging.INFO, logger="placet"):
        health = client.refresh()
    registry.come_back()
    client.refresh()

    assert caplog.records == []
    assert health.dropped == 0
    assert [one["count"] for one in registry.reports] == [2]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_what_is_not_taken_now_is_sent_again(registry, client, status):
    client.bot(BOT).report(response_model=MODEL)

    registry.tamper = answering(status)
    assert client.refresh().dropped == 0
    registry.tamper, registry.reports = None, []
    client.refresh()

    assert len(registry.reports) == 1
    assert client.health().dropped == 0


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_will_never_be_taken_is_dropped_and_counted(registry, client, status):
    bot = client.bot(BOT)
    for _ in range(3):
        bot.report(response_model=MODEL)

    registry.tamper = answering(status)
    client.refresh()
    registry.tamper, registry.reports = None, []

    assert client.refresh().dropped == 3
    assert registry.reports == []


def test_what_the_registry_does_not_believe_is_counted(registry, client, caplog):
    bot = client.bot(BOT)
    bot.report(response_model=MODEL)
    bot.report(response_model="another")
    refused = b'{"taken": 1, "refused": [{"index": 1, "reason": "secret words"}]}'

    registry.tamper = answering(200, refused)
    health = client.refresh()

    assert health.dropped == 1
    assert "does not believe" in caplog.text
    assert "secret words" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"nonsense", b'{"refused": 3}', b'{"refused": [{"index": []}]}'],
)
def test_an_answer_that_makes_no_sense_harms_nobody(registry, client, body):
    client.bot(BOT).report(response_model=MODEL)

    registry.tamper = answering(200, body)
    health = client.refresh()

    assert health.ok
    assert client.bot(BOT).prompt("refunds")


def test_a_registry_that_does_not_answer_with_reports_keeps_serving_prompts(
    registry, client, said
):
    registry.tamper = answering(404)
    bot = client.bot(BOT)
    bot.report(response_model=MODEL)
    registry.put_prompt("acme-air/refunds", "second: {{ question }}")

    health = client.refresh()

    assert health.ok
    assert said(client.bot(BOT)) == "second: ?"


@pytest.mark.parametrize(
    "model", ["", " ", "a" * 201, "gpt\x004o", "gpt\u202e4o", "a\nb", None, 7, b"gpt"]
)
def test_what_is_no_name_of_a_model_is_dropped_and_raises_nothing(
    registry, client, model
):
    bot = client.bot(BOT)

    bot.report(response_model=model)
    health = client.refresh()

    assert health.dropped == 1
    assert registry.reports == []


@pytest.mark.parametrize("role", ["", "Main", "a b", None, ["main"]])
def test_what_is_no_role_is_dropped_and_spoils_no_batch(registry, client, role):
    bot = client.bot(BOT)

    bot.report(response_model=MODEL, role=role)
    bot.report(response_model=MODEL)
    health = client.refresh()

    assert health.dropped == 1
    assert [one["role"] for one in registry.reports] == ["main"]


@pytest.mark.parametrize("fingerprint", ["", None, "a" * 201, "a\nb", 7, ["fp"]])
def test_a_fingerprint_that_is_none_is_left_out(registry, client, fingerprint):
    client.bot(BOT).report(response_model=MODEL, fingerprint=fingerprint)
    client.refresh()

    assert registry.reports[0]["fingerprint"] is None


def test_what_waits_is_bounded_and_the_oldest_makes_room(registry, client):
    bot = client.bot(BOT)
    registry.go_down()

    for number in range(MAX_WAITING + 7):
        bot.report(response_model=f"model-{number}")
    client.refresh()
    registry.come_back()
    health = client.refresh()

    names = [one["response_model"] for one in registry.reports]
    assert health.dropped == 7
    assert names == [f"model-{number}" for number in range(7, MAX_WAITING + 7)]
    assert posts(registry) == MAX_WAITING // MAX_BATCH


def test_the_first_thing_that_is_dropped_is_logged_and_no_other(client, caplog):
    bot = client.bot(BOT)

    for _ in range(3):
        bot.report(response_model="")

    assert len(caplog.records) == 1
    assert client.health().dropped == 3


def test_a_stopped_bot_may_still_tell_what_answered_before(registry, client):
    kept = client.bot(BOT)
    registry.stop(BOT, reason="it promised too much")
    client.refresh()

    kept.report(response_model=MODEL)
    client.refresh()

    assert registry.reports[0]["bundle"] == kept.digest


def test_a_folder_takes_no_reports(tmp_path):
    (tmp_path / "bots").mkdir()
    body = (
        b'{"kind": "bundle", "bot": {"name": "a", "version": "1.0.0", "disclosure":'
        b' "d", "fallback": "f"}, "stopped": null, "prompts": {}, "guardrails": {},'
        b' "bindings": {}}'
    )
    digest = digest_of(body)
    (tmp_path / "bots/a.json").write_bytes(body)
    (tmp_path / "index.json").write_text(
        f'{{"format": 1, "bots": {{"a": "{digest}"}}, "prompts": {{}}}}'
    )

    with placet.Client(f"dir:{tmp_path}", refresh="manual") as client:
        client.bot("a").report(response_model=MODEL)

        assert client.refresh().dropped == 0


def test_many_threads_report_and_nothing_is_lost(registry, client):
    bot = client.bot(BOT)

    def report():
        for number in range(500):
            bot.report(response_model=f"model-{number % 5}")

    threads = [Thread(target=report) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        client.refresh()
    client.refresh()

    assert sum(one["count"] for one in registry.reports) == 4_000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_does_not_send_what_its_parent_has_waiting(registry, client):
    bot = client.bot(BOT)
    bot.report(response_model="of the parent")

    child = os.fork()
    if child == 0:
        bot.report(response_model="of the child")
        client.refresh()
        os._exit(0)
    os.waitpid(child, 0)
    client.refresh()

    names = [one["response_model"] for one in registry.reports]
    assert names == ["of the child", "of the parent"]


def test_a_role_that_the_bot_does_not_have_is_warned_of_once(registry, client, caplog):
    registry.put_binding("acme-air/chat", {"model": MODEL})
    registry.put_bot(BOT, {}, bindings={"main": "acme-air/chat"})
    client.refresh()
    bot = client.bot(BOT)

    for _ in range(3):
        bot.report(response_model=MODEL, role="zz")
    bot.report(response_model=MODEL, role="main")

    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "'zz'" in record.getMessage()
    assert "its roles are 'main'" in record.getMessage()
