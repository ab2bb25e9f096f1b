"""Comparing environments over HTTP, and what a bot was told when."""

import pytest

from registry.api.bearer import Scope
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

BOT = "acme/support"
PROMPT = "prompts/acme/refunds"
HERE = "/v1/environments/development"
PREVIEW = "/v1/environments/production/promotions/preview"


@pytest.fixture
def two(placet: Placet) -> Placet:
    """A bot and its prompt, and a second version of the prompt."""
    placet.live(texts.prompt(), texts.bot())
    placet.live(texts.prompt(version="1.1.0", text="Say less."))
    return placet


def promotion(**more: object) -> JsonObject:
    body = {"source": "development", "documents": [f"bots/{BOT}"], "title": "Bring it"}
    return {**body, **more}


def drift(placet: Placet, **query: str) -> JsonObject:
    query = {"against": "staging", **query}
    answer = placet.signed_in("viewer").get(f"{HERE}/drift", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def bundles(placet: Placet, **query: object):
    query = {"bot": BOT, **query}
    return placet.signed_in("viewer").get(f"{HERE}/bundles", params=query)


def test_drift_tells_each_document_and_what_to_promote(two: Placet):
    found = drift(two)

    assert (found["environment"], found["seq"]) == ("development", 2)
    assert (found["against"], found["against_seq"]) == ("staging", 0)
    assert found["promote"] == [f"bots/{BOT}"]
    prompt = next(one for one in found["documents"] if one["document"] == PROMPT)
    assert prompt["relation"] == "only-here"
    assert prompt["there"] is None
    assert prompt["here"]["version"] == "1.1.0"
    assert (prompt["here"]["since"], prompt["bots"]) == (2, [BOT])


def test_drift_can_be_of_one_bot(two: Placet):
    two.live(texts.prompt("acme/other"))

    assert len(drift(two)["documents"]) == 3
    assert len(drift(two, bot=BOT)["documents"]) == 2


def test_drift_can_leave_out_what_is_the_same(two: Placet):
    path = "/v1/environments/staging/promotions"
    body = promotion(documents=[PROMPT])
    change = two.signed_in("author").post(path, json=body).json()
    two.vote(change, "product")
    two.activate(change)

    found = drift(two, differing="true")

    assert [one["document"] for one in found["documents"]] == [f"bots/{BOT}"]
    assert found["promote"] == [f"bots/{BOT}"]
    assert len(drift(two)["documents"]) == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"against": "nowhere"}, 404),
        ({"against": "development"}, 422),
        ({"against": "staging", "bot": "acme/gone"}, 404),
        ({"against": "staging", "bot": "ACME"}, 422),
        ({}, 422),
    ],
)
def test_drift_of_what_is_not_there_is_refused(two: Placet, query, status):
    answer = two.signed_in("viewer").get(f"{HERE}/drift", params=query)

    assert answer.status_code == status
    assert answer.json()["hint"]


def test_a_limited_token_compares_only_with_what_it_sees(two: Placet):
    machine = two.machine(Scope.SUBMIT, environments=("development",))

    refused = machine.get(f"{HERE}/drift", params={"against": "staging"})

    assert refused.status_code == 403


def test_a_preview_of_a_promotion_opens_no_change(two: Placet):
    viewer = two.signed_in("viewer")

    told = viewer.post(PREVIEW, json=promotion()).json()

    taken = {one["document"]: one["version"] for one in told["taken"]}
    assert taken == {f"bots/{BOT}": "1.0.0", PROMPT: "1.1.0"}
    assert told["source_seq"] == 2
    assert told["left_out"] == []
    assert told["asks"]
    open_ones = viewer.get("/v1/changes", params={"status": "open"}).json()
    assert open_ones["items"] == []


def test_a_promotion_takes_what_its_preview_told(two: Placet):
    told = two.signed_in("viewer").post(PREVIEW, json=promotion()).json()

    path = PREVIEW.removesuffix("/preview")
    change = two.signed_in("author").post(path, json=promotion()).json()

    assert {e["document"]: e["digest"] for e in change["edits"]} == {
        one["document"]: one["digest"] for one in told["taken"]
    }


def test_a_limited_token_previews_only_from_what_it_sees(two: Placet):
    machine = two.machine(Scope.SUBMIT, environments=("production",))

    assert machine.post(PREVIEW, json=promotion()).status_code == 403


def test_what_a_bot_was_told_is_listed_newest_first(two: Placet):
    two.live(texts.prompt("acme/other"))  # which the bot does not use
    stop = {"bot": BOT, "reason": "It lied."}
    stopped = two.signed_in("operator").post(f"{HERE}/stops", json=stop)
    assert stopped.status_code == 201, stopped.text

    items = bundles(two).json()["items"]

    assert [one["seq"] for one in items] == [4, 2, 1]
    assert [one["stopped"] for one in items] == ["It lied.", None, None]
    assert [one["type"] for one in items] == ["stopped", "activated", "activated"]
    for one in items:
        path = f"{HERE}/bots/{BOT}"
        answer = two.signed_in("viewer").get(path, params={"seq": one["seq"]})
        assert answer.headers["placet-digest"] == one["bundle"]


def test_a_deleted_bot_was_told_nothing_from_then_on(two: Placet):
    two.activate(two.submit(deleted=[f"bots/{BOT}"]))

    first, *_ = bundles(two).json()["items"]

    assert (first["bundle"], first["stopped"]) == (None, None)


def test_what_a_bot_was_told_comes_in_pages(two: Placet):
    first = bundles(two, limit=1).json()
    second = bundles(two, limit=1, cursor=first["next"]).json()

    assert [one["seq"] for one in (*first["items"], *second["items"])] == [2, 1]
    assert second["next"] is None


def test_what_a_bot_was_told_that_never_was_is_not_found(two: Placet):
    answer = bundles(two, bot="acme/gone")

    assert answer.status_code == 404
    assert answer.json()["hint"]


def test_a_token_for_one_bot_reads_what_that_one_was_told(two: Placet):
    machine = two.machine(
        Scope.SUBMIT, environments=("development",), bots=("acme/other",)
    )

    refused = machine.get(f"{HERE}/bundles", params={"bot": BOT})

    assert refused.status_code == 403
