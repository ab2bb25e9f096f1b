"""What is believed and what is not, where a row of a table does not say enough."""

from dataclasses import replace

import pytest

import placet
from placet.testing import FakeRegistry
from tests.client.tampering import (
    BOT,
    PROMPT,
    body,
    bundle,
    cut,
    digest_of,
    dumped,
    head,
    redirect,
)


def test_a_stop_is_taken_though_the_rest_of_the_bundle_is_not(registry, client):
    client.bot(BOT)
    registry.put_prompt(PROMPT, "second: {{ question }}")

    def stop(whole):
        whole.update(guardrails={"input": {}}, stopped={"reason": None})

    registry.tamper = bundle(dumped(stop))
    client.refresh()

    assert client.bot(BOT).stopped


def test_what_the_table_sends_would_be_served_if_nothing_were_wrong(
    registry, client, said
):
    registry.tamper = bundle(dumped(lambda whole: None))

    assert said(client.bot(BOT)) == "evil: ?"


def test_an_address_is_only_made_of_a_digest(registry, client):
    registry.tamper = head(bundle="../../v1/tokens")

    with pytest.raises(placet.BadAnswer):
        client.bot(BOT)

    assert not [path for path in registry.requests if "tokens" in path]


def test_an_answer_that_is_cut_off_is_no_answer(registry, client):
    registry.tamper = cut("/head")

    with pytest.raises(placet.NoAnswer):
        client.bot(BOT)


def test_a_head_that_is_padded_beyond_the_limit_is_not_read(registry, client):
    def pad(path, reply):
        return replace(reply, body=reply.body + b" " * 16_384)

    registry.tamper = pad

    with pytest.raises(placet.BadAnswer, match="larger than 16384"):
        client.bot(BOT)


def test_one_seq_with_two_contents_is_not_believed(registry, client, said):
    seq = client.bot(BOT).seq
    registry.put_prompt(PROMPT, "second: {{ question }}")

    registry.tamper = head(seq=seq)
    health = client.refresh()

    assert "two contents" in health.problems[f"bots/{BOT}"]
    assert said(client.bot(BOT)) == "first: ?"


def test_a_304_that_was_not_asked_for_is_not_an_answer(registry, client):
    registry.tamper = lambda path, reply: replace(reply, status=304, body=b"")

    with pytest.raises(placet.Refused, match="304"):
        client.bot(BOT)


def test_a_304_confirms_nothing_if_no_etag_was_sent(registry, client):
    def without_etag(path, reply):
        headers = {
            name: reply.headers[name] for name in reply.headers if name != "ETag"
        }
        return replace(reply, headers=headers)

    registry.tamper = without_etag
    client.bot(BOT)

    registry.tamper = lambda path, reply: replace(reply, status=304, body=b"")

    assert not client.refresh().ok


def test_the_repository_that_was_seen_first_is_the_one(registry, client):
    client.bot(BOT)
    registry.put_bot("acme-air/sales", {"refunds": PROMPT})

    registry.tamper = head(repository="elsewhere")

    with pytest.raises(placet.BadAnswer, match="another registry"):
        client.bot("acme-air/sales")


def test_a_bad_answer_does_not_say_which_repository_is_the_one(registry, client, said):
    registry.tamper = head(repository="elsewhere", bundle="sha256:" + "0" * 64)
    with pytest.raises(placet.Refused):
        client.bot(BOT)

    registry.tamper = None

    assert said(client.bot(BOT)) == "first: ?"


def test_a_floor_does_not_sink_within_an_epoch(registry, client):
    registry.stop(BOT, reason="it promised too much")
    registry.resume(BOT)
    kept = client.bot(BOT)

    registry.tamper = head(floor=0)
    registry.put_prompt(PROMPT, "second: {{ question }}")
    client.refresh()

    assert client.bot(BOT).floor == kept.floor > 0


@pytest.mark.parametrize(
    "hostile",
    [
        body(b'{"kind": "prompt"}'),
        lambda path, reply: replace(reply, body=reply.body + b" "),
        body(b"<html>", Placet_Digest=digest_of(b"<html>")),
        body(b"{}", Placet_Digest=digest_of(b"{}")),
        lambda path, reply: replace(reply, headers={}),
        lambda path, reply: replace(
            reply, headers={**reply.headers, "Placet-Environment": "staging"}
        ),
        lambda path, reply: replace(
            reply, headers={**reply.headers, "Placet-Seq": "1"}
        ),
        lambda path, reply: replace(
            reply, headers={**reply.headers, "Placet-Seq": "-9"}
        ),
        lambda path, reply: replace(
            reply, headers={**reply.headers, "Placet-Epoch": "0"}
        ),
        cut("/prompts/"),
        redirect,
    ],
)
def test_the_last_good_copy_of_a_prompt_stays_too(registry, client, hostile):
    client.prompt(PROMPT)
    registry.put_prompt(PROMPT, "second: {{ question }}")

    registry.tamper = hostile
    health = client.refresh()

    assert client.prompt(PROMPT).render(question="?")[0]["content"] == "first: ?"
    assert client.prompt(PROMPT).stale
    assert not health.ok


def test_another_prompt_than_the_one_asked_for_is_not_served(registry, client):
    registry.put_prompt("acme-air/other", "other")
    seen = {}
    registry.tamper = lambda path, reply: seen.setdefault("other", reply)
    client.prompt("acme-air/other")

    registry.tamper = lambda path, reply: seen["other"]

    with pytest.raises(placet.BadAnswer, match="another prompt"):
        client.prompt(PROMPT)


def test_a_redirect_takes_the_token_nowhere(registry, client):
    with FakeRegistry() as elsewhere:
        registry.tamper = lambda path, reply: replace(
            reply, status=307, headers={"Location": elsewhere.url + path}
        )

        with pytest.raises(placet.Refused, match="not followed"):
            client.bot(BOT)

        assert elsewhere.requests == []
