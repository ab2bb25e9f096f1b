"""Results of checks over HTTP: attached by a pipeline, shown to everybody."""

from typing import Any

import pytest

from registry.api.bearer import Scope
from registry.evidence import UNTRIED
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

EVALUATOR = "/v1/people/evaluator"


@pytest.fixture
def change(placet: Placet) -> JsonObject:
    """A change that product and risk have to agree to."""
    return placet.submit(texts.prompt(), environment="production")


@pytest.fixture
def pipeline(placet: Placet):
    """A client with a token that checks, of somebody who has written nothing."""
    body = {"roles": ["evaluator"], "seats": [], "active": True}
    assert placet.signed_in("admin").put(EVALUATOR, json=body).status_code == 200
    person = placet.signed_in("admin").get("/v1/people").json()["items"]
    asked = {p["handle"]: p["asked_for"] for p in person}["evaluator"]
    if asked is not None:
        confirmation = {"proposed": asked["number"]}
        placet.signed_in("admin2").post(f"{EVALUATOR}/confirmation", json=confirmation)
    return placet.machine(Scope.CHECK, handle="evaluator")


def result(change: JsonObject, **what: Any) -> JsonObject:
    said = {
        "name": "answers",
        "content": change["content"],
        "passed": True,
        "total": 100,
        "failed": 4,
        "threshold": 0.95,
        "production": 60,
        "examples": [
            {
                "input": "Can I get my money back?",
                "before": "No.",
                "after": "Within 24 hours.",
                "verdict": "pass",
                "source": "production",
            }
        ],
        "link": "https://ci.example.org/run/7",
    }
    return said | what


def path(change: JsonObject, part: str = "checks") -> str:
    return f"/v1/changes/{change['id']}/{part}"


def get(placet: Placet, change: JsonObject) -> JsonObject:
    return placet.signed_in("viewer").get(f"/v1/changes/{change['id']}").json()


def states(change: JsonObject) -> dict[str, str]:
    return {line["check"]: line["state"] for line in change["checks"]}


def test_where_nothing_was_attached_it_is_said(placet: Placet, change: JsonObject):
    (listed,) = placet.signed_in("viewer").get("/v1/changes").json()["items"]

    assert change["answers"] == listed["answers"] == UNTRIED
    assert states(change)["answers"] == "not-measured"


def test_what_was_looked_at_is_told_failures_first(change: JsonObject):
    found = states(change)

    assert found["schema"] == found["references"] == found["secrets"] == "passed"
    assert found["cases"] == "not-measured"
    assert list(found.values()) == sorted(
        found.values(), key=["failed", "warned", "not-measured", "passed"].index
    )


def test_a_pipeline_attaches_what_it_tried(placet, change, pipeline):
    answer = pipeline.post(path(change), json=result(change))

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["answers"] == "answers: 96 of 100 pass"
    assert states(told)["answers"] == "passed"
    assert get(placet, change)["answers"] == told["answers"]
    (listed,) = placet.signed_in("viewer").get(path(change)).json()["items"]
    assert listed["result"] == result(change)
    said = ("by", "counts", "contributed", "evaluator")
    assert [listed[one] for one in said] == ["evaluator", True, False, True]


def test_a_pipeline_reads_changes_and_can_do_nothing_else(change, pipeline):
    reads = [
        pipeline.get("/v1/changes"),
        pipeline.get(f"/v1/changes/{change['id']}"),
        pipeline.get(path(change, "difference")),
    ]
    writes = [
        pipeline.post("/v1/changes", json={"environment": "production", "title": "x"}),
        pipeline.post(path(change, "revisions"), json={"title": "x"}),
        pipeline.post(path(change, "comments"), json={"text": "x"}),
        pipeline.post(path(change, "withdrawal"), json={"reason": "x"}),
        pipeline.post(
            path(change, "votes"),
            json={
                "review_digest": change["review_digest"],
                "verdict": "approve",
                "seat": "risk",
            },
        ),
        pipeline.post(
            path(change, "activation"), json={"review_digest": change["review_digest"]}
        ),
    ]

    assert {answer.status_code for answer in reads} == {200}
    assert {answer.status_code for answer in writes} == {403}


@pytest.mark.parametrize(
    ("scope", "handle", "status"),
    [
        (Scope.READ, "author2", 403),
        (Scope.CHECK, "author2", 403),
        (Scope.SUBMIT, "author2", 201),
        (Scope.OPERATE, "author2", 201),
        (Scope.CHECK, "viewer", 403),
        (Scope.OPERATE, "operator", 403),
    ],
)
def test_who_attaches_holds_the_role_and_the_token_has_it(
    placet, change, scope, handle, status
):
    client = placet.machine(scope, handle=handle)

    assert client.post(path(change), json=result(change)).status_code == status


def test_a_token_for_other_environments_finds_no_such_change(placet, change, pipeline):
    client = placet.machine(
        Scope.CHECK, handle="evaluator", environments=("development",)
    )

    assert client.post(path(change), json=result(change)).status_code == 404
    assert client.get(path(change)).status_code == 404


def test_what_the_author_has_attached_is_shown_as_theirs(placet, change):
    client = placet.machine(Scope.SUBMIT, handle="author")

    told = client.post(path(change), json=result(change)).json()

    assert states(told)["answers"] == "warned"
    (listed,) = client.get(path(change)).json()["items"]
    assert listed["contributed"] is True


def test_what_another_author_has_attached_is_shown_as_of_no_evaluator(placet, change):
    client = placet.machine(Scope.SUBMIT, handle="author2")

    told = client.post(path(change), json=result(change)).json()

    assert states(told)["answers"] == "warned"
    (listed,) = client.get(path(change)).json()["items"]
    assert (listed["contributed"], listed["evaluator"]) == (False, False)


def test_results_are_listed_with_their_examples_page_by_page(placet, change, pipeline):
    for number in range(3):
        example = result(change)["examples"][0] | {"input": f"Question {number}"}
        pipeline.post(path(change), json=result(change, examples=[example]))

    first = pipeline.get(path(change), params={"limit": 2}).json()
    rest = pipeline.get(path(change), params={"cursor": first["next"]}).json()

    listed = [*first["items"], *rest["items"]]
    asked = [one["result"]["examples"][0]["input"] for one in listed]
    assert asked == ["Question 2", "Question 1", "Question 0"]


def test_a_new_revision_is_untested(placet, change, pipeline):
    pipeline.post(path(change), json=result(change))
    body = {"title": "Else", "documents": [{"source": texts.prompt(text="Be brief.")}]}
    placet.signed_in("author").post(path(change, "revisions"), json=body)

    found = get(placet, change)
    late = pipeline.post(path(change), json=result(change))

    assert found["answers"] == UNTRIED
    assert late.status_code == 201
    assert late.json()["answers"] == UNTRIED


def test_the_same_key_attaches_once(placet, change, pipeline):
    headers = {"Idempotency-Key": "run-7"}

    first = pipeline.post(path(change), json=result(change), headers=headers)
    again = pipeline.post(path(change), json=result(change), headers=headers)
    other = pipeline.post(path(change), json=result(change, total=99), headers=headers)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert len(placet.signed_in("viewer").get(path(change)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"passed": True, "failed": 6}, 422),
        ({"name": "schema"}, 422),
        ({"name": "Answers"}, 422),
        ({"content": "sha256:" + "0" * 64}, 409),
        ({"content": "latest"}, 422),
        ({"total": 0}, 422),
        ({"total": True}, 422),
        ({"threshold": "0.95"}, 422),
        ({"unknown": 1}, 422),
        ({"link": "file:///etc/passwd"}, 422),
        ({"examples": [{"input": "a", "after": "b", "verdict": "perhaps"}]}, 422),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    placet, change, pipeline, wrong, status
):
    answer = pipeline.post(path(change), json=result(change, **wrong))

    assert answer.status_code == status, answer.text
    assert answer.json()["hint"]
    assert placet.signed_in("viewer").get(path(change)).json()["items"] == []


@pytest.mark.parametrize(
    "examples",
    [
        [{"input": "a", "after": "b", "verdict": "pass"}] * 201,
        [{"input": "a", "after": "b" * 4001, "verdict": "pass"}],
        [{"input": "\u20ac" * 4000, "after": "\u20ac" * 4000, "verdict": "pass"}] * 96,
    ],
    ids=["too many", "too long", "too large"],
)
def test_what_is_too_large_is_refused_with_what_to_leave_out(
    change, pipeline, examples
):
    body = result(change, total=1000, failed=0, examples=examples)

    answer = pipeline.post(path(change), json=body)

    assert answer.status_code == 413
    assert answer.json()["hint"].startswith("Leave out")


def test_a_waiver_of_what_nobody_requires_is_refused(placet, change):
    body = {
        "review_digest": change["review_digest"],
        "check": "answers",
        "seat": "risk",
        "reason": "The evaluator is down.",
        "expires": "2026-05-10T12:00:00Z",
    }

    answer = placet.signed_in("risk").post(path(change, "waivers"), json=body)

    assert answer.status_code == 404
    assert "does not require" in answer.json()["detail"]


# What a policy requires.

POLICY = """\
environment: production
requirements:
  - {name: product agrees, seat: product}
  - {name: the board agrees to this policy, kinds: [policy], seat: board}
checks:
  - name: answers
    kinds: [prompt]
    min_samples: 100
    min_production: 50
    max_age_days: 7
    waived_by: [risk]
"""


@pytest.fixture
def required(placet: Placet) -> JsonObject:
    """A change that is agreed to, and of which answers have to be tested."""
    author = placet.signed_in("author")
    body = {"title": "Ask for answers", "source": POLICY}
    policy = author.post("/v1/policies/production", json=body).json()
    for seat in ("product", "legal", "board"):
        assert placet.vote(policy, seat).status_code == 201
    placet.activate(policy)
    change = placet.submit(texts.prompt(), environment="production")
    assert placet.vote(change, "product").status_code == 201
    return get(placet, change)


def activate(placet: Placet, change: JsonObject):
    body = {"review_digest": change["review_digest"]}
    return placet.signed_in("operator").post(path(change, "activation"), json=body)


def test_what_is_required_keeps_a_change_back_and_says_who_could_waive_it(
    placet, required
):
    refused = activate(placet, required)

    (standing,) = required["required_checks"]
    assert (standing["state"], standing["could_waive"]) == ("missing", ["risk"])
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("not-checked")
    assert required["why_not"] == refused.json()["detail"]


def test_what_an_activation_refuses_is_not_promised_in_a_list(placet, required):
    listed = placet.signed_in("viewer").get("/v1/changes?status=approved").json()
    (newest, *_) = listed["items"]

    assert (newest["id"], newest["held_back"]) == (
        required["id"],
        ["the check answers"],
    )
    assert activate(placet, required).status_code == 409
    assert placet.signed_in("operator").get("/v1/inbox").json()["items"] == []


def test_what_was_tried_enough_goes_live(placet, required, pipeline):
    few = pipeline.post(path(required), json=result(required, production=49)).json()
    pipeline.post(path(required), json=result(required))

    assert few["required_checks"][0]["state"] == "too-few-from-production"
    assert activate(placet, required).status_code == 201


def test_what_was_tried_too_long_ago_does_not(placet, required, pipeline):
    pipeline.post(path(required), json=result(required))
    placet.clock.forward(days=8)

    assert activate(placet, required).status_code == 409
    assert get(placet, required)["required_checks"][0]["state"] == "too-old"


def waiver(required: JsonObject, **what: Any) -> JsonObject:
    said = {
        "review_digest": required["review_digest"],
        "check": "answers",
        "seat": "risk",
        "reason": "Real questions are being collected; they follow next week.",
        "expires": "2026-05-10T12:00:00Z",
    }
    return said | what


def test_a_waived_check_lets_it_go_live(placet, required):
    risk = placet.signed_in("risk")
    told = risk.post(path(required, "waivers"), json=waiver(required)).json()

    assert told["required_checks"][0]["state"] == "waived"
    assert told["waivers"][0]["by"] == "risk"
    assert activate(placet, required).status_code == 201


@pytest.mark.parametrize(
    ("handle", "what", "status"),
    [
        ("author", {}, 403),
        ("product", {"seat": "product"}, 403),
        ("risk", {"seat": "product"}, 403),
        ("risk", {"expires": "2026-06-10T12:00:00Z"}, 422),
        ("risk", {"expires": "2026-05-03T12:00:00Z"}, 422),
        ("risk", {"reason": " "}, 422),
        ("risk", {"check": "other"}, 404),
        ("risk", {"review_digest": "sha256:" + "0" * 64}, 409),
    ],
    ids=str,
)
def test_a_waiver_is_refused(placet, required, handle, what, status):
    client = placet.signed_in(handle)

    answer = client.post(path(required, "waivers"), json=waiver(required, **what))

    assert answer.status_code == status, answer.text
    assert get(placet, required)["waivers"] == []


def test_no_token_waives(placet, required):
    client = placet.machine(Scope.OPERATE, handle="risk")

    answer = client.post(path(required, "waivers"), json=waiver(required))

    assert answer.status_code == 403
