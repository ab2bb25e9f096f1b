"""Which endpoints an operator can list: the rules of `registry/models/endpoints.py`."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.models import Endpoint, has_keys, parse_endpoints

KEY = "sk-not-a-real-one"


def listed(environ: dict[str, str] | None = None, **told: object) -> Endpoint:
    file = {"there": {"url": "https://models.example/v1", **told}}
    return parse_endpoints(json.dumps(file).encode(), environ or {})["there"]


def test_a_key_is_sent_as_a_bearer():
    endpoint = listed(key=KEY)

    assert endpoint.headers == {"authorization": f"Bearer {KEY}"}
    assert endpoint.address.origin == "https://models.example"
    assert endpoint.address.target == "/v1/chat/completions"


def test_a_key_can_be_sent_in_a_header_of_its_own():
    assert listed(key=KEY, header="api-key").headers == {"api-key": KEY}


def test_a_key_can_be_in_the_environment():
    endpoint = listed({"THERE": f"{KEY}\n"}, key_from="THERE")

    assert endpoint.headers == {"authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:11434/v1/", "http://[::1]:8080/v1"])
def test_this_machine_needs_neither_tls_nor_a_key(url: str):
    endpoint = listed(url=url)

    assert endpoint.headers == {}
    assert endpoint.address.target == "/v1/chat/completions"


def test_only_what_is_listed_may_be_called():
    allowed = listed(key=KEY).allowed

    assert (allowed.networks, allowed.plain) == ((), ())
    assert allowed.hosts == ("models.example:443",)


@pytest.mark.parametrize(
    "url",
    [
        "http://models.example/v1",
        "http://localhost:11434/v1",
        "http://10.0.0.7/v1",
        "https://models.example/v1?a=1",
        "https://user@models.example/v1",
        "https://models.example/v1#a",
        "file:///etc/passwd",
        "models.example",
        "",
        7,
    ],
)
def test_another_address_is_refused(url: object):
    with pytest.raises(Invalid, match="there") as refusal:
        listed(url=url, key=KEY)

    assert refusal.value.hint


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"key": KEY, "key_from": "THERE"},
        {"key_from": "NOT_SET"},
        {"key": KEY, "header": "x-goog-api-key"},
        {"key": f"{KEY}\nX-More: yes"},
        {"key": f"{KEY} {KEY}"},
        {"key": "schlüssel"},
        {"key": ""},
        {"key": 7},
        {"key": KEY, "kee": KEY},
    ],
)
def test_what_is_no_endpoint_is_refused_without_its_key(told: dict[str, object]):
    with pytest.raises(Invalid) as refusal:
        listed(**told)

    assert KEY not in str(refusal.value)


@pytest.mark.parametrize("source", [b"", b"[]", b"there: [", b"there: 7", b"\xff"])
def test_what_is_no_file_of_keys_is_refused(source: bytes):
    with pytest.raises(Invalid):
        parse_endpoints(source, {})


def test_a_key_is_not_part_of_what_an_endpoint_looks_like():
    assert KEY not in repr(listed(key=KEY))


def test_a_file_has_keys_only_where_they_are_written_out():
    assert has_keys(b"a: {url: x, key: y}")
    assert not has_keys(b"a: {url: x, key_from: y}")
    assert not has_keys(b"[]")


@given(st.binary(max_size=200))
def test_no_file_is_too_odd_to_be_read_or_refused(source: bytes):
    with suppress(Invalid):
        parse_endpoints(source, {})
