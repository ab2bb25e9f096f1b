"""Emergencies over HTTP, and what people say of them afterwards."""

import json

import pytest

from registry.api.bearer import Scope
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

POLICY = """\
environment: staging
requirements:
  - {name: product has read it, seat: product}
emergency: {seats: [risk], kinds: [prompt], ratify_hours: 24}
"""
HERE = "/v1/ratifications"


@pytest.fixture
def alarmed(placet: Placet) -> Placet:
    """In staging risk may activate prompts in an emergency, and product ratifies."""
    answer = placet.signed_in("author").post(
        "/v1/policies/staging", json={"title": "For the night", "source": POLICY}
    )
    assert answer.status_code == 201, answer.text
    policy = answer.json()
    assert placet.vote(policy, "product").status_code == 201
    placet.activate(policy)
    return placet


def in_emergency(placet: Placet, change: JsonObject, handle: str = "risk", **other):
    return placet.signed_in(handle).post(
        f"/v1/changes/{change['id']}/emergency",
        json={
            "review_digest": change["review_digest"],
            "seat": "risk",
            "incident": "INC-7",
            "reason": "It names a customer.",
            **other,
        },
    )


@pytest.fixture
def opened(alarmed: Placet) -> JsonObject:
    """The ratification of an emergency."""
    change = alarmed.submit(texts.prompt(), environment="staging")
    done = in_emergency(alarmed, change)
    assert done.status_code == 201, done.text
    found = alarmed.signed_in("product").get(f"{HERE}/{done.json()['ratification']}")
    assert found.status_code == 200
    return found.json()


def judge(placet: Placet, one: JsonObject, handle: str, judgement: str, **other):
    return placet.signed_in(handle).post(
        f"{HERE}/{one['id']}/judgements",
        json={
            "activated": one["activated"],
            "judgement": judgement,
            "seat": handle,
            "reason": "I have read it.",
            **other,
        },
    )


def test_an_emergency_is_live_at_once_and_opens_a_ratification(alarmed, opened):
    assert opened["status"] == "open"
    assert (opened["environment"], opened["seq"], opened["change"]) == ("staging", 1, 2)
    assert opened["incident"] == "INC-7"
    assert opened["why"][0] == "It names a customer."
    assert opened["waiting_for"] == ["product"]
    assert opened["excluded"] == ["author", "risk"]
    assert opened["you"] == {
        "seats": ["product"],
        "why_not": None,
        "sign_in_again": None,
        "reason_needed": False,
    }


def test_the_change_and_the_history_say_so(alarmed, opened):
    viewer = alarmed.signed_in("viewer")

    change = viewer.get("/v1/changes/2").json()
    (moment,) = viewer.get("/v1/environments/staging/history").json()["items"]

    assert change["status"] == "activated"
    assert change["ratification"]["id"] == opened["id"]
    assert moment["ratification"] == change["ratification"]


def test_it_is_ratified_by_whom_the_policy_asks(alarmed, opened):
    answer = judge(alarmed, opened, "product", "ratify")

    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "ratified"
    assert alarmed.signed_in("viewer").get(f"{HERE}?status=open").json()["items"] == []


def test_what_was_repudiated_is_put_back_without_a_vote(alarmed, opened):
    judged = judge(alarmed, opened, "product", "repudiate").json()

    back = alarmed.signed_in("operator").post(
        "/v1/environments/staging/rollbacks",
        json={"undo": judged["seq"], "reason": "Repudiated."},
    )

    assert judged["status"] == "repudiated"
    assert back.status_code == 201, back.text
    assert back.json()["ratification"] is None
    live = alarmed.signed_in("viewer").get("/v1/environments/staging/live").json()
    assert live["documents"] == []


def test_it_is_overdue_after_its_deadline_and_keeps_back_the_next_one(alarmed, opened):
    alarmed.clock.forward(hours=25)
    change = alarmed.submit(
        texts.prompt(version="1.1.0", text="Say less."), environment="staging"
    )

    refused = in_emergency(alarmed, change)

    viewer = alarmed.signed_in("viewer")
    assert viewer.get(f"{HERE}/{opened['id']}").json()["status"] == "overdue"
    for status in ("open", "overdue"):
        listed = viewer.get(f"{HERE}?status={status}").json()["items"]
        assert [one["id"] for one in listed] == [opened["id"]]
    assert refused.status_code == 409
    assert "is overdue since" in refused.text


@pytest.mark.parametrize(
    ("handle", "other", "status"),
    [
        ("risk", {"seat": "board"}, 403),
        ("product", {"seat": "product"}, 403),
        ("operator", {}, 403),
        ("risk", {"incident": " "}, 422),
        ("risk", {"reason": ""}, 422),
        ("risk", {"review_digest": "sha256:" + "0" * 64}, 409),
    ],
)
def test_an_emergency_that_may_not_be_is_refused(alarmed, handle, other, status):
    change = alarmed.submit(texts.prompt(), environment="staging")

    answer = in_emergency(alarmed, change, handle, **other)

    assert answer.status_code == status, answer.text
    assert answer.json()["hint"]


def test_no_token_activates_in_an_emergency_or_judges(alarmed, opened):
    machine = alarmed.machine(Scope.OPERATE, handle="risk")
    change = alarmed.submit(texts.prompt(version="1.1.0"), environment="staging")

    emergency = machine.post(
        f"/v1/changes/{change['id']}/emergency",
        json={
            "review_digest": change["review_digest"],
            "seat": "risk",
            "incident": "INC-8",
            "reason": "x",
        },
    )
    judged = machine.post(
        f"{HERE}/{opened['id']}/judgements",
        json={"activated": opened["activated"], "judgement": "ratify", "seat": "risk"},
    )

    assert (emergency.status_code, judged.status_code) == (403, 403)


def test_a_limited_token_sees_those_of_its_environments(alarmed, opened):
    elsewhere = alarmed.machine(Scope.SUBMIT, environments=("production",))
    here = alarmed.machine(Scope.SUBMIT, environments=("staging",))

    assert elsewhere.get(HERE).json()["items"] == []
    assert elsewhere.get(f"{HERE}/{opened['id']}").status_code == 404
    assert [one["id"] for one in here.get(HERE).json()["items"]] == [opened["id"]]
    assert here.get(f"{HERE}/{opened['id']}").status_code == 200


def test_one_that_is_not_there_is_not_found(alarmed):
    answer = alarmed.signed_in("viewer").get(f"{HERE}/999")

    assert answer.status_code == 404
    assert answer.json()["detail"] == "there is no ratification 999"


def test_they_come_in_pages_newest_first(alarmed):
    for number in range(3):
        change = alarmed.submit(
            texts.prompt(version=f"1.{number}.0", text=f"Say {number}."),
            environment="staging",
        )
        assert in_emergency(alarmed, change).status_code == 201
    viewer = alarmed.signed_in("viewer")

    first = viewer.get(f"{HERE}?limit=2").json()
    rest = viewer.get(f"{HERE}?limit=2&cursor={first['next']}").json()

    assert [one["change"] for one in first["items"]] == [4, 3]
    assert [one["change"] for one in rest["items"]] == [2]
    assert rest["next"] is None


def test_a_rollback_that_is_ratified_afterwards_says_so(placet: Placet):
    for version, text in (("1.0.0", "Be kind."), ("1.1.0", "Be brief.")):
        source = texts.prompt(version=version, text=text).replace(
            "tier: medium", "tier: high"
        )
        change = placet.submit(source, environment="production")
        for seat in ("product", "risk", "legal"):
            assert placet.vote(change, seat).status_code == 201
        placet.activate(change)
    body = {"document": change["documents"][0], "to_seq": 1, "reason": "worse"}
    operator, here = placet.signed_in("operator"), "/v1/environments/production"

    preview = operator.post(f"{here}/rollbacks/preview", json=body).json()
    done = operator.post(f"{here}/rollbacks", json=body)

    assert done.status_code == 201, done.text
    assert preview["ratify"][0].startswith("it touches what has the tier high")
    found = operator.get(f"{HERE}/{done.json()['ratification']}").json()
    assert (found["change"], found["incident"]) == (None, None)
    assert found["waiting_for"] == ["product", "risk", "legal"]


def test_who_judged_gets_a_receipt_of_it_once_it_is_signed(alarmed, opened):
    judge(alarmed, opened, "product", "repudiate")
    address = f"{HERE}/{opened['id']}/receipt"
    product = alarmed.signed_in("product")
    alarmed.parts.opened.afterwards.once()

    told = product.get(address).json()
    page = product.get(address, params={"format": "html"})

    assert (told["ratification"], told["change"]) == (opened["id"], opened["change"])
    assert (told["by"], told["seat"], told["verdict"]) == (
        "product",
        "product",
        "repudiate",
    )
    assert (told["activated"], told["review_digest"]) == (opened["activated"], None)
    payload = json.loads(told["event_body"])["payload"]
    assert (payload["ratification"], payload["judgement"]) == (
        opened["id"],
        "repudiate",
    )
    assert opened["activated"] in page.text


def test_who_has_not_judged_has_no_receipt_of_it(alarmed, opened):
    answer = alarmed.signed_in("viewer").get(f"{HERE}/{opened['id']}/receipt")

    assert answer.status_code == 404
    assert "has not judged" in answer.json()["detail"]
