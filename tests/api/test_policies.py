"""Policies over HTTP."""

from tests.api.conftest import Placet
from tests.conftest import PRODUCTION

PATH = "/v1/policies/production"
WEEK = PRODUCTION.decode() + "change_days: 7\n"


def test_every_environment_has_a_policy(placet: Placet):
    items = placet.signed_in("viewer").get("/v1/policies").json()["items"]

    assert [one["environment"] for one in items] == [
        "development",
        "production",
        "staging",
    ]


def test_a_policy_is_told_as_text_and_as_what_it_means(placet: Placet):
    found = placet.signed_in("viewer").get(PATH).json()

    assert found["source"] == PRODUCTION.decode()
    assert found["since"] == 1
    assert found["policy"]["rejecters"] == ["legal", "board"]
    assert [one["seat"] for one in found["policy"]["requirements"]] == [
        "product",
        "risk",
        "legal",
        "board",
    ]


def test_another_policy_is_a_change_that_the_present_one_asks_for(placet: Placet):
    author = placet.signed_in("author")
    change = author.post(PATH, json={"title": "A week", "source": WEEK}).json()

    for seat in ("legal", "board"):
        placet.vote(change, seat)
    done = placet.activate(change)

    assert change["type"] == "policy"
    assert change["documents"] == ["policy/production"]
    assert change["waiting_for"] == ["legal", "board"]
    assert done["seq"] == 0
    now = author.get(PATH).json()
    assert now["source"] == WEEK
    assert now["since"] == done["event"]


def test_a_policy_is_proposed_where_it_is_for(placet: Placet):
    answer = placet.signed_in("author").post(
        "/v1/policies/staging", json={"title": "A week", "source": WEEK}
    )

    assert answer.status_code == 422
    assert "production" in answer.json()["detail"]


def test_a_policy_that_is_wrong_brings_findings(placet: Placet):
    answer = placet.signed_in("author").post(
        PATH, json={"title": "Wrong", "source": "environment: production\n"}
    )

    assert answer.status_code == 422
    assert answer.json()["findings"][0]["message"]
