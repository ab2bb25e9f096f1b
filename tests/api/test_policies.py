"""Policies over HTTP."""

from tests.api import texts
from tests.api.conftest import JsonObject, Placet
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


def test_a_policy_that_was_edited_from_another_one_is_refused(placet: Placet):
    author = placet.signed_in("author")
    body = {"title": "A week", "source": WEEK}
    another = f"sha256:{'0' * 64}"

    refused = author.post(PATH, json={**body, "edited_from": another})
    unread = author.post(PATH, json={**body, "edited_from": "yesterday's"})
    now = author.get(PATH).json()["digest"]
    taken = author.post(PATH, json={**body, "edited_from": now})

    assert (refused.status_code, unread.status_code) == (409, 422)
    assert "another policy is in force" in refused.json()["detail"]
    assert taken.status_code == 201


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


def explained(placet: Placet, **body: object) -> JsonObject:
    answer = placet.signed_in("viewer").post(f"{PATH}/explanation", json=body)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def needs(placet: Placet, **body: object) -> JsonObject:
    answer = placet.signed_in("viewer").post(f"{PATH}/needs", json=body)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_a_policy_is_explained_with_who_holds_each_seat_and_for_what(placet: Placet):
    found = explained(placet)

    seats = {one["seat"]: one for one in found["seats"]}
    assert [one["handle"] for one in seats["board"]["holders"]] == ["board"]
    assert "may reject a change for good" in seats["board"]["powers"]
    assert "Votes" in {one["about"] for one in found["settings"]}


def test_another_policy_is_explained_with_its_own_gaps(placet: Placet):
    asks_nobody = WEEK.replace("seat: product", "seat: nobody", 1)

    found = explained(placet, source=asks_nobody)

    told = {one["sentence"] for one in found["gaps"]}
    known = {one["sentence"] for one in explained(placet)["gaps"]}
    assert told - known == {"somebody has to hold the seat nobody, and nobody does"}


def test_a_policy_that_is_none_is_not_explained(placet: Placet):
    viewer = placet.signed_in("viewer")

    wrong = viewer.post(f"{PATH}/explanation", json={"source": "requirements: []\n"})
    elsewhere = viewer.post("/v1/policies/staging/explanation", json={"source": WEEK})
    nowhere = viewer.post("/v1/policies/nowhere/explanation", json={})

    assert wrong.json()["findings"]
    assert elsewhere.status_code == 422
    assert nowhere.status_code == 404


def asked(found: JsonObject) -> dict[str, set[str]]:
    return {one["name"]: set(one["because"]) for one in found["needs"]}


def test_an_edit_of_what_others_use_is_asked_about_for_them_as_well(placet: Placet):
    says = "Answer politely. {{> fragments/acme/tone }}"
    placet.live(texts.fragment(), texts.prompt(text=says))

    found = (
        placet.signed_in("viewer")
        .post(
            "/v1/policies/development/needs", json={"document": "fragments/acme/tone"}
        )
        .json()
    )

    assert found["is_live"]
    assert set().union(*asked(found).values()) == {
        *("fragments/acme/tone", "prompts/acme/refunds"),
    }


def test_tier_and_facts_can_ask_for_more_people(placet: Placet):
    edit = {"document": "prompts/acme/new", "tier": "low"}
    more = "requirements:\n  - {name: models, facts: [model-changed], seat: board}\n"
    source = WEEK.replace("requirements:\n", more)

    plain = asked(needs(placet, **edit, source=source))
    high = asked(needs(placet, **{**edit, "tier": "high"}))
    model = asked(needs(placet, **edit, source=source, facts=["model-changed"]))

    assert high.keys() - plain.keys() == {"legal agrees where the tier is high"}
    assert model.keys() - plain.keys() == {"models"}


def test_what_is_not_there_yet_is_asked_about_as_of_tier_high(placet: Placet):
    found = needs(placet, document="prompts/acme/new")

    assert (found["is_live"], found["tier"]) == (False, "high")


def test_an_edit_of_the_policy_needs_the_one_in_force_and_the_other_one(placet: Placet):
    more = "requirements:\n  - {name: product too, kinds: [policy], seat: product}\n"
    bare = WEEK.replace("    kinds: [policy]\n    seat: board", "    open: true")
    source = bare.replace("requirements:\n", more)

    found = asked(needs(placet, document="policy/production", source=source))

    assert {"the board agrees to this policy", "product too"} <= found.keys()


def test_whoever_holds_the_seat_for_other_names_could_not_agree(placet: Placet):
    limits = [{"held": "risk", "environments": [], "names": ["other/**"]}]
    body = {"roles": ["viewer"], "seats": ["risk"], "limits": limits, "active": True}
    path = "/v1/people/risk"
    waits = placet.signed_in("admin").put(path, json=body).json()["asked_for"]
    placet.signed_in("admin2").post(
        f"{path}/confirmation", json={"proposed": waits["number"]}
    )

    here = needs(placet, document="prompts/acme/refunds")["needs"]
    there = needs(placet, document="prompts/other/refunds")["needs"]

    (could, enough), (can, suffices) = (
        next((one["could"], one["enough"]) for one in found if one["seat"] == "risk")
        for found in (here, there)
    )
    assert (could, enough) == ([], False)
    assert ([one["handle"] for one in can], suffices) == (["risk"], True)


def test_in_production_somebody_is_needed_however_open_the_policy_is(placet: Placet):
    source = "environment: production\nrequirements:\n  - {name: free, open: true}\n"

    found = needs(placet, document="prompts/acme/refunds", source=source)["needs"]

    assert [(one["name"], one["count"]) for one in found] == [
        *(("free", 0), ("somebody agrees", 1)),
    ]
    assert {one["handle"] for one in found[1]["could"]} >= {"product", "risk"}


def test_an_edit_that_means_nothing_is_refused(placet: Placet):
    viewer = placet.signed_in("viewer")

    for body in (
        {"document": "prompt/x"},
        {"document": "prompts/x", "tier": "huge"},
        {"document": "prompts/x", "facts": ["nicer"]},
    ):
        assert viewer.post(f"{PATH}/needs", json=body).status_code == 422
