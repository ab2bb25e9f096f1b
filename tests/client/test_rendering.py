"""Values in, messages out."""

import pytest

import placet

PROMPT = "acme-air/refunds"
HISTORY = [
    {"role": "user", "content": "Where is my bag?"},
    {"role": "assistant", "content": "In Oslo."},
]


@pytest.fixture
def put(registry, client):
    """Put a prompt with these messages and read it."""

    def prompt(messages, **more):
        registry.put_prompt(PROMPT, messages, **more)
        client.refresh()
        return client.prompt(PROMPT)

    return prompt


def test_values_come_into_their_places(put):
    prompt = put(
        [
            {"role": "system", "content": "You speak {{ language }}."},
            {"role": "user", "content": "{{ question }}"},
        ]
    )

    messages = prompt.render(language="Norwegian", question="When?")

    assert messages == [
        {"role": "system", "content": "You speak Norwegian."},
        {"role": "user", "content": "When?"},
    ]


def test_what_a_value_contains_is_never_a_template(put):
    prompt = put("{{ question }}")

    messages = prompt.render(question="{{ secret }}", secret="x")

    assert messages[0]["content"] == "{{ secret }}"


def test_a_prompt_without_a_template_is_literal(put):
    prompt = put("Write {{ name }} as it is.", template="none")

    assert prompt.render()[0]["content"] == "Write {{ name }} as it is."


def test_a_placeholder_takes_the_messages_given_by_its_name(put):
    prompt = put(
        [
            {"role": "system", "content": "Kindly."},
            {"placeholder": "history"},
            {"role": "user", "content": "{{ question }}"},
        ]
    )

    messages = prompt.render(question="When?", history=HISTORY)

    assert [message["content"] for message in messages] == [
        "Kindly.",
        "Where is my bag?",
        "In Oslo.",
        "When?",
    ]
    assert messages[1] is not HISTORY[0]


def test_what_a_model_adds_to_a_message_stays_in_it(put):
    prompt = put([{"placeholder": "history"}])
    called = {"role": "assistant", "content": "", "tool_calls": [{"id": "1"}]}

    assert prompt.render(history=[called]) == [called]


def test_a_missing_value_is_an_error_that_names_it(put):
    inputs = {
        "type": "object",
        "properties": {"question": {"type": "string"}},
        "required": ["question"],
    }
    prompt = put("{{ question }}", inputs=inputs)

    with pytest.raises(placet.MissingInput, match="question"):
        prompt.render()


def test_a_missing_history_is_an_error_that_names_it(put):
    prompt = put([{"placeholder": "history"}])

    with pytest.raises(placet.MissingInput, match="history"):
        prompt.render()


def test_a_default_stands_in_for_a_value_that_was_not_given(put):
    inputs = {
        "type": "object",
        "properties": {
            "tone": {"type": "string", "default": "kindly"},
            "history": {"type": "array", "default": []},
        },
        "required": [],
    }
    prompt = put(
        [{"placeholder": "history"}, {"role": "system", "content": "{{ tone }}"}],
        inputs=inputs,
    )

    by_default = prompt.render()
    given = prompt.render(tone="briefly", history=HISTORY[:1])

    assert by_default == [{"role": "system", "content": "kindly"}]
    assert given == [*HISTORY[:1], {"role": "system", "content": "briefly"}]


def test_a_value_that_nobody_asks_for_is_left_out(put):
    prompt = put("Hello.")

    assert prompt.render(question="?")[0]["content"] == "Hello."


def test_values_are_not_checked_against_their_schema(put):
    inputs = {"type": "object", "properties": {"days": {"type": "string"}}}
    prompt = put("{{ days }} days", inputs=inputs)

    assert prompt.render(days=14)[0]["content"] == "14 days"


@pytest.mark.parametrize("history", ["Where is my bag?", None, 1, ["text"], HISTORY[0]])
def test_a_placeholder_takes_nothing_but_messages(put, history):
    prompt = put([{"placeholder": "history"}])

    with pytest.raises(TypeError, match="history"):
        prompt.render(history=history)


def test_a_value_may_be_called_self(put):
    prompt = put("{{ self }}")

    assert prompt.render(self="me")[0]["content"] == "me"


def test_the_schema_of_the_answer_can_be_given_to_a_model(put):
    schema = {"type": "object", "properties": {"refund": {"type": "boolean"}}}

    assert put("Hello.", output=schema).output == schema
    assert put("Hello.").output is None
