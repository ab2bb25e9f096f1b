"""What became of a bot, and what differs between two moments, over HTTP."""

import pytest

from registry.api.bearer import Scope
from registry.names import digest_of
from tests.api import bound, texts
from tests.api.conftest import JsonObject, Placet

BOT = "acme/support"
PROMPT = "prompts/acme/refunds"
TONE = "fragments/acme/tone"
HERE = "/v1/environments/development"


@pytest.fixture
def two(placet: Placet) -> Placet:
    """A bot whose prompt includes a fragment, and a second version of the fragment."""
    prompt = texts.prompt(text=texts.INCLUDES_TONE)
    placet.live(texts.fragment(), prompt, texts.bot())
    placet.clock.forward(hours=1)
    placet.live(texts.fragment("1.1.0", "Be brief."))
    placet.clock.forward(hours=1)
    return placet


def timeline(placet: Placet, **query: str) -> JsonObject:
    query = {"bot": BOT, **query}
    answer = placet.signed_in("viewer").get(f"{HERE}/timeline", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kinds(placet: Placet, **query: str) -> list[str]:
    return [mark["kind"] for mark in timeline(placet, **query)["marks"]]


def differences(placet: Placet, **query: object):
    return placet.signed_in("viewer").get(f"{HERE}/differences", params=query)


def stop(placet: Placet) -> None:
    body = {"bot": BOT, "reason": "It lied."}
    answer = placet.signed_in("operator").post(f"{HERE}/stops", json=body)
    assert answer.status_code == 201, answer.text


def test_each_version_of_what_a_bot_uses_is_a_band(two: Placet):
    bands = timeline(two)["bands"]

    assert [
        (one["document"], one["version"], one["since"], one["until"]) for one in bands
    ] == [
        (f"bots/{BOT}", "1.0.0", 1, None),
        (TONE, "1.0.0", 1, 2),
        (TONE, "1.1.0", 2, None),
        (PROMPT, "1.0.0", 1, None),
    ]
    assert bands[1]["ends"] == bands[2]["begins"]
    assert (bands[1]["change"], bands[2]["change"]) == (1, 2)


def test_what_a_bot_does_not_use_is_not_on_its_timeline(two: Placet):
    before = timeline(two)

    two.live(texts.prompt("acme/other"))

    after = timeline(two)
    assert after["bands"] == before["bands"]
    assert after["marks"] == before["marks"]


def test_what_went_live_and_was_proposed_for_it_are_marks(two: Placet):
    marks = timeline(two)["marks"]

    assert [(one["kind"], one["seq"], one["change"]) for one in marks] == [
        ("proposed", None, 1),
        ("activated", 1, 1),
        ("proposed", None, 2),
        ("activated", 2, 2),
    ]
    assert marks[0]["sentence"] == "author proposed change 1: Say it better"


def test_a_stop_and_a_resumption_are_marks(two: Placet):
    stop(two)
    body = {"bot": BOT, "title": "It answers again"}
    author = two.signed_in("author")
    two.activate(author.post(f"{HERE}/resumptions", json=body).json())

    assert kinds(two)[-3:] == ["stopped", "proposed", "resumed"]


def test_a_stop_of_another_bot_is_not_a_mark(two: Placet):
    two.live(texts.bot("acme/other"))
    body = {"bot": "acme/other", "reason": "It lied."}
    two.signed_in("operator").post(f"{HERE}/stops", json=body)

    assert "stopped" not in kinds(two)


def test_what_goes_live_while_a_bot_is_stopped_is_a_mark(two: Placet):
    stop(two)

    two.live(texts.fragment("1.2.0", "Be kind again."))

    assert kinds(two)[-1] == "activated"


def test_a_rollback_is_a_mark(two: Placet):
    body = {"document": TONE, "to_seq": 1, "reason": "Too short."}
    answer = two.signed_in("operator").post(f"{HERE}/rollbacks", json=body)
    assert answer.status_code == 201, answer.text

    last = timeline(two)["marks"][-1]

    assert (last["kind"], last["seq"], last["change"]) == ("rolled-back", 3, None)
    assert last["sentence"] == "Too short."
    band = timeline(two)["bands"][3]
    assert (band["document"], band["version"], band["since"]) == (TONE, "1.0.0", 3)


def test_a_rollback_with_votes_is_a_rollback(two: Placet):
    body = {"document": TONE, "to_seq": 1, "reason": "Too short.", "propose": True}
    two.activate(two.signed_in("operator").post(f"{HERE}/rollbacks", json=body).json())

    assert kinds(two)[-1] == "rolled-back"


def test_votes_are_marks_whatever_they_say(placet: Placet):
    change = placet.submit(texts.prompt(), texts.bot(), environment="production")
    placet.vote(change, "product")
    placet.vote(change, "risk", "ask-for-changes")
    placet.vote(change, "risk")
    placet.activate(change)

    path = "/v1/environments/production/timeline"
    viewer = placet.signed_in("viewer")
    marks = viewer.get(path, params={"bot": BOT}).json()["marks"]

    assert [one["kind"] for one in marks] == [
        "proposed",
        "approved",
        "objected",
        "approved",
        "activated",
    ]
    assert marks[1]["sentence"] == "product approved change 1 for product: because"


def test_a_recall_of_what_a_bot_used_is_a_mark(two: Placet):
    digest = timeline(two)["bands"][1]["digest"]
    operator = two.signed_in("operator")
    body = {"digest": digest, "reason": "It insults people."}
    assert operator.post("/v1/recalls", json=body).status_code == 201
    unused = texts.prompt("acme/other")
    two.live(unused)
    other = {**body, "digest": digest_of(unused.encode())}
    assert operator.post("/v1/recalls", json=other).status_code == 201

    marks = [one for one in timeline(two)["marks"] if one["kind"] == "recalled"]

    assert [one["sentence"] for one in marks] == [
        f"operator recalled {TONE} 1.0.0: It insults people."
    ]


def test_another_model_is_a_mark_and_so_is_what_became_of_that(placet: Placet):
    bound.go_live(placet)
    strange = bound.observed(placet, model="gpt-9")
    machine = placet.machine(Scope.READ)
    machine.post(bound.OBSERVATIONS, json={"observations": [strange]})
    operator = placet.signed_in("operator")
    alert = operator.get("/v1/alerts").json()["items"][0]["id"]
    operator.post(f"/v1/alerts/{alert}/resolution", json={"reason": "Put back."})

    told = [one for one in timeline(placet)["marks"] if one["change"] is None]

    assert {one["kind"] for one in told} == {"alert", "resolved"}
    assert f"gpt-9 answered as main, and not {bound.MODEL}" in {
        one["sentence"] for one in told
    }


def test_a_period_takes_what_was_in_it(two: Placet):
    second = timeline(two)["bands"][2]["begins"]

    assert kinds(two, since=second) == ["activated"]
    assert kinds(two, until=second) == ["proposed", "activated", "proposed"]
    later = timeline(two, since=second)["bands"]
    assert [one["version"] for one in later if one["document"] == TONE] == ["1.1.0"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"bot": "acme/gone"}, 404),
        ({"bot": "ACME"}, 422),
        ({}, 422),
        ({"bot": BOT, "since": "2026-05-03T14:07:00"}, 422),
        (
            {
                "bot": BOT,
                "since": "2026-05-03T14:07:00Z",
                "until": "2026-05-03T14:07:00Z",
            },
            422,
        ),
    ],
)
def test_a_timeline_that_cannot_be_is_refused(two: Placet, query, status):
    answer = two.signed_in("viewer").get(f"{HERE}/timeline", params=query)

    assert answer.status_code == status
    assert answer.json()["hint"]


def test_between_two_seqs_every_text_that_differs_is_told(two: Placet):
    answer = differences(two, **{"from": 1, "to": 2})

    items = {one["document"]: one for one in answer.json()["items"]}
    assert set(items) == {TONE, PROMPT}
    tone, prompt = items[TONE], items[PROMPT]
    assert (tone["before"]["version"], tone["after"]["version"]) == ("1.0.0", "1.1.0")
    assert tone["after"]["source"] == texts.fragment("1.1.0", "Be brief.")
    assert (tone["after"]["since"], tone["after"]["change"]) == (2, 2)
    assert prompt["before"]["source"] == prompt["after"]["source"]
    assert prompt["after"]["reads"] == "[system]\nBe brief.\n"


def test_what_was_not_live_at_one_of_two_moments_is_nothing_there(two: Placet):
    two.live(texts.prompt("acme/other"))

    forth = differences(two, **{"from": 2}).json()["items"]
    back = differences(two, **{"from": 3, "to": 2}).json()["items"]

    assert [one["document"] for one in forth] == ["prompts/acme/other"]
    assert forth[0]["before"] is None
    assert back[0]["after"] is None


def test_before_the_first_seq_nothing_was_live(two: Placet):
    items = differences(two, **{"from": 0, "to": 1}).json()["items"]

    assert items
    assert {one["before"] for one in items} == {None}
    assert differences(two, **{"from": 0, "to": 0}).status_code == 404


def test_differences_are_between_moments_as_well(two: Placet):
    begins = [one["begins"] for one in timeline(two)["bands"]]

    items = differences(two, **{"from": begins[0], "to": begins[2]}).json()["items"]

    assert [one["document"] for one in items] == [TONE, PROMPT]


def test_differences_can_be_of_one_document_with_what_it_uses(two: Placet):
    two.live(texts.prompt("acme/other"))

    items = differences(two, **{"from": 1, "document": PROMPT}).json()["items"]

    assert [one["document"] for one in items] == [TONE, PROMPT]


def test_differences_come_in_pages(two: Placet):
    first = differences(two, **{"from": 1, "limit": 1}).json()
    second = differences(two, **{"from": 1, "limit": 1, "cursor": first["next"]}).json()

    documents = [one["document"] for one in (*first["items"], *second["items"])]
    assert documents == [TONE, PROMPT]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": 9}, 404),
        ({"from": "yesterday"}, 422),
        ({"from": "1.5"}, 422),
        ({"from": "2026-05-03T14:07:00"}, 422),
        ({"from": "2126-05-03T14:07:00Z"}, 409),
        ({"from": "2016-05-03T14:07:00Z"}, 404),
        ({}, 422),
    ],
)
def test_moments_that_cannot_be_compared_are_refused(two: Placet, query, status):
    answer = differences(two, **query)

    assert answer.status_code == status, answer.text
    assert answer.json()["hint"]
