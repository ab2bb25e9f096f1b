"""The rules at the top of `registry/chat_completions.py`."""

import json

import pytest

from registry.chat_completions import parse_completion, request_of
from registry.errors import Unavailable
from registry.names import Kind
from registry.schemas import read

MESSAGES = [{"role": "user", "content": "Hello"}]


def sent(output: dict[str, object] | None = None, **binding: object):
    wanted = {"platform": "openai_compatible", "model": "m-1", **binding}
    request = request_of(wanted, MESSAGES, output)  # type: ignore[arg-type]
    return json.loads(request.body), request.left_out


def test_a_request_says_the_model_and_the_messages():
    assert sent() == ({"model": "m-1", "messages": MESSAGES}, ())


def test_a_deployment_is_what_is_called_a_model_on_azure():
    body, _ = sent(platform="azure_openai", target={"deployment": "chat-prod"})

    assert body["model"] == "chat-prod"


@pytest.mark.parametrize(
    ("platform", "name"),
    [
        ("openai", "max_completion_tokens"),
        ("azure_openai", "max_completion_tokens"),
        ("openai_compatible", "max_tokens"),
        ("mistral", "max_tokens"),
    ],
)
def test_the_limit_of_an_answer_is_called_as_the_platform_calls_it(platform, name):
    body, _ = sent(platform=platform, parameters={"max_output_tokens": 80})

    assert body[name] == 80
    assert "max_output_tokens" not in body


def test_what_has_no_use_without_a_program_is_left_out_and_told():
    parameters = {"temperature": 0.5, "candidates": 3, "tool_choice": "auto"}

    body, left_out = sent(parameters=parameters)

    assert {*body} == {"model", "messages", "temperature"}
    assert left_out == ("candidates", "tool_choice")


def test_a_schema_of_the_answer_is_sent_where_the_prompt_has_one():
    parameters = {"response_format": "json_schema"}
    output = {"type": "object"}

    body, left_out = sent(output, parameters=parameters)

    wanted = {"name": "answer", "schema": output}
    assert body["response_format"] == {"type": "json_schema", "json_schema": wanted}
    assert left_out == ()
    assert sent(parameters=parameters)[1] == ("response_format",)


@pytest.mark.parametrize(
    ("format_", "said"), [("text", None), ("json_object", {"type": "json_object"})]
)
def test_the_form_of_an_answer_is_asked_for(format_, said):
    body, left_out = sent(parameters={"response_format": format_})

    assert body.get("response_format") == said
    assert left_out == ()


def test_every_parameter_that_a_binding_can_have_is_sent_or_told():
    binding = json.loads(read(Kind.BINDING))["properties"]
    names = binding["parameters"]["properties"]

    for name in names:
        body, left_out = sent(parameters={name: "x"})
        assert (len(body) > 2) != (left_out == (name,)), name


def test_of_an_answer_what_is_shown_is_read():
    said = {
        "model": "m-1",
        "choices": [{"message": {"content": "Hi"}, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2},
        "whatever": [1, 2],
    }

    found = parse_completion(200, json.dumps(said).encode())

    assert (found.text, found.model, found.finish_reason) == ("Hi", "m-1", "length")
    assert (found.input_tokens, found.output_tokens) == (1, 2)


@pytest.mark.parametrize("status", [100, 204, 301, 400, 401, 418, 500, 777])
def test_a_refusal_is_told_by_its_number_and_not_by_its_words(status: int):
    with pytest.raises(Unavailable, match=str(status)) as refusal:
        parse_completion(status, b'{"error": {"message": "secret"}}')

    assert "secret" not in str(refusal.value)
