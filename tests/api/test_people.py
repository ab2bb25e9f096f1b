"""People over HTTP: what they hold, and how they are called."""

import pytest

from registry.api.bearer import Scope
from registry.db.operations import Operations
from registry.people import Role
from registry.writer import Home
from tests.api.conftest import JsonObject, Placet

PATH = "/v1/people/writer"
WRITER = {"roles": ["author"], "seats": ["risk"], "active": True}


def put(placet: Placet, handle: str = "admin", path: str = PATH, **more: object):
    return placet.signed_in(handle).put(path, json={**WRITER, **more})


def people(placet: Placet, handle: str) -> dict[str, JsonObject]:
    items = placet.signed_in(handle).get("/v1/people").json()["items"]
    return {one["handle"]: one for one in items}


LIMIT = {"held": "risk", "environments": ["staging"], "names": ["acme/**"]}


def confirm(placet: Placet, handle: str = "admin2", act: str = "confirmation"):
    proposed = people(placet, "admin")["writer"]["asked_for"]["number"]
    body = {"proposed": proposed}
    if act == "refusal":
        body["reason"] = "They have left."
    return placet.signed_in(handle).post(f"{PATH}/{act}", json=body)


def test_somebody_new_holds_what_was_said(placet: Placet):
    answer = put(placet, seats=[], name="A Writer", email="writer@example.com")

    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("digest").startswith("sha256:")
    assert told == {
        "handle": "writer",
        "roles": ["author"],
        "seats": [],
        "active": True,
        "limits": [],
        "name": "A Writer",
        "email": "writer@example.com",
        "asked_for": None,
        "cooling": [],
    }
    assert people(placet, "admin")["writer"] == answer.json()


def test_a_seat_waits_for_another_administrator(placet: Placet):
    asked = put(placet, limits=[LIMIT]).json()

    held = confirm(placet)

    assert (asked["seats"], asked["asked_for"]["by"]) == ([], "admin")
    assert asked["asked_for"]["person"]["seats"] == ["risk"]
    assert held.status_code == 200
    assert held.json()["seats"] == ["risk"]
    assert held.json()["limits"] == [LIMIT]
    assert held.json()["asked_for"] is None


def test_whoever_asked_does_not_confirm(placet: Placet):
    put(placet)

    answer = confirm(placet, "admin")

    assert answer.status_code == 403
    assert "admin2" in answer.json()["hint"]
    assert people(placet, "admin")["writer"]["seats"] == []


def test_what_is_asked_for_can_be_refused(placet: Placet):
    put(placet)

    answer = confirm(placet, act="refusal")

    assert answer.status_code == 200
    assert "writer" not in people(placet, "admin")


def test_nothing_is_confirmed_twice(placet: Placet):
    put(placet)
    proposed = people(placet, "admin")["writer"]["asked_for"]["number"]
    confirm(placet)

    again = placet.signed_in("admin2").post(
        f"{PATH}/confirmation", json={"proposed": proposed}
    )

    assert again.status_code == 404


def test_names_and_addresses_are_for_administrators(placet: Placet):
    put(placet, name="A Writer", email="writer@example.com")

    seen = people(placet, "author")["writer"]

    assert (seen["name"], seen["email"]) == (None, None)
    assert seen["asked_for"]["person"]["seats"] == ["risk"]


def test_an_administrators_token_sees_no_names(placet: Placet):
    put(placet, name="A Writer", email="writer@example.com")

    machine = placet.machine(Scope.SUBMIT, handle="admin")
    items = machine.get("/v1/people").json()["items"]

    assert {one["name"] for one in items} == {None}


def test_names_never_reach_the_ledger(placet: Placet):
    put(placet, name="A Writer", email="writer@example.com")

    export = placet.signed_in("viewer").get("/v1/ledger/export").text

    assert "writer" in export
    assert "A Writer" not in export
    assert "example.com" not in export


def test_a_name_alone_can_be_changed(placet: Placet):
    put(placet, name="A Writer", email="writer@example.com")

    answer = put(placet, name="Another Name")

    assert answer.status_code == 200
    assert answer.json()["name"] == "Another Name"
    assert answer.json()["email"] == "writer@example.com"


def test_only_an_administrator_manages_people(placet: Placet):
    for handle in ("operator", "board"):
        answer = put(placet, handle, name="A Writer")
        assert answer.status_code == 403

    assert "writer" not in people(placet, "admin")


def test_a_name_alone_takes_an_administrator_as_well(placet: Placet):
    put(placet, name="A Writer")

    answer = put(placet, "operator", name="Another Name")

    assert answer.status_code == 403
    assert people(placet, "admin")["writer"]["name"] == "A Writer"


def test_deactivating_somebody_revokes_their_tokens(placet: Placet):
    put(placet)
    placet.machine(Scope.READ, handle="writer")

    put(placet, active=False)

    [token] = placet.signed_in("admin").get("/v1/tokens").json()["items"]
    assert token["revoked"] == "2026-05-03T12:00:00Z"


def test_a_refusal_leaves_the_account_alone_as_well(placet: Placet, home: Home):
    refused = put(placet, path="/v1/people/admin", name="Another Name")

    engine = home.open_operations()
    account = Operations(engine).find_account("admin")
    engine.dispose()
    assert refused.status_code == 403
    assert account is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": ["king"]},
        {"seats": ["Not A Seat"]},
        {"name": "two\nlines"},
        {"name": "a" * 201},
    ],
)
def test_what_cannot_be_is_refused(placet: Placet, wrong: JsonObject):
    assert put(placet, **wrong).status_code == 422


def test_a_handle_is_a_handle(placet: Placet):
    assert put(placet, path="/v1/people/Not%20A%20Handle").status_code == 422


def test_the_same_key_gives_the_same_person_once(placet: Placet):
    admin, headers = placet.signed_in("admin"), {"Idempotency-Key": "once"}
    before = placet.parts.opened.writer.state.head.number

    first = admin.put(PATH, json=WRITER, headers=headers)
    again = admin.put(PATH, json=WRITER, headers=headers)

    assert first.json() == again.json()
    assert placet.parts.opened.writer.state.head.number == before + 1


def test_what_an_administrator_has_not_read_is_not_overwritten(placet: Placet):
    read = put(placet, seats=[]).json()["digest"]
    put(placet, roles=["viewer"], seats=[], expected=read)

    late = put(placet, "admin2", roles=["auditor"], seats=[], expected=read)

    assert late.status_code == 409
    assert late.json()["type"].endswith("content-moved")
    assert late.json()["hint"] == "Read again what they hold, and decide on that."
    assert people(placet, "admin")["writer"]["roles"] == ["viewer"]


def test_what_is_asked_for_and_was_not_read_is_not_overwritten(placet: Placet):
    read = put(placet, seats=[]).json()["digest"]
    put(placet, expected=read)

    late = put(placet, "admin2", roles=["viewer"], seats=[], expected=read)

    assert late.status_code == 409
    assert people(placet, "admin")["writer"]["asked_for"] is not None


def test_what_is_sent_once_more_has_happened_whatever_was_expected(placet: Placet):
    read = put(placet, seats=[]).json()["digest"]
    client, body = placet.signed_in("admin"), {**WRITER, "expected": read}
    headers = {"Idempotency-Key": "once"}

    first = client.put(PATH, json=body, headers=headers)
    again = client.put(PATH, json=body, headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["asked_for"] == first.json()["asked_for"]


def test_what_is_expected_is_a_digest(placet: Placet):
    answer = put(placet, seats=[], expected="whatever")

    assert answer.status_code == 422
    assert "is not a digest" in answer.json()["detail"]
    assert "writer" not in people(placet, "admin")


def test_the_roles_are_told_with_what_each_allows(placet: Placet):
    told = placet.signed_in("viewer").get("/v1/roles").json()

    roles = {one["role"]: one for one in told["roles"]}
    assert set(roles) == set(Role)
    assert {name for name, one in roles.items() if one["takes_two"]} == {
        "evaluator",
        "operator",
        "admin",
    }
    assert "verify the ledger" in roles["auditor"]["may"]
    assert all(one["allows"] for one in roles.values())
    assert {one["scope"] for one in told["scopes"]} == set(Scope) - {Scope.SESSION}
    assert told["asked_days"] == 7
