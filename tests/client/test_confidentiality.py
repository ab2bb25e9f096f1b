"""Tokens and prompts stay where they belong, and nothing is read from around."""

import ast
import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import placet
from placet.testing import FakeRegistry

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"
PACKAGE = Path(placet.__file__).parent

READ = """
import sys, placet
with placet.Client(sys.argv[1], token=sys.argv[2], environment="production") as client:
    print(client.bot("acme-air/support").name)
"""


def echo_token(registry):
    """Answer with what the client sent, as a broken proxy might."""
    return lambda path, reply: replace(
        reply, status=418, body=registry.token.encode(), headers={}
    )


def test_the_token_is_in_no_text_of_the_client(registry, client):
    client.bot(BOT)

    texts = [repr(client), str(client), repr(client.bot(BOT)), repr(client.health())]

    assert not [text for text in texts if registry.token in text]


def test_the_token_is_in_no_error_and_no_log(registry, client, caplog):
    caplog.set_level(logging.DEBUG)
    client.bot(BOT)

    registry.tamper = echo_token(registry)
    health = client.refresh()
    registry.go_down()
    client.refresh()
    with pytest.raises(placet.RegistryUnavailable) as raised:
        client.bot("acme-air/other")

    assert registry.token not in "".join(health.problems.values())
    assert registry.token not in caplog.text
    assert registry.token not in repr(raised.value.__cause__) + str(raised.value)


def test_a_token_that_cannot_be_sent_is_not_repeated_in_the_error():
    with pytest.raises(placet.Misconfigured) as raised:
        placet.Client("https://a.internal", token="secret\n", environment="production")

    assert "secret" not in str(raised.value)


def test_no_prompt_is_in_an_error_a_log_or_a_repr(registry, client, caplog):
    caplog.set_level(logging.DEBUG)
    registry.put_prompt(PROMPT, "canary {{ question }}")
    bundle = client.bot(BOT)

    registry.put_prompt(PROMPT, "canary {{ broken")
    health = client.refresh()

    assert not health.ok
    shown = [repr(bundle), repr(bundle.prompt("refunds")), str(bundle.log_fields())]
    assert "canary" not in caplog.text + repr(health) + "".join(shown)


def test_a_token_over_plain_http_to_another_host_is_warned_of(caplog):
    placet.Client("http://registry.internal", token="t", environment="staging").close()

    assert "not https" in caplog.text


def test_proxies_and_tokens_of_the_environment_mean_nothing(registry):
    surroundings = {
        "http_proxy": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
        "PLACET_TOKEN": "another",
        "PLACET_URL": "http://127.0.0.1:9",
    }

    done = subprocess.run(
        [sys.executable, "-c", READ, registry.url, registry.token],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == (f"{BOT}\n", "")


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda m: m.name)
def test_no_module_looks_into_the_environment(module):
    names = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Attribute | ast.Name)
    }

    assert names.isdisjoint({"environ", "environb", "getenv", "getenvb", "expandvars"})


def test_a_client_with_the_wrong_token_reads_nothing(registry):
    with (
        placet.Client(registry.url, token="wrong", environment="production") as client,
        pytest.raises(placet.Refused, match="token"),
    ):
        client.bot(BOT)


def test_a_fake_registry_shows_its_token_to_nobody_else(registry):
    with FakeRegistry(environment="staging") as other:
        client = placet.Client(
            other.url, token=registry.token, environment="production"
        )

        with client, pytest.raises(placet.Refused, match="404"):
            client.bot(BOT)
