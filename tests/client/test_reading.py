"""What a chatbot sees while all is well."""

import logging
import socket
from dataclasses import FrozenInstanceError, replace
from threading import Thread

import pytest

import placet

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


def test_after_the_first_read_a_bot_is_read_without_the_network(registry, client, said):
    first = client.bot(BOT)
    asked = len(registry.requests)

    registry.go_down()
    again = [client.bot(BOT) for _ in range(100)]

    assert all(bundle is first for bundle in again)
    assert said(first) == "first: ?"
    assert len(registry.requests) == asked


def test_the_first_read_takes_a_head_and_a_bundle(registry, client):
    bundle = client.bot(BOT)

    assert registry.requests == [
        f"/v1/environments/production/bots/{BOT}/head",
        f"/v1/bundles/{bundle.digest}",
    ]


def test_a_conversation_keeps_its_bundle_when_another_is_live(registry, client, said):
    kept = client.bot(BOT)

    registry.put_prompt(PROMPT, "second: {{ question }}")
    client.refresh()

    assert said(kept) == "first: ?"
    assert said(client.bot(BOT)) == "second: ?"


def test_a_bundle_cannot_be_changed(client, said):
    bundle = client.bot(BOT)

    with pytest.raises(FrozenInstanceError):
        bundle.stopped = True
    with pytest.raises(TypeError):
        bundle.prompts["refunds"] = None
    bundle.document["name"] = "changed"
    bundle.prompt("refunds").document["messages"].clear()

    assert bundle.document["name"] == BOT
    assert bundle.prompt("refunds").document["messages"]
    assert said(bundle) == "first: ?"


def test_a_bundle_says_what_users_are_told(registry, client):
    registry.put_bot(
        BOT, {"refunds": PROMPT}, disclosure="A machine.", fallback="Call."
    )

    bundle = client.bot(BOT)

    assert (bundle.disclosure, bundle.fallback) == ("A machine.", "Call.")


def test_log_fields_name_everything_that_an_answer_was_made_with(registry, client):
    bundle = client.bot(BOT)
    prompt = bundle.prompt("refunds")

    fields = bundle.log_fields()

    assert fields == {
        "placet_environment": "production",
        "placet_seq": registry.seq,
        "placet_bot": BOT,
        "placet_version": "1.0.0",
        "placet_bundle": bundle.digest,
        "placet_prompts": {
            "refunds": {"name": PROMPT, "version": "1.0.0", "digest": prompt.digest}
        },
        "placet_guardrails": {},
        "placet_bindings": {},
        "placet_stopped": False,
        "placet_stale": False,
    }


def test_log_fields_can_be_given_to_a_log_record(client, caplog):
    bundle = client.bot(BOT)

    logging.getLogger("chatbot").warning("answered", extra=bundle.log_fields())

    assert caplog.records[0].placet_bundle == bundle.digest


def test_a_prompt_is_read_by_itself(registry, client):
    prompt = client.prompt(PROMPT)

    assert prompt.render(question="?")[0]["content"] == "first: ?"
    assert prompt.log_fields() == {
        "placet_environment": "production",
        "placet_seq": registry.seq,
        "placet_prompt": PROMPT,
        "placet_version": "1.0.0",
        "placet_digest": prompt.digest,
        "placet_stale": False,
    }
    assert client.prompt(PROMPT) is prompt


def test_a_prompt_has_the_same_digest_alone_and_in_a_bundle(client):
    alone = client.prompt(PROMPT)
    in_bundle = client.bot(BOT).prompt("refunds")

    assert alone.digest == in_bundle.digest


def test_a_role_that_the_bot_lacks_is_an_error_that_lists_its_roles(client):
    bundle = client.bot(BOT)

    with pytest.raises(placet.UnknownPrompt, match="'refunds'"):
        bundle.prompt("refund")


def test_a_bot_that_the_registry_lacks_is_an_error(client):
    with pytest.raises(placet.Refused, match="404") as raised:
        client.bot("acme-air/absent")

    assert raised.value.status == 404


@pytest.mark.parametrize(
    "name", ["", "A", "../x", "a/../b", "a//b", "a/", "a b", "a?b", "a\n", "x" * 201]
)
def test_what_is_no_name_is_never_asked_for(registry, client, name):
    with pytest.raises(placet.Misconfigured):
        client.bot(name)
    with pytest.raises(placet.Misconfigured):
        client.prompt(name)

    assert registry.requests == []


def test_a_prompt_of_an_engine_that_is_not_known_yet_does_not_load(registry, client):
    registry.put_prompt(PROMPT, "<% x %>", template="later")

    with pytest.raises(placet.Unsupported, match="unknown kind"):
        client.bot(BOT)
    with pytest.raises(placet.Unsupported, match="unknown kind"):
        client.prompt(PROMPT)


def test_nobody_there_at_the_first_read_is_an_error_with_a_hint(registry, client):
    registry.go_down()

    with pytest.raises(placet.Unreachable, match="up and reachable"):
        client.bot(BOT)


def test_a_registry_that_comes_up_late_is_read_by_the_next_call(registry, client, said):
    registry.go_down()
    with pytest.raises(placet.RegistryUnavailable):
        client.bot(BOT)

    registry.come_back()

    assert said(client.bot(BOT)) == "first: ?"


def test_a_server_that_never_answers_ends_the_first_read_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = placet.Client(url, token="t", environment="production", timeout_s=0.1)

        with client, pytest.raises(placet.NoAnswer):
            client.bot(BOT)


def test_a_server_that_drips_bytes_does_not_hold_the_first_read():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        client = placet.Client(url, token="t", environment="production", timeout_s=0.3)
        dripping = Thread(target=drip, args=(listening,))
        dripping.start()

        with client, pytest.raises(placet.NoAnswer):
            client.bot(BOT)

        dripping.join()


def drip(listening: socket.socket) -> None:
    """Send a byte of an endless header every 10 ms, until the client has enough."""
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(0.01)
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while True:
                try:
                    connection.sendall(b"x")
                    if connection.recv(4096) == b"":
                        return
                except TimeoutError:
                    continue
        except OSError:
            return


def test_a_connection_that_the_server_closed_is_replaced(registry, client, said):
    client.bot(BOT)
    registry.go_down()
    registry.come_back()
    registry.put_prompt(PROMPT, "second: {{ question }}")

    health = client.refresh()

    assert health.ok
    assert said(client.bot(BOT)) == "second: ?"


def test_a_path_before_the_registrys_own_is_kept(registry):
    url = registry.url + "/behind/"
    asked = []

    def strip(path, reply):
        asked.append(path)
        return replace(reply, status=503)

    registry.tamper = strip
    with (
        placet.Client(url, token=registry.token, environment="production") as client,
        pytest.raises(placet.Refused),
    ):
        client.bot(BOT)

    assert asked == [f"/behind/v1/environments/production/bots/{BOT}/head"]


def test_a_closed_client_reads_nothing_any_more(registry):
    client = registry.client()
    bundle = client.bot(BOT)

    client.close()

    with pytest.raises(placet.Closed):
        client.bot(BOT)
    assert bundle.prompt("refunds")


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "registry.internal"},
        {"url": "ftp://registry.internal"},
        {"url": "https://"},
        {"url": "https://a..b"},
        {"url": "https://name:word@registry.internal"},
        {"url": "https://registry.internal?token=x"},
        {"token": None},
        {"token": "two\r\nlines"},
        {"environment": None},
        {"environment": "../production"},
        {"poll_s": 0},
        {"timeout_s": -1},
        {"max_stale_s": 0},
        {"refresh": "sometimes"},
    ],
)
def test_an_argument_that_cannot_be_used_is_refused_at_once(wrong):
    right = {"url": "https://registry.internal", "token": "t", "environment": "staging"}

    with pytest.raises(placet.Misconfigured):
        placet.Client(**(right | wrong))
