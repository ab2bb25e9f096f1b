"""What is taken in: how large, how deep, and of which form."""

import json

import pytest

from registry.api.bearer import Scope
from tests.api import texts
from tests.api.conftest import Placet

JSON = {"Content-Type": "application/json"}
PROMPT = "/v1/environments/development/prompts/acme/greeting"


def large(size: int) -> bytes:
    return b'{"text": "' + b"a" * size + b'"}'


def in_chunks(body: bytes):
    """Without a Content-Length: httpx sends it in chunks."""
    for begin in range(0, len(body), 65536):
        yield body[begin : begin + 65536]


def test_a_body_has_at_most_a_mebibyte(placet: Placet):
    answer = placet.signed_in("author").post(
        "/v1/changes/1/comments", content=large(2**20), headers=JSON
    )

    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:placet:problem:too-large"


def test_a_body_that_is_said_to_be_larger_is_not_even_read(placet: Placet):
    headers = {**JSON, "Content-Length": str(2**20 + 1)}

    answer = placet.signed_in("author").post(
        "/v1/changes/1/comments", content=b'{"text": "a"}', headers=headers
    )

    assert answer.status_code == 413


def test_a_body_in_chunks_has_the_same_limit(placet: Placet):
    answer = placet.signed_in("author").post(
        "/v1/changes/1/comments", content=in_chunks(large(2**20)), headers=JSON
    )

    assert answer.status_code == 413


def test_a_change_may_be_larger(placet: Placet):
    sources = [
        texts.prompt(f"acme/p{number}", text="a" * 200_000) for number in range(8)
    ]

    change = placet.submit(*sources)

    assert len(change["documents"]) == 8


def test_a_change_has_at_most_32_mebibytes(placet: Placet):
    answer = placet.signed_in("author").post(
        "/v1/changes", content=in_chunks(large(32 * 2**20)), headers=JSON
    )

    assert answer.status_code == 413


def test_nobody_reads_the_body_of_somebody_who_is_not_known(placet: Placet):
    taken = []

    def body():
        for part in in_chunks(large(2**20)):
            taken.append(len(part))
            yield part

    answer = placet.anonymous().post("/v1/changes", content=body(), headers=JSON)

    assert answer.status_code == 401


def test_a_compressed_body_is_not_taken(placet: Placet):
    headers = {**JSON, "Content-Encoding": "gzip"}

    answer = placet.signed_in("author").post(
        "/v1/changes", content=b"{}", headers=headers
    )

    assert answer.status_code == 422
    assert "compressed" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"nothing",
        b'{"text": NaN}',
        b'{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        b'{"text": "a", "more": 1}',
        b"[" * 100_000,
    ],
)
def test_what_is_not_the_json_that_is_asked_for_is_refused(placet: Placet, body: bytes):
    answer = placet.signed_in("author").post(
        "/v1/changes/1/comments", content=body, headers=JSON
    )

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:placet:problem:invalid"


def test_json_is_at_most_32_deep(placet: Placet):
    placet.live(texts.template())
    machine = placet.machine(Scope.READ)

    def deep(levels: int) -> bytes:
        return b'{"values": {"a": ' + b"[" * levels + b"]" * levels + b"}}"

    allowed = machine.post(f"{PROMPT}:render", content=deep(30), headers=JSON)
    refused = machine.post(f"{PROMPT}:render", content=deep(31), headers=JSON)

    assert "deeper" not in allowed.text
    assert "deeper than 32" in refused.text


def test_a_body_of_another_type_is_refused(placet: Placet):
    answer = placet.signed_in("author").post(
        "/v1/changes",
        content=json.dumps({"title": "A form"}).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 422


@pytest.mark.parametrize("key", ["", "a" * 201, "caf\xe9", "tab\tkey"])
def test_an_idempotency_key_is_short_printable_ascii(placet: Placet, key: str):
    answer = placet.signed_in("author").post(
        "/v1/changes/1/comments",
        json={"text": "Hello"},
        headers={"Idempotency-Key": key.encode("latin-1")},
    )

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/livez", "/docs", "/v1/changes", "/nowhere"])
def test_every_answer_forbids_sniffing(placet: Placet, path: str):
    answer = placet.signed_in("author").get(path)

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_what_people_read_is_not_kept_by_anybody(placet: Placet):
    answer = placet.signed_in("author").get("/v1/people")

    assert answer.headers["cache-control"] == "no-store"
