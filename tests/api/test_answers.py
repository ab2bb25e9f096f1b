"""Asking the model of a bot, over HTTP and with a real server that answers."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import Engine

from registry.api.app import create_app, grants_of, routes_of
from registry.api.bearer import Scope
from registry.models import Models, parse_endpoints
from registry.models.models import MAX_ANSWER_BYTES
from registry.writer import Open
from tests.api import bound, texts
from tests.api.conftest import JsonObject, Placet
from tests.api.models import (
    ANSWERING,
    ANSWERS,
    BOT,
    DOCUMENTS,
    KEY,
    asked,
    bot,
    completion,
    question,
    saying,
)
from tests.conftest import SettableClock
from tests.outbox.receivers import Receiver, receiving

HERE = "/v1/environments/development"


@pytest.fixture
def model() -> Iterator[Receiver]:
    with receiving() as model:
        model.answer = saying(completion())
        yield model


@pytest.fixture
def keyed(
    registry: Open, operations: Engine, clock: SettableClock, model: Receiver
) -> Placet:
    """A registry with a key for `openai`, and a bot that is bound to it."""
    file = json.dumps({"openai": {"url": f"{model.url}/v1", "key": KEY}})
    app = create_app(
        registry,
        operations,
        clock,
        grants=grants_of(registry, operations, clock),
        models=Models(parse_endpoints(file.encode(), {})),
    )
    placet = Placet(app=app, parts=routes_of(app).state.parts, clock=clock)
    placet.live(*DOCUMENTS)
    return placet


def ask(placet: Placet, *, handle: str = "author", params=None, **more: object):
    body = question(**more)
    return placet.signed_in(handle).post(ANSWERS, json=body, params=params)


def answered(placet: Placet, **more: object) -> JsonObject:
    answer = ask(placet, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(placet: Placet, status: int, **more: object) -> str:
    answer = ask(placet, **more)
    assert answer.status_code == status, answer.text
    assert answer.json()["hint"]
    return answer.json()["detail"]


def test_a_model_is_asked_what_the_bot_would_ask_it(keyed: Placet, model: Receiver):
    answer = answered(keyed)

    messages = [{"role": "system", "content": "Answer politely.\n"}]
    (received,) = model.received
    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == f"Bearer {KEY}"
    assert asked(model) == [{"model": bound.MODEL, "messages": messages}]
    assert answer["messages"] == messages
    assert (answer["text"], answer["finish_reason"]) == ("Hello.", "stop")
    assert (answer["input_tokens"], answer["output_tokens"]) == (12, 3)
    assert (answer["asked"], answer["model"]) == (bound.MODEL, bound.MODEL)
    assert (answer["seq"], answer["binding"], answer["role"]) == (
        1,
        "acme/chat",
        "main",
    )
    assert answer["duration_s"] >= 0


def test_it_is_told_beforehand_who_may_not_ask_a_model(keyed: Placet):
    def told(handle: str) -> JsonObject:
        found = keyed.signed_in(handle).get(ANSWERING, params={"bot": BOT}).json()
        return found["items"][0]

    assert told("author")["you"] == {"why_not": None}
    assert told("viewer")["why_not"] is None
    assert "viewer may not ask a model" in told("viewer")["you"]["why_not"]


def test_the_parameters_of_the_binding_are_sent(keyed: Placet, model: Receiver):
    parameters = {"temperature": 0.2, "max_output_tokens": 80, "candidates": 2}
    keyed.live(bound.binding(version="2.0.0", parameters=parameters))

    answer = answered(keyed)

    (sent,) = asked(model)
    assert (sent["temperature"], sent["max_completion_tokens"]) == (0.2, 80)
    assert "n" not in sent
    assert answer["left_out"] == ["candidates"]


def test_the_bots_guardrails_look_at_the_answer(keyed: Placet, model: Receiver):
    model.answer = saying(completion("A cat."))

    guarded = answered(keyed)["guarded"]

    assert (guarded["action"], guarded["allowed"]) == ("redact", True)
    assert guarded["text"] == "A [cats]."
    (finding,) = guarded["findings"]
    assert (finding["guardrail"], finding["rule"]) == ("acme/no-cats", "cats")
    assert finding["span"] == [2, 5]


def test_two_versions_are_asked_side_by_side(keyed: Placet, model: Receiver):
    keyed.live(texts.prompt(version="1.1.0", text="Say less."))

    before, after = answered(keyed, params={"seq": 1}), answered(keyed)

    told = [one["messages"][0]["content"] for one in asked(model)]
    assert told == ["Answer politely.\n", "Say less.\n"]
    assert (before["prompt_version"], after["prompt_version"]) == ("1.0.0", "1.1.0")


def test_what_an_open_change_would_ask_is_asked(keyed: Placet, model: Receiver):
    change = keyed.submit(texts.prompt(version="1.1.0", text="Say less."))

    answer = answered(keyed, params={"change": change["id"]})

    assert asked(model)[0]["messages"][0]["content"] == "Say less.\n"
    assert answer["prompt_version"] == "1.1.0"


def test_values_are_put_in_their_places(keyed: Placet, model: Receiver):
    prompts = "prompts: {refunds: acme/refunds, greeting: acme/greeting}\n"
    changed = bot("2.0.0").replace("prompts: {refunds: acme/refunds}\n", prompts)
    keyed.live(texts.template(), changed)
    history = [{"role": "assistant", "content": "Hi."}]

    answered(keyed, prompt="greeting", values={"customer": "Ada", "history": history})

    assert asked(model)[0]["messages"] == [
        {"role": "user", "content": "Hello Ada!"},
        *history,
    ]


def test_values_that_do_not_fit_ask_nothing(keyed: Placet, model: Receiver):
    prompts = "prompts: {refunds: acme/refunds, greeting: acme/greeting}\n"
    changed = bot("2.0.0").replace("prompts: {refunds: acme/refunds}\n", prompts)
    keyed.live(texts.template(), changed)

    refused(keyed, 422, prompt="greeting")

    assert model.received == []


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"seq": 9}, 404),
        ({"change": 99}, 404),
        ({"change": 1}, 409),
        ({"change": 1, "seq": 1}, 422),
        ({"at": "2126-05-03T14:07:00Z"}, 409),
    ],
)
def test_what_never_was_is_not_asked(keyed: Placet, model: Receiver, params, status):
    refused(keyed, status, params=params)

    assert model.received == []


def test_a_change_of_another_environment_is_not_asked(keyed: Placet, model: Receiver):
    change = keyed.submit(texts.prompt("acme/other"), environment="staging")

    refused(keyed, 404, params={"change": change["id"]})

    assert model.received == []


@pytest.mark.parametrize(
    "more", [{"bot": "acme/gone"}, {"prompt": "gone"}, {"binding": "gone"}]
)
def test_what_the_bot_does_not_have_is_not_asked(keyed: Placet, more):
    refused(keyed, 404, **more)


def test_a_stopped_bot_asks_nothing(keyed: Placet, model: Receiver):
    body = {"bot": BOT, "reason": "It lied."}
    keyed.signed_in("operator").post(f"{HERE}/stops", json=body)

    assert "stopped" in refused(keyed, 409)
    assert model.received == []
    assert answered(keyed, params={"seq": 1})["text"] == "Hello."


def test_a_deleted_bot_asks_nothing(keyed: Placet):
    keyed.activate(keyed.submit(deleted=[f"bots/{BOT}"]))

    refused(keyed, 410)


def test_an_endpoint_that_is_not_listed_is_not_asked(keyed: Placet, model: Receiver):
    target = {"endpoint_ref": "somewhere"}
    keyed.live(bound.binding(version="2.0.0", target=target))

    answer = ask(keyed)

    assert answer.status_code == 409
    assert "somewhere" in answer.json()["detail"]
    assert "--model-keys" in answer.json()["hint"]
    assert model.received == []


def test_without_keys_it_says_so_before_and_when_asked(placet: Placet):
    placet.live(*DOCUMENTS)
    viewer = placet.signed_in("viewer")

    (before,) = viewer.get(ANSWERING, params={"bot": BOT}).json()["items"]

    assert before["why_not"] == "this registry has no keys of models"
    assert before["why_not"] == refused(placet, 409)


def test_it_is_told_beforehand_which_models_can_be_asked(keyed: Placet):
    other = bound.binding("acme/other", target={"endpoint_ref": "somewhere"})
    keyed.live(other, bot("2.0.0", main="acme/chat", spare="acme/other"))

    answer = keyed.signed_in("viewer").get(ANSWERING, params={"bot": BOT})

    told = {one["role"]: one["why_not"] for one in answer.json()["items"]}
    assert told["main"] is None
    assert "somewhere" in told["spare"]


@pytest.mark.parametrize("handle", ["viewer", "admin"])
def test_who_proposes_operates_and_agrees_to_nothing_asks_nothing(
    keyed: Placet, model: Receiver, handle: str
):
    refused(keyed, 403, handle=handle)

    assert model.received == []


@pytest.mark.parametrize("scope", [Scope.READ, Scope.SUBMIT, Scope.OPERATE])
def test_no_token_asks_a_model(keyed: Placet, model: Receiver, scope: Scope):
    answer = keyed.machine(scope).post(ANSWERS, json=question())

    assert answer.status_code == 403
    assert model.received == []


def test_whoever_asks_too_much_has_to_wait_and_nobody_else(keyed: Placet):
    for _ in range(10):
        answered(keyed)

    last = ask(keyed)

    assert last.status_code == 429
    assert last.headers["retry-after"] == "6"
    assert ask(keyed, handle="operator").status_code == 200
    keyed.clock.forward(seconds=6)
    assert ask(keyed).status_code == 200


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (302, "not followed"),
        (401, "key"),
        (404, "no such model"),
        (429, "too much"),
        (400, "refuses"),
        (500, "fault"),
        (599, "fault"),
    ],
)
def test_a_refusal_of_the_platform_is_told_in_our_words(
    keyed: Placet, model: Receiver, status: int, words: str
):
    said = {"error": {"message": f"Incorrect API key provided: {KEY}"}}
    model.answer = saying(said, status=status, Location="http://127.0.0.1:9/")

    answer = ask(keyed)

    assert answer.status_code == 503
    assert words in answer.json()["detail"]
    assert KEY not in answer.text
    assert len(model.received) == 1


@pytest.mark.parametrize(
    "said",
    [
        b"<html>Welcome</html>",
        b"",
        b"[" * 100_000,
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": 1}}]}',
        b"\xff\xfe",
        b'"choices"',
    ],
)
def test_what_is_no_completion_is_told_so(keyed: Placet, model: Receiver, said: bytes):
    model.answer = saying(said)

    assert "no chat completion" in refused(keyed, 503)


def test_a_huge_answer_is_not_read_to_its_end(keyed: Placet, model: Receiver):
    model.answer = saying(b" " * (MAX_ANSWER_BYTES + 1))

    assert "longer than" in refused(keyed, 503)


def test_an_answer_that_announces_more_than_there_is_memory_is_no_fault(
    keyed: Placet, model: Receiver
):
    model.answer = saying(b"{}", Content_Length=str(10**15))

    refused(keyed, 503)


@pytest.mark.slow
def test_a_slow_model_is_waited_for_as_long_as_the_binding_says(
    keyed: Placet, model: Receiver
):
    keyed.live(bound.binding(version="1.1.0", limits={"timeout_s": 0.2}))

    def slowly(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(20):
            request.wfile.write(b"X-More: yes\r\n")
            time.sleep(0.1)

    model.answer = slowly

    assert "in time" in refused(keyed, 503)


def test_a_model_that_is_not_there_is_told_so(keyed: Placet):
    file = json.dumps({"openai": {"url": "http://127.0.0.1:9/v1"}})
    models = Models(parse_endpoints(file.encode(), {}))
    document = json.loads(bound.binding())

    with pytest.raises(Exception, match="did not answer"):
        models.ask(document, [], None)


def test_another_model_than_was_agreed_to_is_seen(keyed: Placet, model: Receiver):
    model.answer = saying(completion(model="gpt-9"))

    answer = answered(keyed)

    assert (answer["model"], answer["expected_model"]) == ("gpt-9", bound.MODEL)


def test_an_answer_without_words_is_empty(keyed: Placet, model: Receiver):
    wants_a_tool = {"message": {"content": None}, "finish_reason": "tool_calls"}
    model.answer = saying(completion(choices=[wants_a_tool], usage=None, model=None))

    answer = answered(keyed)

    assert (answer["text"], answer["finish_reason"]) == ("", "tool_calls")
    assert (answer["input_tokens"], answer["model"]) == (None, None)


def test_nothing_of_a_question_is_kept(keyed: Placet):
    before = keyed.parts.opened.writer.state

    answered(keyed)

    assert keyed.parts.opened.writer.state is before
