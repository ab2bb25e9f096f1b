"""How far a token reaches that is limited to environments or to bots."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from registry.api.bearer import Scope
from registry.api.reviews import MOST_ALERTS
from registry.db.alerts import AlertKind, Difference, raise_alerts
from registry.db.engine import writing
from tests.api import texts
from tests.api.conftest import Placet

BUNDLE = "/v1/environments/development/bots/acme/support"
PROMPT = "/v1/environments/development/prompts/acme/refunds"


def test_a_token_for_one_environment_reads_no_other(placet: Placet):
    placet.live(texts.prompt())
    machine = placet.machine(Scope.READ, environments=("production",))

    assert machine.get(PROMPT).status_code == 403
    assert machine.post(f"{PROMPT}:render", json={}).status_code == 403


def test_a_token_for_a_bot_reads_no_single_document(placet: Placet):
    placet.live(texts.prompt(), texts.bot())
    machine = placet.machine(Scope.READ, bots=("acme/support",))

    assert machine.get(BUNDLE).status_code == 200
    assert machine.get(PROMPT).status_code == 403
    assert machine.post(f"{PROMPT}:render", json={}).status_code == 403


def test_a_limited_token_is_told_nothing_of_other_environments(placet: Placet):
    placet.live(texts.prompt())
    change = placet.submit(texts.prompt(version="1.1.0"))
    digest = change["edits"][0]["base"]["digest"]
    recall = {"digest": digest, "reason": "promises money"}
    placet.signed_in("risk").post("/v1/recalls", json=recall)
    machine = placet.machine(Scope.SUBMIT, environments=("staging",))

    seen = {
        "environments": machine.get("/v1/environments").json()["items"],
        "changes": machine.get("/v1/changes").json()["items"],
        "documents": machine.get("/v1/documents").json()["items"],
        "policies": machine.get("/v1/policies").json()["items"],
        "search": machine.get("/v1/search", params={"q": "politely"}).json()["items"],
    }

    assert [one["name"] for one in seen.pop("environments")] == ["staging"]
    assert [one["environment"] for one in seen.pop("policies")] == ["staging"]
    assert seen == {"changes": [], "documents": [], "search": []}
    assert machine.get(f"/v1/changes/{change['id']}").status_code == 404
    assert machine.get("/v1/documents/prompts/acme/refunds").status_code == 404
    assert machine.get("/v1/recalls").json()["items"] == [
        {**recall, "live": [], "served_for": []}
    ]
    version = "/v1/documents/prompts/acme/refunds/versions/1.0.0"
    assert machine.get(version).status_code == 404


def test_what_waits_tells_a_limited_token_of_the_alerts_of_its_environments(
    placet: Placet, operations: Engine
):
    raised(operations, "staging", "acme/support")
    raised(operations, "", "")
    for number in range(MOST_ALERTS):
        raised(operations, "production", f"acme/bot-{number}")
    machine = placet.machine(Scope.SUBMIT, environments=("staging",))

    listed = machine.get("/v1/alerts").json()["items"]
    waiting = machine.get("/v1/waiting", params={"kind": "alert"}).json()["items"]

    assert [one["environment"] for one in waiting] == ["staging"]
    assert [one["alert"] for one in waiting] == [one["id"] for one in listed]


def raised(operations: Engine, environment: str, bot: str) -> None:
    """An alert; without an environment, of notices that reach nobody."""
    kind = AlertKind.MODEL_CHANGED_UNDERNEATH
    difference = Difference(
        kind=kind if environment else AlertKind.NOTICES_NOT_DELIVERED,
        environment=environment,
        bot=bot,
        role="main",
        expected="one",
        got="another",
        seq=1,
        bundle="",
        at=datetime(2026, 5, 3, 12, tzinfo=UTC),
    )
    with writing(operations) as connection:
        raise_alerts(connection, [difference])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/ledger/events"),
        ("GET", "/v1/ledger/export"),
        ("GET", f"/v1/ledger/texts/sha256:{'0' * 64}"),
        ("POST", "/v1/ledger/verify"),
    ],
)
def test_a_limited_token_does_not_read_the_ledger(
    placet: Placet, method: str, path: str
):
    machine = placet.machine(Scope.SUBMIT, environments=("staging",))

    assert machine.request(method, path).status_code == 403


def test_a_limited_token_proposes_nothing_elsewhere(placet: Placet):
    placet.live(texts.prompt())
    change = placet.submit(texts.prompt(version="1.1.0"))
    machine = placet.machine(
        Scope.SUBMIT, handle="author", environments=("production",)
    )

    submit = machine.post(
        "/v1/changes",
        json={
            "environment": "development",
            "title": "Elsewhere",
            "documents": [{"source": texts.prompt(version="2.0.0")}],
        },
    )
    promote = machine.post(
        "/v1/environments/production/promotions",
        json={
            "source": "development",
            "documents": ["prompts/acme/refunds"],
            "title": "From elsewhere",
        },
    )
    comment = machine.post(
        f"/v1/changes/{change['id']}/comments", json={"text": "Hello"}
    )

    assert submit.status_code == 403
    assert promote.status_code == 403
    assert comment.status_code == 404


@pytest.mark.parametrize(
    ("method", "action"),
    [("GET", ""), ("POST", "/comments"), ("POST", "/votes"), ("POST", "/activation")],
)
def test_a_change_elsewhere_is_not_told_from_one_that_does_not_exist(
    placet: Placet, method: str, action: str
):
    change = placet.submit(texts.prompt())
    machine = placet.machine(Scope.SUBMIT, environments=("production",))

    elsewhere = machine.request(method, f"/v1/changes/{change['id']}{action}")
    nowhere = machine.request(method, f"/v1/changes/99{action}")

    assert elsewhere.status_code == nowhere.status_code == 404
    assert nowhere.json()["detail"] == "there is no change 99"
    assert elsewhere.json()["hint"] == nowhere.json()["hint"]


def test_a_limited_token_reads_the_versions_of_its_environments(placet: Placet):
    placet.live(texts.prompt())
    placet.live(texts.prompt(version="1.1.0", text="Say less."))
    here = placet.machine(Scope.SUBMIT, environments=("development", "staging"))
    path = "/v1/documents/prompts/acme/refunds"

    versions = here.get(path).json()["versions"]
    text = here.get(f"{path}/versions/1.0.0")

    assert [one["version"] for one in versions] == ["1.1.0", "1.0.0"]
    assert text.content == texts.prompt().encode()
