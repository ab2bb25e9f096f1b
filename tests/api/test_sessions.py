"""The rules at the top of `registry/api/access.py` and `grants.py` on sessions."""

import re

import pytest
from sqlalchemy import select

from registry.api.bearer import Scope, hash_of
from registry.api.passwords import Passwords
from registry.db.engine import reading
from registry.db.tables import SessionRow
from registry.writer import Home
from tests.api.conftest import Placet

PASSWORD = "correct horse battery"
SECRET = re.compile(r"plc_session_[0-9A-Za-z]{49}\Z")


@pytest.fixture(scope="module")
def password_hash() -> str:
    return Passwords().make_hash(PASSWORD)


@pytest.fixture
def author(placet: Placet, password_hash: str) -> Placet:
    """A registry whose author has a password."""
    placet.parts.operations.save_password("author", password_hash)
    return placet


def sign_in(placet: Placet, handle: str = "author", password: str = PASSWORD):
    body = {"handle": handle, "password": password}
    return placet.anonymous().post("/v1/sessions", json=body)


def test_a_password_begins_a_session(author: Placet):
    answer = sign_in(author)

    assert answer.status_code == 201
    assert SECRET.match(answer.json()["token"])
    assert answer.json()["handle"] == "author"
    assert answer.json()["ends"] == "2026-05-04T00:00:00Z"


def test_a_session_says_who_one_is(author: Placet):
    secret = sign_in(author).json()["token"]

    answer = author.bearing(secret).get("/v1/sessions/current")

    told = answer.json()
    told.pop("may")
    told.pop("longest_days")
    assert told == {
        "handle": "author",
        "roles": ["author"],
        "seats": [],
        "limits": [],
        "cooling": [],
        "via": "session",
        "ends": "2026-05-03T12:30:00Z",
        "began": "2026-05-03T12:00:00Z",
    }


def test_a_session_says_for_how_long_something_can_be_given(author: Placet):
    told = author.signed_in("author").get("/v1/sessions/current").json()

    longest = told["longest_days"]
    body = {"purpose": "bot", "scope": "read", "environments": [], "bots": []}
    days = longest["token"]
    made = [
        author.signed_in("author").post("/v1/tokens", json=body | {"days": each})
        for each in (days, days + 1)
    ]
    assert [one.status_code for one in made] == [201, 422]
    assert set(longest) == {"certification", "condition", "waiver", "token"}


def test_the_table_has_the_hash_of_the_secret_and_not_the_secret(
    author: Placet, home: Home
):
    secret = sign_in(author).json()["token"]

    engine = home.open_operations()
    with reading(engine) as connection:
        rows = connection.execute(select(SessionRow.__table__)).all()
    engine.dispose()
    assert hash_of(secret) in {row.token_hash for row in rows}
    assert secret not in str(rows)


def test_a_wrong_password_and_an_unknown_handle_are_answered_alike(author: Placet):
    wrong = sign_in(author, password="wrong horse battery")
    unknown = sign_in(author, handle="nobody")
    without = sign_in(author, handle="operator")

    assert wrong.status_code == unknown.status_code == without.status_code == 401
    assert wrong.json() == unknown.json() == without.json()
    assert wrong.json()["type"] == "urn:placet:problem:wrong-password"


def test_signing_out_ends_the_session(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])

    assert client.delete("/v1/sessions/current").status_code == 204
    assert client.get("/v1/sessions/current").status_code == 401


def test_a_session_ends_after_half_an_hour_without_use(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])

    author.clock.forward(minutes=30)

    assert client.get("/v1/sessions/current").status_code == 401


def test_use_keeps_a_session_alive(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])

    for _ in range(4):
        author.clock.forward(minutes=29)
        assert client.get("/v1/sessions/current").status_code == 200


def test_use_is_noted_at_most_once_a_minute(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])

    author.clock.forward(seconds=59)
    early = client.get("/v1/sessions/current").json()["ends"]
    author.clock.forward(seconds=1)
    client.get("/v1/sessions/current")
    later = client.get("/v1/sessions/current").json()["ends"]

    assert early == "2026-05-03T12:30:00Z"
    assert later == "2026-05-03T12:31:00Z"


def test_what_nobody_asks_for_keeps_no_session_alive(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])

    for _ in range(29):
        author.clock.forward(minutes=1)
        idle = client.get("/v1/sessions/current", headers={"Placet-Idle": "true"})
        assert idle.json()["ends"] == "2026-05-03T12:30:00Z"
    author.clock.forward(minutes=1)

    assert client.get("/v1/sessions/current").status_code == 401


def test_a_session_says_when_the_password_was_given_and_a_token_does_not(
    author: Placet,
):
    client = author.bearing(sign_in(author).json()["token"])

    author.clock.forward(minutes=20)
    session = client.get("/v1/sessions/current").json()
    token = author.machine(Scope.SUBMIT).get("/v1/sessions/current").json()

    assert session["began"] == "2026-05-03T12:00:00Z"
    assert token["began"] is None


def test_a_session_ends_after_twelve_hours_of_use(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])

    for _ in range(25):
        author.clock.forward(minutes=28)
        client.get("/v1/sessions/current")
    author.clock.forward(minutes=20)

    assert client.get("/v1/sessions/current").status_code == 401


def test_a_new_password_ends_every_session(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])

    author.signed_in("admin").post(
        "/v1/people/author/password", json={"password": "another horse battery"}
    )

    assert client.get("/v1/sessions/current").status_code == 401
    assert sign_in(author).status_code == 401
    assert sign_in(author, password="another horse battery").status_code == 201


@pytest.mark.parametrize("scope", [Scope.CHECK, Scope.SUBMIT, Scope.OPERATE])
def test_a_password_that_somebody_else_sets_ends_what_acts_and_nothing_that_reads(
    author: Placet, scope: Scope
):
    acting = author.machine(scope, handle="author")
    of_others = author.machine(scope, handle="operator")
    reading = author.machine(Scope.READ, handle="author")
    own = {"password": "another horse battery", "current": PASSWORD}
    person = author.bearing(sign_in(author).json()["token"])
    person.post("/v1/people/author/password", json=own)
    after_their_own = acting.get("/v1/changes").status_code

    author.signed_in("admin").post(
        "/v1/people/author/password", json={"password": PASSWORD}
    )

    assert after_their_own == 200
    assert acting.get("/v1/changes").status_code == 401
    assert of_others.get("/v1/changes").status_code == 200
    assert reading.get("/v1/ledger/keys").status_code == 200


def test_a_deactivated_person_cannot_sign_in(author: Placet):
    body = {"roles": ["author"], "seats": [], "active": False}
    author.signed_in("admin").put("/v1/people/author", json=body)

    assert sign_in(author).status_code == 401


def test_deactivating_somebody_ends_their_sessions_for_good(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])
    body = {"roles": ["author"], "seats": [], "active": False}
    admin = author.signed_in("admin")

    admin.put("/v1/people/author", json=body)
    refused = client.get("/v1/changes")
    again = admin.put("/v1/people/author", json={**body, "active": True}).json()
    confirmed = author.signed_in("admin2").post(
        "/v1/people/author/confirmation",
        json={"proposed": again["asked_for"]["number"]},
    )

    assert confirmed.json()["active"]
    assert refused.status_code == 401
    assert client.get("/v1/changes").status_code == 401


def test_one_changes_ones_own_password_with_the_present_one(author: Placet):
    client = author.bearing(sign_in(author).json()["token"])
    body = {"password": "another horse battery"}

    without = client.post("/v1/people/author/password", json=body)
    wrong = client.post(
        "/v1/people/author/password", json={**body, "current": "wrong horse battery"}
    )
    right = client.post(
        "/v1/people/author/password", json={**body, "current": PASSWORD}
    )

    assert without.status_code == 422
    assert wrong.status_code == 401
    assert right.status_code == 204
    assert sign_in(author, password="another horse battery").status_code == 201


def test_an_administrator_sets_anybodys_password(placet: Placet):
    body = {"password": PASSWORD}

    answer = placet.signed_in("admin").post("/v1/people/author/password", json=body)

    assert answer.status_code == 204
    assert sign_in(placet).status_code == 201


def test_only_an_administrator_sets_somebody_elses_password(placet: Placet):
    body = {"password": PASSWORD}

    answer = placet.signed_in("operator").post("/v1/people/author/password", json=body)

    assert answer.status_code == 403


def test_a_password_has_at_least_twelve_characters(placet: Placet):
    body = {"password": "eleven char"}

    answer = placet.signed_in("admin").post("/v1/people/author/password", json=body)

    assert answer.status_code == 422
    assert "12" in answer.json()["detail"]
    assert "eleven char" not in answer.text


def test_there_is_no_password_for_somebody_who_does_not_exist(placet: Placet):
    body = {"password": PASSWORD}

    answer = placet.signed_in("admin").post("/v1/people/nobody/password", json=body)

    assert answer.status_code == 404


def test_ten_wrong_tries_at_a_handle_make_the_next_one_wait(author: Placet):
    for _ in range(10):
        assert sign_in(author, password="wrong horse battery").status_code == 401

    refused = sign_in(author)
    author.clock.forward(seconds=30)
    later = sign_in(author)

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "30"
    assert refused.json()["type"] == "urn:placet:problem:too-many-tries"
    assert later.status_code == 201


def test_thirty_tries_from_an_address_make_every_handle_wait(author: Placet):
    for _ in range(30):
        sign_in(author, handle="nobody", password="wrong horse battery")

    refused = sign_in(author)
    author.clock.forward(seconds=2)
    later = sign_in(author)

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "2"
    assert later.status_code == 201


def test_who_signs_in_rightly_never_has_to_wait(author: Placet):
    answers = [sign_in(author).status_code for _ in range(11)]

    assert set(answers) == {201}


def test_answers_about_sessions_are_not_kept_by_anybody(author: Placet):
    answer = sign_in(author)

    assert answer.headers["cache-control"] == "no-store"


def test_a_session_says_what_may_be_done_to_the_registry_as_a_whole(placet: Placet):
    may = {
        who: set(placet.signed_in(who).get("/v1/sessions/current").json()["may"])
        for who in ("operator", "viewer")
    }

    assert {"resolve an alert", "verify the ledger"} <= may["operator"]
    assert may["viewer"].isdisjoint({"resolve an alert", "submit a change"})
