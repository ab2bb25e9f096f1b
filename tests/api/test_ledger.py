"""The ledger over HTTP."""

import json
from itertools import pairwise

import pytest

from registry import signed_notes
from registry.api.bearer import Scope
from registry.errors import Unavailable
from registry.names import digest_of
from registry.writer import Open
from registry.writer.keys import parse_verifiers
from tests.api import texts
from tests.api.conftest import Placet


def test_events_are_told_as_they_stand_in_the_ledger(placet: Placet):
    placet.live(texts.prompt())

    events = placet.signed_in("viewer").get("/v1/ledger/events").json()["items"]

    assert [one["number"] for one in events] == [1, 2, 3]
    assert [one["type"] for one in events] == [
        "registry-created",
        "submitted",
        "activated",
    ]


def test_events_come_in_pages_and_after_a_number(placet: Placet):
    placet.live(texts.prompt())
    viewer = placet.signed_in("viewer")

    first = viewer.get("/v1/ledger/events?limit=2").json()
    second = viewer.get(f"/v1/ledger/events?cursor={first['next']}").json()
    after = viewer.get("/v1/ledger/events?after=1").json()

    assert [one["number"] for one in first["items"]] == [1, 2]
    assert [one["number"] for one in second["items"]] == [3]
    assert second["next"] is None
    assert [one["number"] for one in after["items"]] == [2, 3]


def test_the_export_is_a_chain_that_anybody_can_follow(placet: Placet):
    placet.live(texts.prompt())

    export = placet.signed_in("viewer").get("/v1/ledger/export")

    lines = export.content.splitlines()
    assert export.headers["content-type"] == "application/x-ndjson"
    assert len(lines) == 3
    for before, line in pairwise(lines):
        assert json.loads(line)["previous"] == digest_of(before)


def test_verifying_says_what_was_verified(placet: Placet):
    placet.live(texts.prompt())

    answer = placet.signed_in("operator").post("/v1/ledger/verify")

    assert answer.status_code == 200
    verified = answer.json()
    assert (verified["events"], verified["environments"]["development"]) == (3, 1)
    assert verified["head"] == placet.parts.opened.writer.state.head.digest
    assert verified["rows"] > 3


def test_verifying_is_done_by_one_at_a_time(placet: Placet):
    verifying = placet.parts.verifying
    assert verifying._turn.acquire(blocking=False)

    answer = placet.signed_in("operator").post("/v1/ledger/verify")

    verifying._turn.release()
    assert answer.status_code == 503
    assert answer.json()["hint"] != Unavailable.hint


@pytest.mark.parametrize(
    ("handle", "status"),
    [("viewer", 403), ("author", 403), ("operator", 200), ("admin", 200)],
)
def test_whoever_answers_for_the_registry_verifies(
    placet: Placet, handle: str, status: int
):
    answer = placet.signed_in(handle).post("/v1/ledger/verify")

    assert answer.status_code == status


def test_an_auditor_verifies(placet: Placet):
    body = {"roles": ["auditor"], "seats": [], "active": True}
    placet.signed_in("admin").put("/v1/people/viewer", json=body)

    answer = placet.signed_in("viewer").post("/v1/ledger/verify")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("scope", "status"), [(Scope.SUBMIT, 403), (Scope.OPERATE, 200)]
)
def test_a_token_that_operates_verifies(placet: Placet, scope: Scope, status: int):
    answer = placet.machine(scope, handle="operator").post("/v1/ledger/verify")

    assert answer.status_code == status


def test_nothing_signed_yet_is_told_as_such(placet: Placet):
    answer = placet.signed_in("viewer").get("/v1/ledger/checkpoint")

    assert answer.status_code == 404
    assert answer.json()["detail"] == "nothing is signed yet"


def test_what_was_signed_last_is_told_with_any_token(placet: Placet, registry: Open):
    placet.live(texts.prompt())
    registry.afterwards.once()
    chatbot = placet.machine(Scope.READ)

    answer = chatbot.get("/v1/ledger/checkpoint")
    keys = chatbot.get("/v1/ledger/keys")

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    note = signed_notes.parse(answer.content)
    assert note.text.splitlines()[:2] == ["placet/tested", "3"]
    (key,) = parse_verifiers(keys.text)
    assert signed_notes.verified_by(note, [key]) == [key]


def test_there_are_no_mirrors_unless_the_operator_names_them(placet: Placet):
    assert placet.signed_in("viewer").get("/v1/ledger/mirrors").json() == []
