"""How many of the database's connections a request takes at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from tests.api import texts
from tests.api.conftest import JsonObject, Placet
from tests.conftest import PRODUCTION


@contextmanager
def counting(engine: Engine) -> Iterator[list[int]]:
    """How many connections were out, after each time that one was taken."""
    held: set[object] = set()
    counts: list[int] = []

    def taken(connection: object, *_: object) -> None:
        held.add(connection)
        counts.append(len(held))

    def given_back(connection: object, *_: object) -> None:
        held.discard(connection)

    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)
    try:
        yield counts
    finally:
        event.remove(engine, "checkout", taken)
        event.remove(engine, "checkin", given_back)


def propose_policy(placet: Placet) -> JsonObject:
    source = PRODUCTION.decode() + "change_days: 7\n"
    body = {"title": "A week", "source": source}
    return placet.signed_in("author").post("/v1/policies/production", json=body).json()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/changes/3/difference"),
        ("GET", "/v1/changes/4/difference"),
        ("GET", "/v1/environments/development/live"),
        ("GET", "/v1/environments/development/history"),
        ("POST", "/v1/environments/development/prompts/acme/refunds:render"),
        ("POST", "/v1/environments/development/rollbacks/preview"),
        ("GET", "/v1/documents/prompts/acme/refunds"),
        ("GET", "/v1/documents/prompts/acme/refunds/versions/1.0.0"),
        ("GET", "/v1/search?q=politely"),
        ("GET", "/v1/policies"),
        ("GET", "/v1/ledger/events"),
        ("GET", "/v1/ledger/export"),
        ("POST", "/v1/ledger/verify"),
    ],
)
def test_a_request_never_holds_two_connections(placet: Placet, method: str, path: str):
    placet.live(texts.prompt())
    placet.live(texts.prompt(version="1.1.0", text="Say less."))
    placet.submit(texts.prompt(version="1.2.0", text="Say nothing."))
    propose_policy(placet)
    body = {"all": True, "to_seq": 1} if path.endswith("/preview") else {}
    client = placet.signed_in("operator")

    with counting(placet.parts.opened.engine) as counts:
        answer = client.request(method, path, json=body if method == "POST" else None)

    assert answer.status_code == 200, answer.text
    assert max(counts) == 1


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/docs", "/openapi.json"])
def test_whom_nobody_knows_takes_no_connection(placet: Placet, path: str):
    with counting(placet.parts.opened.engine) as counts:
        answer = placet.anonymous().get(path)

    assert answer.status_code == 200
    assert counts == []
