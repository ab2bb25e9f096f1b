"""Scheduling over HTTP, and what the registry makes live by itself."""

from datetime import timedelta

import pytest

from registry.api.bearer import Scope
from tests.api import texts
from tests.api.conftest import JsonObject, Placet
from tests.conftest import NOON

AT = "2026-05-04T08:00:00+02:00"
MOMENT = "2026-05-04T06:00:00Z"


def read(placet: Placet, change: JsonObject) -> JsonObject:
    return placet.signed_in("viewer").get(f"/v1/changes/{change['id']}").json()


def due(placet: Placet) -> None:
    """It is the morning that was agreed to."""
    placet.clock.at = NOON + timedelta(hours=18)


@pytest.fixture
def change(placet: Placet) -> JsonObject:
    """Agreed to for tomorrow morning, in staging."""
    change = placet.submit(texts.prompt(), environment="staging", earliest=AT)
    assert placet.vote(change, "product").status_code == 201
    return change


def test_a_change_says_when_it_goes_live_and_why_not_yet(placet, change):
    found = read(placet, change)

    assert found["status"] == "scheduled"
    assert found["earliest"] == MOMENT
    assert "and not before" in found["why_not"]


def test_nobody_activates_it_before(placet, change):
    answer = placet.signed_in("operator").post(
        f"/v1/changes/{change['id']}/activation",
        json={"review_digest": change["review_digest"]},
    )

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:placet:problem:too-early"


def test_at_its_moment_it_goes_live_by_itself(placet, change):
    due(placet)

    placet.parts.opened.timer.once()

    found = read(placet, change)
    assert (found["status"], found["closed_by"]) == ("activated", "placet")
    assert found["why_not"] is None


def test_a_moment_that_is_over_is_told_while_something_keeps_it_back(placet):
    placet.submit(texts.prompt(), environment="staging", earliest=AT)
    viewer, operator = placet.signed_in("viewer"), placet.signed_in("operator")
    before = viewer.get("/v1/changes").json()["items"][0]
    due(placet)
    viewer, operator = placet.signed_in("viewer"), placet.signed_in("operator")

    (listed,) = viewer.get("/v1/changes").json()["items"]
    (found,) = operator.get("/v1/inbox").json()["items"]

    assert (before["is_overdue"], listed["is_overdue"]) == (False, True)
    assert (found["kind"], found["is_late"]) == ("schedule", True)
    assert "was to go live at 2026-05-04 06:00 UTC" in found["why"]


def test_what_is_late_is_suspended_and_says_so(placet, change):
    due(placet)
    placet.clock.forward(hours=1)

    assert placet.parts.opened.timer.once() == ()
    assert read(placet, change)["status"] == "suspended"
    listed = placet.signed_in("viewer").get("/v1/changes?status=suspended").json()
    assert [one["id"] for one in listed["items"]] == [change["id"]]

    placet.activate(change)
    assert read(placet, change)["status"] == "activated"


@pytest.mark.parametrize(
    ("earliest", "said"),
    [
        ("2026-05-03T11:00:00Z", "is over"),
        ("2027-05-03T11:00:00Z", "will have expired"),
        ("2026-05-04T08:00:00", "a time with its zone"),
        ("tomorrow", "must be a time, such as"),
    ],
)
def test_a_moment_that_cannot_be_kept_is_refused(placet, earliest, said):
    answer = placet.signed_in("author").post(
        "/v1/changes",
        json={
            "environment": "staging",
            "title": "Later",
            "documents": [{"source": texts.prompt()}],
            "earliest": earliest,
        },
    )

    assert answer.status_code == 422
    assert said in answer.text


def test_a_revision_names_its_moment_again_or_has_none(placet, change):
    body = {"title": "Now", "documents": [{"source": texts.prompt(text="Other.")}]}

    revised = placet.signed_in("author").post(
        f"/v1/changes/{change['id']}/revisions", json=body
    )

    assert revised.json()["earliest"] is None


def test_promotions_resumptions_and_policies_are_scheduled_too(placet):
    placet.live(texts.prompt(), texts.bot())
    author, operator = placet.signed_in("author"), placet.signed_in("operator")
    here = "/v1/environments"

    promoted = author.post(
        f"{here}/staging/promotions",
        json={
            "source": "development",
            "documents": ["bots/acme/support"],
            "title": "x",
            "earliest": AT,
        },
    )
    operator.post(
        f"{here}/development/stops", json={"bot": "acme/support", "reason": "x"}
    )
    resumed = operator.post(
        f"{here}/development/resumptions",
        json={"bot": "acme/support", "title": "x", "earliest": AT},
    )
    policy = author.post(
        "/v1/policies/staging",
        json={
            "title": "x",
            "source": "environment: staging\n"
            "requirements: [{name: r, seat: risk}, {name: p, seat: product}]\n",
            "earliest": AT,
        },
    )

    for answer in (promoted, resumed, policy):
        assert answer.status_code == 201, answer.text
        assert answer.json()["earliest"] == MOMENT


@pytest.mark.parametrize("handle", ["operator", "author"])
def test_no_request_is_ever_the_timer(placet, handle):
    """Whatever is sent, it is done as whoever signed in, or with a token of theirs."""
    change = placet.submit(texts.prompt())
    for client in (
        placet.signed_in(handle),
        placet.machine(Scope.OPERATE, handle=handle),
    ):
        client.post(
            f"/v1/changes/{change['id']}/comments",
            json={"text": "x"},
            headers={"Placet-Via": "timer", "X-Via": "timer", "Actor": "placet"},
        )

    state = placet.parts.opened.writer.state
    said = [one.by for one in state.change(change["id"]).comments]
    assert said
    assert set(said) == {handle}
    sent = {"text": "x", "via": "timer", "handle": "placet"}
    refused = placet.signed_in(handle).post(
        f"/v1/changes/{change['id']}/comments", json=sent
    )
    assert refused.status_code == 422


def test_nobody_can_be_made_who_is_called_like_the_registry(placet):
    answer = placet.signed_in("admin").put(
        "/v1/people/placet", json={"roles": ["operator"], "seats": [], "active": True}
    )

    assert answer.status_code == 422
    assert "is the registry itself" in answer.text
