"""One shape for everything that goes wrong."""

import inspect

import pytest
from pydantic_core._pydantic_core import list_all_errors

from registry import errors
from registry.api.bearer import Scope
from registry.api.problems import respond, status_of
from registry.api.request_words import mistake
from registry.errors import Deleted, InvalidDocument, RegistryError
from registry.mistakes import Finding
from tests.api import texts
from tests.api.conftest import Placet

ERRORS = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, RegistryError) and value is not RegistryError
]
MEMBERS = {"type", "title", "status", "detail", "hint"}
STATUSES = {401, 403, 404, 409, 410, 413, 422, 429, 503}


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_a_status_and_a_hint(error: type[RegistryError]):
    assert status_of(error.__new__(error)) in STATUSES
    assert error.hint != RegistryError.hint


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/changes/7", None, 404),
        ("GET", "/v1/nowhere", None, 404),
        ("GET", "/nowhere", None, 404),
        ("PATCH", "/v1/changes", None, 405),
        ("GET", "/v1/changes?limit=0", None, 422),
        ("GET", "/v1/changes?cursor=%21", None, 422),
        ("GET", "/v1/changes/seven", None, 422),
        ("GET", "/v1/changes/" + "9" * 5000, None, 422),
        ("GET", "/v1/ledger/events?after=" + "9" * 30, None, 422),
        ("GET", "/v1/environments/nowhere/live", None, 404),
        ("GET", "/v1/environments/staging/live?seq=9", None, 404),
        ("GET", "/v1/environments/staging/live?at=2026-05-03T12:00:00", None, 422),
        ("GET", "/v1/documents/recipes/cake", None, 422),
        ("GET", "/v1/environments/staging/prompts/a/b", None, 404),
        ("POST", "/v1/changes", {}, 422),
        ("POST", "/v1/changes/7/comments", {"text": "Hello"}, 404),
        ("GET", "/schemas/recipe.json", None, 404),
    ],
)
def test_every_refusal_has_the_same_shape(
    placet: Placet, method: str, path: str, body, status: int
):
    answer = placet.signed_in("author").request(method, path, json=body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem.keys() == MEMBERS
    assert problem["status"] == status
    assert problem["type"].startswith("urn:placet:problem:")
    assert problem["detail"]
    assert problem["hint"]


def test_a_method_that_means_nothing_says_which_do(placet: Placet):
    answer = placet.signed_in("author").patch("/v1/changes")

    assert answer.status_code == 405
    assert answer.headers["allow"]


def test_a_document_that_is_refused_brings_its_findings(placet: Placet):
    source = texts.prompt().replace("owner: product\n", "").replace('"1.0.0"', "1.0")
    body = {
        "environment": "development",
        "title": "Wrong",
        "documents": [{"source": source}],
    }

    answer = placet.signed_in("author").post("/v1/changes", json=body)

    findings = answer.json()["findings"]
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:placet:problem:invalid-document"
    assert {finding["document"] for finding in findings} == {"prompts/acme/refunds"}
    assert findings[0].keys() == {
        *("line", "where", "message", "hint", "rule"),
        "document",
    }
    assert {finding["where"] for finding in findings} == {"", "/version"}


def test_what_was_deleted_says_where_the_environment_was(placet: Placet):
    placet.live(texts.prompt())
    gone = placet.submit(deleted=["prompts/acme/refunds"])
    placet.activate(gone)

    answer = placet.machine(Scope.READ).post(
        "/v1/environments/development/prompts/acme/refunds:render", json={}
    )

    assert answer.status_code == 410
    assert answer.json()["seq"] == 2
    assert answer.json()["epoch"] == 1


def test_a_fault_of_ours_shows_nothing_of_the_inside(placet: Placet):
    placet.parts.opened.engine.dispose()
    object.__setattr__(placet.parts, "opened", None)

    answer = placet.anonymous().get("/readyz")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:placet:problem:fault",
        "title": "Fault",
        "status": 500,
        "detail": "the registry made a mistake",
        "hint": RegistryError.hint,
    }


def test_a_mistake_in_a_request_does_not_repeat_what_was_sent(placet: Placet):
    body = {"handle": "author", "password": ["a secret"], "extra": "another secret"}

    answer = placet.anonymous().post("/v1/sessions", json=body)

    assert answer.status_code == 422
    assert "secret" not in answer.text
    assert "password" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"text": 7}, "text must be text"),
        ({}, "text is missing"),
        ({"text": "x" * 20_000}, "text is too long; at most 10,000 characters"),
        ({"text": "Yes.", "by": "me"}, "by is not known here"),
        ([], "the body must be a mapping"),
    ],
)
def test_a_mistake_in_a_request_is_told_in_our_words(placet: Placet, body, told):
    answer = placet.signed_in("author").post("/v1/changes/1/comments", json=body)

    assert answer.status_code == 422
    assert told in answer.json()["detail"]


def test_nothing_that_the_framework_says_gets_through():
    for known in list_all_errors():
        if known["type"] == "json_invalid":
            continue
        said = {"loc": ("body", "x"), "msg": known["example_message_python"]}

        words = mistake({**known, **said, "ctx": known["example_context"]})

        assert words.startswith("x ")
        assert known["example_message_python"] not in words
        assert "Input" not in words


def test_members_of_an_error_are_told():
    finding = Finding(line=3, where="/a", message="wrong", hint="mend it")

    invalid = respond(InvalidDocument("prompts/a", [finding]))
    deleted = respond(Deleted("gone", epoch=1, seq=7))

    assert b'"findings":[{"line":3,' in bytes(invalid.body)
    assert b'"seq":7' in bytes(deleted.body)
