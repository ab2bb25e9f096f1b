"""Reviews, conditions and inboxes over HTTP."""

from datetime import timedelta

import pytest

from registry.api.bearer import Scope
from tests.api.conftest import Placet
from tests.api.texts import prompt

PROMPT = "prompts/acme/refunds"
REVIEWED = prompt().replace("tier:", 'review_by: "2026-05-20"\ntier:')
REVIEWS = "/v1/environments/development/reviews"
CERTIFICATIONS = "/v1/environments/development/certifications"


@pytest.fixture
def live(placet: Placet) -> str:
    """The digest of a prompt in development that is to be reviewed by a day."""
    placet.live(REVIEWED)
    return reviews(placet)[0]["digest"]


def reviews(placet: Placet, **query) -> list[dict]:
    answer = placet.signed_in("viewer").get(REVIEWS, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def certify(placet: Placet, digest: str, by: str = "product", **other):
    body = {
        "document": PROMPT,
        "digest": digest,
        "until": (placet.clock() + timedelta(days=90)).isoformat(),
        "reason": "Read again.",
    }
    return placet.signed_in(by).post(CERTIFICATIONS, json=body | other)


def conditional(placet: Placet, change: dict, **other):
    condition = {
        "text": "Add the case of lost luggage.",
        "owner": "author",
        "due": (placet.clock() + timedelta(days=5)).isoformat(),
    }
    body = {
        "review_digest": change["review_digest"],
        "verdict": "approve",
        "seat": "product",
        "condition": condition | other,
    }
    return placet.signed_in("product").post(
        f"/v1/changes/{change['id']}/votes", json=body
    )


def inbox(placet: Placet, handle: str) -> list[dict]:
    return placet.signed_in(handle).get("/v1/inbox").json()["items"]


def test_a_document_is_reviewed_and_certified(placet, live):
    placet.clock.forward(days=20)
    (before,) = reviews(placet, waiting=True)

    answer = certify(placet, live)

    assert before["status"] == "lapsed"
    assert before["due"] == "2026-05-21T00:00:00Z"
    assert before["answering"]["owner"] == "product"
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "certified"
    assert answer.json()["certified"]["by"] == "product"
    assert reviews(placet, waiting=True) == []
    assert reviews(placet, document=PROMPT) == reviews(placet)


def test_what_cannot_be_certified_is_refused_and_changes_nothing(placet, live):
    assert certify(placet, live, "viewer").status_code == 403
    assert certify(placet, "sha256:" + "0" * 64).status_code == 409
    assert certify(placet, live, document="prompts/acme/none").status_code == 404
    assert certify(placet, live, until="2026-05-03T11:00:00Z").status_code == 422
    assert certify(placet, live, until="soon").status_code == 422
    token = placet.machine(Scope.OPERATE, handle="product")
    assert token.post(CERTIFICATIONS, json={}).status_code == 403

    assert reviews(placet)[0]["certified"] is None


@pytest.mark.parametrize(
    ("handle", "part", "why_not"),
    [
        ("product", "owner", None),
        ("viewer", None, "viewer may not certify a document in development"),
    ],
)
def test_a_review_says_as_what_whoever_asks_could_certify_it(
    placet, live, handle, part, why_not
):
    (found,) = placet.signed_in(handle).get(REVIEWS).json()["items"]

    assert found["you"]["part"] == part
    assert found["you"]["why_not"] == why_not
    assert found["you"]["last_day"] == "2027-05-03"
    assert certify(placet, live, handle).status_code == (403 if why_not else 201)


def test_a_list_of_reviews_comes_in_pages(placet, live):
    placet.live(prompt("acme/other"), prompt("acme/third"))
    client = placet.signed_in("viewer")

    first = client.get(REVIEWS, params={"limit": 2}).json()
    rest = client.get(REVIEWS, params={"limit": 2, "cursor": first["next"]}).json()

    found = [one["document"] for one in first["items"] + rest["items"]]
    assert found == [PROMPT, "prompts/acme/other", "prompts/acme/third"]
    assert rest["next"] is None


def test_a_change_shows_its_conditions_and_they_are_listed_until_met(placet):
    change = placet.submit(prompt(), environment="staging")

    voted = conditional(placet, change)
    open_one = placet.signed_in("viewer").get("/v1/conditions").json()["items"]
    waiting = inbox(placet, "author")
    placet.clock.forward(days=6)
    overdue = placet.signed_in("viewer").get("/v1/conditions?status=overdue").json()
    late = placet.signed_in("viewer").get("/v1/attention").json()["items"]
    met = placet.signed_in("author").post(
        f"/v1/changes/{change['id']}/conditions-met",
        json={"voter": "product", "note": "Done in 43."},
    )

    assert voted.status_code == 201, voted.text
    assert voted.json()["conditions"] == open_one
    assert voted.json()["votes"][0]["condition"]["owner"] == "author"
    assert [one["kind"] for one in waiting] == ["condition", "activation"]
    assert [one["status"] for one in overdue["items"]] == ["overdue"]
    assert [one["kind"] for one in late] == ["condition"]
    assert met.status_code == 201, met.text
    assert met.json()["conditions"][0]["met"]["note"] == "Done in 43."
    assert [one["kind"] for one in inbox(placet, "author")] == ["activation"]


def test_a_condition_that_says_too_little_is_refused(placet):
    change = placet.submit(prompt(), environment="staging")

    assert conditional(placet, change, owner="ghost").status_code == 404
    assert conditional(placet, change, due="2026-05-03T11:00:00Z").status_code == 422
    assert conditional(placet, change, due="tomorrow").status_code == 422
    assert conditional(placet, change, text="").status_code == 422
    path = f"/v1/changes/{change['id']}"
    assert placet.signed_in("viewer").get(path).json()["votes"] == []


def test_an_inbox_is_of_whoever_signed_in(placet):
    change = placet.submit(prompt(), environment="staging")

    (found,) = inbox(placet, "product")

    assert (found["kind"], found["change"]) == ("vote", change["id"])
    assert found["why"].startswith("product has read it: Needs 1 more")
    assert inbox(placet, "risk") == []
    token = placet.machine(Scope.OPERATE, handle="product")
    assert token.get("/v1/inbox").status_code == 403


def test_what_is_late_elsewhere_is_not_told_to_a_token_of_one_place(placet):
    change = placet.submit(prompt(), environment="staging")
    conditional(placet, change)
    placet.clock.forward(days=6)

    def late(environment: str) -> int:
        # A token of before would have ended by now.
        token = placet.machine(Scope.CHECK, environments=(environment,))
        return len(token.get("/v1/attention").json()["items"])

    assert (late("staging"), late("production")) == (1, 0)


def waiting(placet: Placet, by: str = "viewer", **query) -> list[dict]:
    answer = placet.signed_in(by).get("/v1/waiting", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_what_waits_is_told_to_everybody_with_whom_it_waits_for(placet):
    change = placet.submit(prompt(), environment="staging")

    (found,) = waiting(placet)

    assert (found["kind"], found["change"]) == ("vote", change["id"])
    assert found["asked"] == ["product"]
    assert found["why"] == "It waits for product."
    assert waiting(placet, kind="ratification") == []


def test_what_waits_for_oneself_can_be_left_out(placet):
    placet.submit(prompt(), environment="staging")

    assert waiting(placet, "product", others="true") == []
    assert len(waiting(placet, "risk", others="true")) == 1


def test_what_nobody_could_do_is_stalled(placet):
    placet.submit(prompt(), environment="staging")
    before = waiting(placet, stalled="true")
    body = {"roles": ["viewer"], "seats": [], "active": True}
    placet.signed_in("admin").put("/v1/people/product", json=body)

    (found,) = waiting(placet, stalled="true")

    assert before == []
    assert (found["kind"], found["is_stalled"]) == ("appointment", True)
    assert found["asked"] == ["admin", "admin2"]
    (mine,) = inbox(placet, "admin")
    assert "Somebody who has not worked on it has to be given the seat" in mine["why"]


def test_what_waits_elsewhere_is_not_told_to_a_token_of_one_place(placet):
    placet.submit(prompt(), environment="staging")
    token = placet.machine(Scope.CHECK, environments=("production",))

    assert token.get("/v1/waiting").json()["items"] == []
