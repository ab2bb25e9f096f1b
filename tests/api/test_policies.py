"""Policies over HTTP."""

from tests.api import texts
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


def test_another_policy_is_simulated_and_nothing_is_written(placet: Placet):
    author = placet.signed_in("author")
    change = placet.submit(texts.prompt(), environment="production")
    asks_more = WEEK.replace("seat: product", "seat: nobody", 1)

    found = author.post(f"{PATH}/simulation", json={"source": asks_more}).json()

    assert (found["environment"], found["open"], found["activated"]) == (
        *("production", 1, 0),
    )
    (only,) = found["differing"]
    assert (only["change"], only["activated_at"]) == (change["id"], None)
    assert "asked-of-others" in {one["difference"] for one in only["told"]}
    assert author.get(PATH).json()["source"] == PRODUCTION.decode()


def test_a_policy_is_simulated_where_it_is_for(placet: Placet):
    author = placet.signed_in("author")

    elsewhere = author.post("/v1/policies/staging/simulation", json={"source": WEEK})
    nowhere = author.post("/v1/policies/nowhere/simulation", json={"source": WEEK})
    wrong = author.post(f"{PATH}/simulation", json={"source": "requirements: []\n"})
    many = author.post(f"{PATH}/simulation", json={"source": WEEK, "last": 1001})

    assert elsewhere.status_code == 422
    assert nowhere.status_code == 404
    assert wrong.json()["findings"]
    assert many.status_code == 422


def test_a_refused_activation_lists_what_would_meet_it(placet: Placet):
    change = placet.submit(texts.prompt(), environment="production")

    answer = placet.signed_in("operator").post(
        f"/v1/changes/{change['id']}/activation",
        json={"review_digest": change["review_digest"]},
    )

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:placet:problem:not-agreed"
    for one in answer.json()["unmet"]:
        assert one["why"]
        assert one["could"]


def test_a_refused_vote_lists_what_the_change_needs(placet: Placet):
    change = placet.submit(texts.prompt(), environment="production")

    answer = placet.signed_in("viewer").post(
        f"/v1/changes/{change['id']}/votes",
        json={
            "review_digest": change["review_digest"],
            "verdict": "approve",
            "seat": "product",
            "reason": "",
        },
    )

    assert answer.status_code == 403
    needs = {one["requirement"] for one in answer.json()["unmet"]}
    assert needs == {one["name"] for one in change["requirements"]}


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
