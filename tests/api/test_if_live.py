"""What chatbots would read after an open change, and what they read in the past."""

import pytest

from placet.sizes import size_of
from registry.names import digest_of
from tests.api import texts
from tests.api.conftest import JsonObject, Placet
from tests.api.test_guarding import RULES

BOT = "acme/support"
HERE = "/v1/environments/development"


@pytest.fixture
def live(placet: Placet) -> Placet:
    placet.live(texts.fragment(), texts.prompt(text=texts.INCLUDES_TONE), texts.bot())
    return placet


def read(placet: Placet, change: JsonObject, document: str):
    return placet.signed_in("viewer").get(f"/v1/changes/{change['id']}/{document}")


def said(bundle: JsonObject) -> str:
    return bundle["prompts"]["refunds"]["document"]["messages"][0]["content"]


def stop(placet: Placet) -> None:
    body = {"bot": BOT, "reason": "It lied."}
    answer = placet.signed_in("operator").post(f"{HERE}/stops", json=body)
    assert answer.status_code == 201, answer.text


def test_a_bot_is_read_as_it_would_be_told_after_an_open_change(live: Placet):
    change = live.submit(texts.fragment("1.1.0", "Be brief."))

    answer = read(live, change, f"bots/{BOT}")

    assert said(answer.json()) == "Be brief.\n"
    assert answer.headers["placet-seq"] == "1"
    assert answer.headers["placet-environment"] == "development"
    assert answer.headers["placet-digest"] == digest_of(answer.content)


def test_what_a_bot_would_be_told_is_what_it_is_told_once_the_change_is_live(
    live: Placet,
):
    change = live.submit(texts.fragment("1.1.0", "Be brief."))
    before = read(live, change, f"bots/{BOT}")

    live.activate(change)

    told = live.signed_in("viewer").get(f"{HERE}/bots/{BOT}")
    assert told.content == before.content


def test_what_went_live_since_is_in_what_a_bot_would_be_told(live: Placet):
    change = live.submit(texts.fragment("1.1.0", "Be brief."))

    live.live(texts.prompt(version="1.0.1", text=f"Hello. {texts.INCLUDES_TONE}"))

    assert said(read(live, change, f"bots/{BOT}").json()) == "Hello. Be brief.\n"


def test_a_prompt_is_read_as_it_would_be_served(live: Placet):
    change = live.submit(texts.prompt("acme/new", text="Be new."))

    answer = read(live, change, "prompts/acme/new")

    assert answer.json()["messages"] == [{"role": "system", "content": "Be new.\n"}]


def test_what_a_change_deletes_would_not_be_there(live: Placet):
    change = live.submit(deleted=[f"bots/{BOT}"])

    answer = read(live, change, f"bots/{BOT}")

    assert answer.status_code == 404
    assert "would not be live" in answer.json()["detail"]


def test_a_change_that_is_decided_cannot_be_tried(live: Placet):
    change = live.submit(texts.fragment("1.1.0", "Be brief."))
    live.activate(change)

    answer = read(live, change, f"bots/{BOT}")

    assert answer.status_code == 409
    assert "seq" in answer.json()["hint"]


def test_a_stopped_bot_would_say_its_fallback(live: Placet):
    stop(live)
    change = live.submit(texts.fragment("1.1.0", "Be brief."))

    bundle = read(live, change, f"bots/{BOT}").json()

    assert bundle["stopped"] == {"reason": "It lied."}
    assert bundle["prompts"] == {}


def test_a_resumption_is_read_as_the_bot_that_answers_again(live: Placet):
    stop(live)
    body = {"bot": BOT, "title": "It answers again"}
    change = live.signed_in("author").post(f"{HERE}/resumptions", json=body).json()

    bundle = read(live, change, f"bots/{BOT}").json()

    assert bundle["stopped"] is None
    assert said(bundle) == "Be kind.\n"


def test_what_does_not_go_with_what_is_live_by_now_is_told(placet: Placet):
    placet.live(texts.fragment())
    change = placet.submit(texts.prompt(text=texts.INCLUDES_TONE))
    placet.activate(placet.submit(deleted=["fragments/acme/tone"]))

    answer = read(placet, change, "prompts/acme/refunds")

    assert answer.status_code == 422
    assert "acme/tone" in answer.json()["detail"]


def rendered(placet: Placet, **query: object):
    path = f"{HERE}/prompts/acme/refunds:render"
    return placet.signed_in("viewer").post(path, json={}, params=query)


def test_a_prompt_is_rendered_as_it_was(live: Placet):
    live.live(texts.fragment("1.1.0", "Be brief."))

    then, now = rendered(live, seq=1).json(), rendered(live).json()

    assert then["messages"] == [{"role": "system", "content": "Be kind.\n"}]
    assert now["messages"] == [{"role": "system", "content": "Be brief.\n"}]
    assert (then["seq"], now["seq"]) == (1, 2)


def test_a_prompt_is_rendered_as_of_a_moment(live: Placet):
    at = live.signed_in("viewer").get(f"{HERE}/live").json()["at"]
    live.clock.forward(minutes=1)
    live.live(texts.fragment("1.1.0", "Be brief."))
    live.clock.forward(minutes=1)

    assert rendered(live, at=at).json()["seq"] == 1


def test_a_deleted_prompt_is_rendered_as_it_was_and_is_gone_now(placet: Placet):
    placet.live(texts.prompt())
    placet.activate(placet.submit(deleted=["prompts/acme/refunds"]))

    assert rendered(placet, seq=1).status_code == 200
    assert rendered(placet, seq=2).status_code == 410
    assert rendered(placet).status_code == 410


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"seq": 9}, 404),
        ({"seq": 1, "at": "2026-05-03T14:07:00Z"}, 422),
        ({"at": "2126-05-03T14:07:00Z"}, 409),
        ({"at": "2016-05-03T14:07:00Z"}, 404),
    ],
)
def test_a_prompt_is_not_rendered_at_what_never_was(live: Placet, query, status):
    assert rendered(live, **query).status_code == status


def test_a_prompt_that_was_not_live_yet_is_not_found(live: Placet):
    live.live(texts.prompt("acme/later"))
    path = f"{HERE}/prompts/acme/later:render"

    answer = live.signed_in("viewer").post(path, json={}, params={"seq": 1})

    assert answer.status_code == 404
    assert "yet" in answer.json()["detail"]


def test_what_is_rendered_tells_its_size(live: Placet):
    answer = rendered(live).json()

    size = size_of(answer["messages"])
    assert answer["characters"] == len("Be kind.\n") == size.characters
    assert answer["estimated_tokens"] == size.estimated_tokens


def test_a_guardrail_is_tried_as_it_was(placet: Placet):
    placet.live(RULES)
    placet.activate(placet.submit(deleted=["guardrails/acme/rules"]))
    path = f"{HERE}/guardrails/acme/rules:check"
    body = {"stage": "input", "text": "a cat"}
    viewer = placet.signed_in("viewer")

    then = viewer.post(path, json=body, params={"seq": 1})

    assert then.json()["seq"] == 1
    assert viewer.post(path, json=body).status_code == 410


def test_what_lies_beneath_a_stop_is_what_the_bot_is_told_once_it_answers_again(
    live: Placet,
):
    stop(live)
    live.live(texts.fragment("1.1.0", "Be brief."))

    beneath = live.signed_in("viewer").get(f"{HERE}/resumptions/bots/{BOT}")

    assert said(beneath.json()) == "Be brief.\n"
    body = {"bot": BOT, "title": "On again"}
    answer = live.signed_in("author").post(f"{HERE}/resumptions", json=body)
    live.activate(answer.json())
    told = live.signed_in("viewer").get(f"{HERE}/bots/{BOT}")
    assert told.content == beneath.content


def test_nothing_lies_beneath_a_bot_that_answers_or_is_not_there(live: Placet):
    client = live.signed_in("viewer")

    answers = client.get(f"{HERE}/resumptions/bots/{BOT}")
    absent = client.get(f"{HERE}/resumptions/bots/acme/none")

    assert answers.status_code == 409
    assert "is not stopped" in answers.json()["detail"]
    assert absent.status_code == 404
