"""GitHub's .prompt.yml, Semantic Kernel, Jinja files, Markdown and plain text."""

import pytest

from registry.errors import Invalid
from registry.imports import Format
from tests.imports.tried import bring, said, told, value_of

PROMPT_YML = """\
name: Tried
description: What it is for
model: openai/gpt-4o
modelParameters: {temperature: 0.5}
messages:
  - role: system
    content: You are {{persona}}.
  - role: user
    content: "{{ input }} and {{ not a name }} and {{"
testData:
  - {persona: a pirate, input: hello, expected: ahoy}
evaluators:
  - {name: pirate, string: {contains: ahoy}}
"""


def test_messages_and_names_of_a_prompt_yml_are_read():
    made = bring(PROMPT_YML, Format.PROMPT_YML)

    assert value_of(made)["description"] == "What it is for"
    assert said(made, persona="Ann", input="Hi") == [
        ("system", "You are Ann."),
        ("user", "Hi and {{ not a name }} and {{"),
    ]


def test_test_data_become_cases_and_evaluators_are_told():
    made = bring(PROMPT_YML, Format.PROMPT_YML)

    assert value_of(made)["cases"] == [
        {
            "inputs": {"persona": "a pirate", "input": "hello"},
            "expect": {"contains": ["a pirate", "hello"]},
        }
    ]
    assert "evaluators: Evaluators judge what a model answers" in told(made)
    assert "modelParameters: The settings" in told(made)


def test_the_json_schema_of_an_answer_is_kept():
    schema = '{"name": "x", "schema": {"type": "object", "required": ["a"]}}'
    text = f"messages: [{{role: user, content: Hi}}]\njsonSchema: '{schema}'\n"

    made = bring(text, Format.PROMPT_YML)

    assert value_of(made)["output"] == {"type": "object", "required": ["a"]}


def test_a_message_that_is_not_text_is_refused():
    with pytest.raises(Invalid, match="message 1 is not text"):
        bring("messages: [{role: user, content: [{a: b}]}]", Format.PROMPT_YML)


def test_variables_of_semantic_kernel_are_inputs_whatever_their_case():
    made = bring("Tell {{$input}}: {{ $INPUT }}{{'!'}}", Format.SKPROMPT)

    assert said(made, input="Ann") == [("user", "Tell Ann: Ann!")]


def test_functions_of_semantic_kernel_become_inputs_and_are_told():
    made = bring("{{time.now}} {{recall $a}} {{recall $b}} {{$x}}", Format.SKPROMPT)

    values = {"result_of_time_now": "1", "result_of_recall": "2"}
    values |= {"result_of_recall_2": "3", "x": "4"}
    assert said(made, **values) == [("user", "1 2 3 4")]
    assert "{{time.now}}: It calls a function" in told(made)


@pytest.mark.parametrize("text", ["{{$a", "{{}}", "<message role='user'>a</message>"])
def test_what_semantic_kernel_reads_otherwise_is_refused(text):
    with pytest.raises(Invalid):
        bring(text, Format.SKPROMPT)


def test_a_jinja_file_is_split_where_somebody_speaks():
    made = bring("# system:\nBe kind.\n\n# user:\n{{q}}\n", Format.JINJA)

    assert said(made, q="Why?") == [("system", "Be kind."), ("user", "Why?")]


def test_a_jinja_file_without_roles_is_one_message_and_that_is_told():
    made = bring("{# a remark #}Hi {{name}}!\n", Format.JINJA)

    assert said(made, name="Ann") == [("system", "Hi Ann!")]
    assert "says no role" in told(made)


def test_turns_of_a_conversation_in_prompt_flow_become_a_placeholder():
    text = (
        "system:\nBe kind.\n{% for item in chat_history %}\nuser:\n"
        "{{item.inputs.question}}\nassistant:\n{{item.outputs.answer}}\n{% endfor %}\n"
        "user:\n{{question}}\n"
    )

    made = bring(text, Format.JINJA)

    assert said(made, question="Why?") == [
        ("system", "Be kind."),
        ("placeholder", "chat_history"),
        ("user", "Why?"),
    ]


def test_plain_text_is_one_message_of_the_system_and_literal():
    text = "# Haiku\n\nWrite {{ what }} {% if %} {# yes #} ${env:HOME}.\n"

    made = bring(text, Format.TEXT)

    assert value_of(made)["template"] == "none"
    assert value_of(made)["description"] == "Haiku"
    assert said(made) == [("system", text)]


def test_what_looks_like_an_include_of_ours_stays_text():
    text = "Write {{> fragments/acme/tone }} and {{{ x }}} {\n"

    made = bring(text, Format.TEXT)

    assert said(made) == [("system", text)]
