"""What an act makes stale, over HTTP: told before it, and afterwards on the change."""

import pytest

from tests.api import texts
from tests.api.conftest import JsonObject, Placet

STAGING = "/v1/environments/staging"
PROMPT = "prompts/acme/refunds"


def read(placet: Placet, path: str, by: str = "viewer") -> JsonObject:
    answer = placet.signed_in(by).get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def change(placet: Placet, number: int, by: str = "viewer") -> JsonObject:
    return read(placet, f"/v1/changes/{number}", by)


def made_stale(placet: Placet, number: int) -> list[JsonObject]:
    path = f"/v1/changes/{number}/activation/preview"
    return read(placet, path)["makes_stale"]


@pytest.fixture
def two(placet: Placet) -> tuple[JsonObject, JsonObject]:
    """Two changes of one prompt that is live in staging."""
    first = placet.submit(texts.prompt(), texts.bot(), environment="staging")
    placet.vote(first, "product")
    placet.activate(first)
    return tuple(
        placet.submit(
            texts.prompt(version="1.1.0", text=text), environment="staging", title=text
        )
        for text in ("Say less.", "Say more.")
    )


def activated(placet: Placet, proposed: JsonObject) -> None:
    placet.vote(proposed, "product")
    placet.activate(proposed)


def test_an_activation_says_before_which_open_changes_it_makes_stale(placet, two):
    first, second = two
    placet.vote(first, "product")

    told = made_stale(placet, second["id"])
    activated(placet, second)

    assert told == [
        {
            "change": first["id"],
            "title": "Say less.",
            "author": "author",
            "document": PROMPT,
            "why": "prompts/acme/refunds was replaced since",
            "voters": ["product"],
        }
    ]
    assert change(placet, first["id"])["status"] == "stale"


def test_what_could_not_go_live_says_so_instead_and_what_comes_next(placet, two):
    first, second = two
    activated(placet, second)

    path = f"/v1/changes/{first['id']}/activation/preview"
    answer = placet.signed_in("viewer").get(path)

    assert answer.status_code == 409
    assert f"placet submit work/ --change {first['id']}" in answer.json()["hint"]


def test_a_rollback_says_before_which_open_changes_it_makes_stale(placet, two):
    first, second = two
    activated(placet, second)
    third = placet.submit(
        texts.prompt(version="1.2.0", text="Say it."), environment="staging"
    )
    body = {"document": PROMPT, "to_seq": 1}

    answer = placet.signed_in("viewer").post(f"{STAGING}/rollbacks/preview", json=body)

    told = answer.json()["makes_stale"]
    assert [(one["change"], one["document"]) for one in told] == [(third["id"], PROMPT)]
    assert first["id"] not in {one["change"] for one in told}  # stale already


def test_a_promotion_says_before_which_open_changes_it_will_make_stale(placet, two):
    placet.live(texts.prompt(version="1.5.0", text="Say nothing."))
    body = {"source": "development", "documents": [PROMPT], "title": "Take it"}

    answer = placet.signed_in("viewer").post(f"{STAGING}/promotions/preview", json=body)

    told = answer.json()
    assert [one["change"] for one in told["makes_stale"]] == [one["id"] for one in two]
    assert told["proposed_by"] == [one["id"] for one in two]


def test_what_is_stale_does_not_stand_in_the_way_of_the_same_text(placet, two):
    first, second = two
    activated(placet, second)
    placet.live(texts.prompt(version="1.5.0", text="Say nothing."))
    body = {"source": "development", "documents": [PROMPT], "title": "Take it"}

    told = placet.signed_in("viewer").post(f"{STAGING}/promotions/preview", json=body)
    again = placet.submit(
        texts.prompt(version="1.2.0", text="Say less."), environment="staging"
    )

    assert told.json()["proposed_by"] == []
    assert again["status"] == "waiting"
    assert change(placet, first["id"])["status"] == "stale"


def test_nobody_is_told_that_they_can_vote_on_what_is_stale(placet, two):
    first, second = two
    before = change(placet, first["id"], "product")["you"]
    activated(placet, second)

    you = change(placet, first["id"], "product")["you"]

    assert before["may_vote"] == ["product"]
    assert you["may_vote"] == []
    assert you["why_not"] == (
        "It is stale: prompts/acme/refunds was replaced since. author can revise it on "
        "what is live now, and the voting starts again; or withdraw it."
    )
    assert {one["act"] for one in you["could"]} >= {"ask-for-changes", "veto"}
    assert placet.vote(first, "product").status_code == 409
    assert placet.vote(first, "product", "veto").status_code == 201


def test_whoever_may_is_offered_the_way_on(placet, two):
    first, second = two
    activated(placet, second)

    could = {
        who: {one["act"] for one in change(placet, first["id"], who)["you"]["could"]}
        for who in ("author", "viewer")
    }

    assert {"revise", "withdraw"} <= could["author"]
    assert not {"revise", "withdraw"} & could["viewer"]


def test_a_stale_proposal_to_resume_is_not_one_that_proposes_it_already(placet, two):
    body = {"bot": "acme/support", "title": "Again"}
    stop = {"bot": "acme/support", "reason": "It sings."}
    placet.signed_in("operator").post(f"{STAGING}/stops", json=stop)
    path = f"{STAGING}/live/bots/acme/support"
    resumed = placet.signed_in("author").post(f"{STAGING}/resumptions", json=body)
    before = read(placet, path)["resumed_by"]

    activated(placet, two[0])

    assert before == [resumed.json()["id"]]
    assert change(placet, resumed.json()["id"])["status"] == "stale"
    assert read(placet, path)["resumed_by"] == []
    again = placet.signed_in("author").post(f"{STAGING}/resumptions", json=body)
    assert again.status_code == 201


def test_before_a_stop_it_is_told_who_would_have_to_agree_to_a_resumption(placet, two):
    path, body = f"{STAGING}/resumptions/preview", {"bot": "acme/support"}

    told = placet.signed_in("viewer").post(path, json=body).json()
    role = {"roles": ["viewer"], "seats": [], "active": True}
    placet.signed_in("admin").put("/v1/people/product", json=role)
    nobody = placet.signed_in("viewer").post(path, json=body).json()

    (asked,) = told["requirements"]
    assert (asked["seat"], asked["could"]) == ("product", ["product"])
    assert (told["is_stalled"], nobody["is_stalled"]) == (False, True)
    assert nobody["requirements"][0]["stalled"]
