"""What machines come in with, and how far."""

import pytest
from sqlalchemy import Engine

from registry.api.bearer import Scope
from registry.api.counting import Counting
from registry.commands import ConfirmPerson, SetPerson
from registry.people import SESSION, Identity, Role, person
from tests.api import texts
from tests.api.conftest import Placet

READ = {"purpose": "support bot", "scope": "read", "days": 90}
PROMPT = "/v1/environments/development/prompts/acme/refunds"


def make(placet: Placet, handle: str = "operator", **more):
    return placet.signed_in(handle).post("/v1/tokens", json={**READ, **more})


def test_a_token_is_told_once_with_everything_about_it(placet: Placet):
    answer = make(placet, environments=["production"], bots=["acme/support"])
    listed = placet.signed_in("operator").get("/v1/tokens").json()["items"]

    made = answer.json()
    secret = made.pop("token")
    assert answer.status_code == 201
    assert made == {
        "id": made["id"],
        "handle": "operator",
        "purpose": "support bot",
        "scope": "read",
        "environments": ["production"],
        "bots": ["acme/support"],
        "made": "2026-05-03T12:00:00Z",
        "expires": "2026-08-01T12:00:00Z",
        "revoked": None,
        "made_by": "operator",
        "last_used": None,
    }
    assert listed == [made]
    assert secret not in str(listed)


def last_used(placet: Placet) -> str | None:
    found = placet.signed_in("operator").get("/v1/tokens").json()["items"]
    assert len(found) == 1
    return found[0]["last_used"]


def test_it_is_told_about_when_a_token_was_last_used(placet: Placet):
    machine = placet.machine(Scope.SUBMIT)
    before = last_used(placet)

    machine.get("/v1/changes")
    placet.clock.forward(seconds=59)
    machine.get("/v1/changes")
    within_the_minute = last_used(placet)
    placet.clock.forward(seconds=1)
    machine.get("/v1/changes")

    assert before is None
    assert within_the_minute == "2026-05-03T12:00:00Z"
    assert last_used(placet) == "2026-05-03T12:01:00Z"


def test_what_chatbots_read_is_use_of_a_token_too(placet: Placet, counting: Counting):
    placet.live(texts.prompt())

    placet.machine(Scope.READ).get(PROMPT)
    counting.finish()

    assert last_used(placet)[:16] == "2026-05-03T12:00"


def test_a_token_works_while_its_use_cannot_be_noted(
    placet: Placet, operations: Engine
):
    machine = placet.machine(Scope.SUBMIT)
    with operations.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_use BEFORE UPDATE ON token "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )

    assert machine.get("/v1/changes").status_code == 200


def test_who_made_a_token_for_somebody_else_is_told(placet: Placet):
    body = {**READ, "handle": "viewer"}
    made = placet.signed_in("admin").post("/v1/tokens", json=body).json()

    assert (made["handle"], made["made_by"]) == ("viewer", "admin")


@pytest.mark.parametrize("days", [0, 91, -1])
def test_a_token_lives_at_most_ninety_days(placet: Placet, days: int):
    assert make(placet, days=days).status_code == 422


@pytest.mark.parametrize(
    ("handle", "status"),
    [("author", 201), ("operator", 201), ("admin", 201), ("viewer", 403)],
)
def test_authors_operators_and_administrators_make_tokens_for_themselves(
    placet: Placet, handle: str, status: int
):
    assert make(placet, handle).status_code == status


@pytest.mark.parametrize("scope", ["submit", "operate"])
def test_an_administrator_makes_no_token_that_acts_in_anothers_name(
    placet: Placet, scope: str
):
    body = {**READ, "handle": "author", "scope": scope}

    answer = placet.signed_in("admin").post("/v1/tokens", json=body)

    assert answer.status_code == 403
    assert answer.json()["detail"] == "a token for somebody else can only read"
    assert placet.signed_in("admin").get("/v1/tokens").json()["items"] == []


@pytest.mark.parametrize("scope", ["submit", "operate"])
def test_an_administrator_makes_any_token_of_their_own(placet: Placet, scope: str):
    assert make(placet, "admin", scope=scope).status_code == 201


@pytest.mark.parametrize("handle", ["author", "admin", "operator"])
def test_only_an_evaluator_makes_a_token_that_checks(placet: Placet, handle: str):
    answer = make(placet, handle, scope="check")

    assert answer.status_code == 403
    assert "takes the role evaluator" in answer.json()["hint"]


def test_an_evaluator_makes_a_token_that_checks(placet: Placet):
    writer = placet.parts.opened.writer
    evaluator = person("ci", roles=(Role.EVALUATOR,), seats=(), active=True)
    asked = writer.write(SetPerson(person=evaluator), by=by("admin"))
    confirm = ConfirmPerson(handle="ci", proposed=asked.event.number)
    writer.write(confirm, by=by("admin2"))

    assert make(placet, "ci", scope="check").status_code == 201


def by(handle: str) -> Identity:
    return Identity(handle=handle, via=SESSION, roles=None)


def test_an_administrator_makes_tokens_that_read_for_anybody(placet: Placet):
    answer = placet.signed_in("admin").post(
        "/v1/tokens", json={**READ, "handle": "viewer"}
    )

    assert answer.status_code == 201
    assert answer.json()["handle"] == "viewer"


def test_nobody_else_makes_tokens_for_others(placet: Placet):
    answer = placet.signed_in("operator").post(
        "/v1/tokens", json={**READ, "handle": "author"}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"scope": "session"}, 422),
        ({"scope": "vote"}, 422),
        ({"purpose": " "}, 422),
        ({"purpose": "two\nlines"}, 422),
        ({"environments": ["nowhere"]}, 404),
        ({"bots": ["Not A Name"]}, 422),
        ({"scope": "submit", "bots": ["acme/support"]}, 422),
    ],
)
def test_a_token_that_means_nothing_is_not_made(
    placet: Placet, wrong: dict, status: int
):
    answer = make(placet, **wrong)

    assert answer.status_code == status
    assert placet.signed_in("operator").get("/v1/tokens").json()["items"] == []


def test_tokens_are_listed_newest_first_in_pages(placet: Placet):
    for number in range(5):
        make(placet, purpose=f"bot {number}")
        placet.clock.forward(seconds=1)
    operator = placet.signed_in("operator")

    first = operator.get("/v1/tokens?limit=3").json()
    second = operator.get(f"/v1/tokens?cursor={first['next']}").json()

    purposes = [one["purpose"] for one in first["items"] + second["items"]]
    assert purposes == ["bot 4", "bot 3", "bot 2", "bot 1", "bot 0"]
    assert second["next"] is None


def test_one_lists_ones_own_tokens_and_an_administrator_all(placet: Placet):
    make(placet, "operator")
    make(placet, "author")

    own = placet.signed_in("operator").get("/v1/tokens").json()["items"]
    everybodys = placet.signed_in("admin").get("/v1/tokens").json()["items"]

    assert [one["handle"] for one in own] == ["operator"]
    assert {one["handle"] for one in everybodys} == {"operator", "author"}


def test_a_revoked_token_is_refused_at_once(placet: Placet):
    placet.live(texts.prompt())
    made = make(placet).json()
    machine = placet.bearing(made["token"])
    before = machine.get(PROMPT).status_code

    revoked = placet.signed_in("operator").delete(f"/v1/tokens/{made['id']}")

    assert before == 200
    assert revoked.status_code == 204
    assert machine.get(PROMPT).status_code == 401


def test_one_revokes_ones_own_tokens_and_an_administrator_any(placet: Placet):
    made = make(placet, "operator").json()

    another = placet.signed_in("author").delete(f"/v1/tokens/{made['id']}")
    admin = placet.signed_in("admin").delete(f"/v1/tokens/{made['id']}")

    assert another.status_code == 404
    assert admin.status_code == 204


def test_a_token_ends(placet: Placet):
    placet.live(texts.prompt())
    machine = placet.machine(Scope.READ)
    before = machine.get(PROMPT).status_code

    placet.clock.forward(days=1)

    assert (before, machine.get(PROMPT).status_code) == (200, 401)


def test_a_token_dies_with_the_activity_of_its_person(placet: Placet):
    placet.live(texts.prompt())
    machine = placet.machine(Scope.READ, handle="author")
    body = {"roles": ["author"], "seats": [], "active": False}
    admin = placet.signed_in("admin")

    admin.put("/v1/people/author", json=body)
    dead = machine.get(PROMPT)
    again = admin.put("/v1/people/author", json={**body, "active": True}).json()
    confirmed = placet.signed_in("admin2").post(
        "/v1/people/author/confirmation",
        json={"proposed": again["asked_for"]["number"]},
    )

    assert confirmed.json()["active"]
    assert dead.status_code == 401
    assert machine.get(PROMPT).status_code == 401


def test_nobody_comes_in_whom_the_ledger_alone_says_is_not_active(placet: Placet):
    placet.live(texts.prompt())
    machine = placet.machine(Scope.READ, handle="author")
    session = placet.signed_in("author")
    gone = person("author", roles=(Role.AUTHOR,), seats=(), active=False)

    admin = Identity(handle="admin", via="session", roles=None)
    placet.parts.opened.writer.write(SetPerson(person=gone), by=admin)

    assert machine.get(PROMPT).status_code == 401
    assert session.get("/v1/changes").status_code == 401


def test_a_token_has_no_more_power_than_its_person_has_now(placet: Placet):
    change = placet.submit(texts.prompt())
    machine = placet.machine(Scope.OPERATE, handle="operator")
    body = {"roles": ["viewer"], "seats": [], "active": True}
    placet.signed_in("admin").put("/v1/people/operator", json=body)

    answer = machine.post(
        f"/v1/changes/{change['id']}/activation",
        json={"review_digest": change["review_digest"]},
    )

    assert answer.status_code == 403


def test_a_token_never_brings_a_seat_along(placet: Placet):
    placet.live(texts.prompt())
    digest = placet.signed_in("viewer").get("/v1/documents/prompts/acme/refunds").json()
    body = {"digest": digest["versions"][0]["digest"], "reason": "harmful"}

    answer = placet.machine(Scope.OPERATE, handle="risk").post("/v1/recalls", json=body)

    assert answer.status_code == 403


def test_a_token_that_submits_cannot_stop_what_its_person_answers_for(placet: Placet):
    placet.live(texts.prompt(), texts.bot())
    machine = placet.machine(Scope.SUBMIT, handle="author2")
    body = {"bot": "acme/support", "reason": "odd answers"}

    answer = machine.post("/v1/environments/development/stops", json=body)

    assert answer.status_code == 403


def test_a_pipeline_submits_and_an_operating_one_activates(placet: Placet):
    submits = placet.machine(Scope.SUBMIT, handle="author")
    operates = placet.machine(Scope.OPERATE)

    change = submits.post(
        "/v1/changes",
        json={
            "environment": "development",
            "title": "From the pipeline",
            "documents": [{"source": texts.prompt()}],
        },
    ).json()
    done = operates.post(
        f"/v1/changes/{change['id']}/activation",
        json={"review_digest": change["review_digest"]},
    )

    assert change["you"]["may_vote"] == []
    assert change["you"]["why_not"] == "A token cannot vote."
    assert done.status_code == 201
    assert done.json()["seq"] == 1
