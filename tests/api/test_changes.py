"""A change over HTTP, from its proposal to its end."""

import pytest

from registry.api.bearer import Scope
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

REF = "prompts/acme/refunds"
SUMMARY = {
    "id",
    "environment",
    "type",
    "title",
    "author",
    "status",
    "opened_at",
    "expires",
    "earliest",
    "revision",
    "documents",
    "waiting_for",
    "blocks",
    "answers",
    "held_back",
    "is_overdue",
    "tier",
    "decide_by",
}
VIEW = SUMMARY | {
    "review_digest",
    "content",
    "stale_because",
    "is_agreed",
    "way_on",
    "tried_until",
    "why_not",
    "contributors",
    "edits",
    "effect",
    "facts",
    "requirements",
    "checks",
    "required_checks",
    "conditions",
    "waivers",
    "blocks",
    "votes",
    "comments",
    "revisions",
    "outcome",
    "closed_at",
    "closed_by",
    "seq",
    "ratification",
    "you",
}


@pytest.fixture
def change(placet: Placet) -> JsonObject:
    """A change that product and risk have to agree to."""
    return placet.submit(texts.prompt(), environment="production")


def get(placet: Placet, change: JsonObject, handle: str = "viewer") -> JsonObject:
    return placet.signed_in(handle).get(f"/v1/changes/{change['id']}").json()


def test_a_proposal_is_answered_with_the_change(change: JsonObject):
    assert change.keys() == VIEW
    assert (change["id"], change["revision"], change["seq"]) == (1, 1, None)
    assert (change["environment"], change["type"]) == ("production", "edit")
    assert (change["author"], change["contributors"]) == ("author", ["author"])
    assert (change["title"], change["documents"]) == ("Say it better", [REF])
    assert (change["status"], change["waiting_for"]) == ("waiting", ["product", "risk"])
    assert change["opened_at"] == "2026-05-03T12:00:00Z"
    assert change["edits"][0]["base"] is None
    assert change["edits"][0]["version"] == "1.0.0"
    assert [one["document"] for one in change["effect"]] == [REF]


def test_a_list_tells_less_of_each(placet: Placet, change: JsonObject):
    listed = placet.signed_in("viewer").get("/v1/changes").json()

    assert listed["next"] is None
    assert [one.keys() for one in listed["items"]] == [SUMMARY]


def test_a_requirement_says_who_could_still_meet_it(change: JsonObject):
    first = change["requirements"][0]

    assert (first["name"], first["met"], first["could"]) == (
        "product agrees",
        False,
        ["product"],
    )
    assert "product could" in first["why"]


def test_a_vote_counts_and_shows(placet: Placet, change: JsonObject):
    answer = placet.vote(change, "product")

    assert answer.status_code == 201
    voted = answer.json()
    assert voted["waiting_for"] == ["risk"]
    assert [(v["by"], v["seat"], v["verdict"]) for v in voted["votes"]] == [
        ("product", "product", "approve")
    ]


def test_what_was_agreed_to_is_activated_by_an_operator(
    placet: Placet, change: JsonObject
):
    placet.vote(change, "product")
    agreed = placet.vote(change, "risk").json()

    done = placet.activate(change)

    assert agreed["status"] == "approved"
    assert done == {
        "event": 5,
        "environment": "production",
        "seq": 1,
        "change": 1,
        "ratification": None,
    }
    ended = get(placet, change)
    assert (ended["status"], ended["seq"]) == ("activated", 1)
    assert ended["closed_by"] == "operator"


def test_nothing_is_activated_that_was_not_agreed_to(
    placet: Placet, change: JsonObject
):
    answer = placet.signed_in("operator").post(
        "/v1/changes/1/activation", json={"review_digest": change["review_digest"]}
    )

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:placet:problem:not-agreed"
    assert "product" in answer.json()["detail"]


def test_a_vote_names_what_was_read(placet: Placet, change: JsonObject):
    other = {**change, "review_digest": "sha256:" + "0" * 64}

    answer = placet.vote(other, "product")

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:placet:problem:content-moved"


@pytest.mark.parametrize(
    ("handle", "may_vote", "why_not"),
    [
        ("product", ["product"], None),
        ("board", ["board"], None),
        ("viewer", [], "You hold no seat."),
        ("author", [], "You have contributed to it."),
    ],
)
def test_a_change_says_what_you_may_do(
    placet: Placet, change: JsonObject, handle: str, may_vote: list[str], why_not: str
):
    you = get(placet, change, handle)["you"]

    assert (you["may_vote"], you["why_not"]) == (may_vote, why_not)


def test_a_contributor_is_told_how_to_take_back_what_they_asked_for(
    placet: Placet, change: JsonObject
):
    placet.vote(change, "product", "ask-for-changes")
    writes = {"roles": ["author"], "seats": ["product"], "active": True, "limits": []}
    placet.signed_in("admin").put("/v1/people/product", json=writes)
    placet.submit(texts.prompt(), handle="product")

    found = get(placet, change, "product")

    assert found["you"]["why_not"] == (
        "You have contributed to it. You can take back what you asked for: "
        "`placet vote 1 --retract --seat product`."
    )
    assert placet.vote(change, "product", "retract").status_code == 201
    assert get(placet, change, "author")["blocks"] == []


def test_nobody_votes_on_what_has_ended(placet: Placet, change: JsonObject):
    placet.signed_in("author").post(
        "/v1/changes/1/withdrawal", json={"reason": "no need"}
    )

    assert (
        get(placet, change, "product")["you"]["why_not"] == "It was withdrawn already."
    )
    assert placet.vote(change, "product").status_code == 409


def test_a_revision_starts_the_voting_again(placet: Placet, change: JsonObject):
    placet.vote(change, "product")

    revised = placet.signed_in("author2").post(
        "/v1/changes/1/revisions",
        json={
            "title": "Say it better still",
            "documents": [{"source": texts.prompt(text="Answer kindly.")}],
        },
    )

    assert revised.status_code == 201
    now = revised.json()
    assert (now["revision"], now["title"]) == (2, "Say it better still")
    assert now["waiting_for"] == ["product", "risk"]
    assert now["contributors"] == ["author", "author2"]
    assert [one["number"] for one in now["revisions"]] == [1, 2]
    assert now["review_digest"] != change["review_digest"]


def test_a_veto_blocks_until_it_is_cleared(placet: Placet, change: JsonObject):
    for seat in ("product", "risk"):
        placet.vote(change, seat)
    vetoed = placet.vote(change, "legal", "veto").json()

    cleared = placet.signed_in("board").post(
        "/v1/changes/1/veto-clearances",
        json={"veto_by": "legal", "reason": "looked into it"},
    )

    assert [one["by"] for one in vetoed["blocks"]] == ["legal"]
    assert vetoed["status"] == "waiting"
    assert cleared.json()["blocks"] == []
    assert cleared.json()["status"] == "approved"


def test_a_rejection_is_final(placet: Placet, change: JsonObject):
    rejected = placet.vote(change, "legal", "reject")

    assert rejected.json()["status"] == "rejected"
    assert placet.vote(change, "product").status_code == 409


def test_a_comment_shows(placet: Placet, change: JsonObject):
    answer = placet.signed_in("viewer").post(
        "/v1/changes/1/comments", json={"text": "Which fare?"}
    )

    assert answer.status_code == 201
    assert [(c["by"], c["text"]) for c in answer.json()["comments"]] == [
        ("viewer", "Which fare?")
    ]


def test_only_who_wrote_it_takes_it_back(placet: Placet, change: JsonObject):
    body = {"reason": "no need"}

    other = placet.signed_in("author2").post("/v1/changes/1/withdrawal", json=body)
    author = placet.signed_in("author").post("/v1/changes/1/withdrawal", json=body)

    assert other.status_code == 403
    assert author.json()["status"] == "withdrawn"


def test_a_viewer_submits_nothing(placet: Placet):
    answer = placet.signed_in("viewer").post(
        "/v1/changes",
        json={
            "environment": "development",
            "title": "Mine",
            "documents": [{"source": texts.prompt()}],
        },
    )

    assert answer.status_code == 403


def test_the_same_key_gives_the_same_change(placet: Placet):
    author = placet.signed_in("author")
    body = {
        "environment": "development",
        "title": "Once",
        "documents": [{"source": texts.prompt()}],
    }
    headers = {"Idempotency-Key": "once"}

    first = author.post("/v1/changes", json=body, headers=headers)
    again = author.post("/v1/changes", json=body, headers=headers)
    other = author.post("/v1/changes", json={**body, "title": "Twice"}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert other.json()["type"] == "urn:placet:problem:key-reused"


def test_what_was_edited_from_must_still_be_live(placet: Placet):
    placet.live(texts.prompt())
    body = {
        "environment": "development",
        "title": "Edited from nothing",
        "documents": [{"source": texts.prompt(version="1.1.0")}],
        "edited_from": {REF: None},
    }

    answer = placet.signed_in("author").post("/v1/changes", json=body)

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:placet:problem:stale"


def test_a_change_that_something_overtook_is_stale(placet: Placet):
    placet.live(texts.prompt())
    first = placet.submit(texts.prompt(version="1.1.0", text="One."))
    second = placet.submit(texts.prompt(version="1.2.0", text="Two."))
    placet.activate(second)

    now = get(placet, first)

    assert now["status"] == "stale"
    assert REF in now["stale_because"]
    assert now["way_on"]["act"] == "revise"


def test_what_was_agreed_to_says_so_whatever_else_keeps_it_back(
    placet: Placet, change: JsonObject
):
    agreed = placet.submit(texts.prompt(), environment="staging")
    placet.vote(agreed, "product")

    assert get(placet, agreed)["is_agreed"]
    assert not get(placet, change)["is_agreed"]
    assert get(placet, agreed)["way_on"] is None


def test_a_change_expires(placet: Placet, change: JsonObject):
    placet.clock.forward(days=30)

    assert get(placet, change)["status"] == "expired"
    assert get(placet, change, "product")["you"]["why_not"] == "It has expired."


def test_an_operating_token_activates_only_what_its_person_may(placet: Placet):
    change = placet.submit(texts.prompt(), environment="staging")
    placet.vote(change, "product")
    body = {"review_digest": change["review_digest"]}
    path = f"/v1/changes/{change['id']}/activation"

    viewer = placet.machine(Scope.OPERATE, handle="viewer").post(path, json=body)
    author = placet.machine(Scope.OPERATE, handle="author").post(path, json=body)

    assert viewer.status_code == 403
    assert author.status_code == 201


def test_a_list_says_who_keeps_a_change_back(placet: Placet, change: JsonObject):
    placet.vote(change, "legal", "veto")

    (listed,) = placet.signed_in("viewer").get("/v1/changes").json()["items"]

    assert [(vote["by"], vote["verdict"]) for vote in listed["blocks"]] == [
        ("legal", "veto")
    ]
