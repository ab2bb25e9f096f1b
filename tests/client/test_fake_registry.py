"""What a chatbot's own tests can do with the fake, and what it refuses."""

import json
from http.client import HTTPConnection

import pytest

import placet
from placet.testing import FakeRegistry

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


def get(registry, path, **headers):
    """Ask the registry like any other HTTP client."""
    connection = HTTPConnection(registry.url.removeprefix("http://"), timeout=5)
    try:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told.setdefault("Authorization", f"Bearer {registry.token}")
        connection.request("GET", path, headers=told)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_a_bundle_is_served_by_name_and_by_digest(registry):
    status, headers, body = get(registry, f"/v1/environments/production/bots/{BOT}")

    by_digest = get(registry, f"/v1/bundles/{headers['Placet-Digest']}")

    assert status == 200
    assert headers["ETag"] == f'"{headers["Placet-Digest"]}"'
    assert by_digest[2] == body
    assert json.loads(body)["bot"]["name"] == BOT


def test_a_head_changes_its_etag_with_its_seq_though_the_bundle_is_the_same(registry):
    path = f"/v1/environments/production/bots/{BOT}/head"
    _, before, _ = get(registry, path)

    registry.stop(BOT, reason="it promised too much")
    registry.resume(BOT)
    status, _, body = get(registry, path, If_None_Match=before["ETag"])

    assert status == 200
    assert json.loads(body)["floor"] > 0


def test_without_its_token_it_says_nothing(registry):
    status, _, body = get(
        registry, f"/v1/environments/production/bots/{BOT}", Authorization="Bearer x"
    )

    assert (status, body) == (401, b"")


@pytest.mark.parametrize("path", ["/", "/v1/bundles/sha256:0", "/v1/environments/x"])
def test_what_it_does_not_have_is_a_problem(registry, path):
    status, headers, body = get(registry, path)

    assert status == 404
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["status"] == 404


def test_it_comes_back_where_it_was(registry):
    before = registry.url

    registry.go_down()
    registry.come_back()

    assert registry.url == before


def test_only_bots_whose_bundle_changed_get_a_new_seq(registry, client):
    registry.put_prompt("acme-air/other", "other")
    registry.put_bot("acme-air/sales", {"refunds": "acme-air/other"})
    before = client.bot(BOT).seq

    registry.put_prompt("acme-air/other", "another")
    client.refresh()

    assert client.bot(BOT).seq == before
    assert client.bot("acme-air/sales").seq == registry.seq


@pytest.mark.parametrize(
    "mistake",
    [
        lambda registry: registry.put_bot(BOT, {"refunds": "acme-air/absent"}),
        lambda registry: registry.put_prompt("Refunds", "x"),
        lambda registry: registry.delete_prompt(PROMPT),
        lambda registry: registry.delete_prompt("acme-air/absent"),
        lambda registry: registry.delete_bot("acme-air/absent"),
        lambda registry: registry.stop("acme-air/absent", reason="x"),
        lambda registry: FakeRegistry(environment="No"),
    ],
)
def test_a_mistake_in_a_test_is_an_error_and_changes_nothing(registry, mistake):
    seq = registry.seq

    with pytest.raises(placet.Misconfigured):
        mistake(registry)

    assert registry.seq == seq
