"""Running a live guardrail over HTTP, as a chatbot would."""

import pytest

from registry.api.bearer import Scope

HERE = "/v1/environments/development"
CHECK = f"{HERE}/guardrails/acme/rules:check"
RULES = """\
kind: guardrail
name: acme/rules
version: "1.2.0"
owner: risk
description: No cats, and no large refunds.
tier: low
rules:
  - id: animal
    stage: [input, output]
    check: {type: keyword, terms: [cat]}
    action: redact
    severity: low
    message: No cats.
  - id: refund
    stage: [tool_call]
    check: {type: tool_call, tools: [refund], decision: deny, args: {amount: '.{3,}'}}
    action: block
    severity: high
    message: Too much.
  - id: names
    stage: [retrieval]
    check: {type: external, engine: presidio}
    action: redact
    severity: low
    message: No names.
cases:
  - {rule: animal, stage: input, text: a cat, expect: trigger, spans: [[2, 5]]}
  - {rule: animal, stage: input, text: a dog, expect: pass}
  - rule: refund
    stage: tool_call
    tool_call: {name: refund, arguments: {amount: 900}}
    expect: trigger
  - rule: refund
    stage: tool_call
    tool_call: {name: refund, arguments: {amount: 90}}
    expect: pass
  - {rule: names, stage: retrieval, text: Ada, expect: trigger}
  - {rule: names, stage: retrieval, text: a dog, expect: pass}
"""


@pytest.fixture
def machine(placet):
    placet.live(RULES)
    return placet.machine(Scope.READ, environments=("development",))


def test_a_text_is_answered_with_what_a_chatbot_would_do(machine):
    answer = machine.post(CHECK, json={"stage": "output", "text": "é a cat"})

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told.pop("digest").startswith("sha256:")
    assert told == {
        "environment": "development",
        "seq": 1,
        "version": "1.2.0",
        "stage": "output",
        "action": "redact",
        "allowed": True,
        "text": "é a [animal]",
        "findings": [
            {
                "rule": "animal",
                "action": "redact",
                "severity": "low",
                "span": [4, 7],
                "message": "No cats.",
                "error": None,
            }
        ],
    }


def test_what_is_run_is_what_is_served(machine):
    served = machine.get(CHECK.removesuffix(":check"))

    checked = machine.post(CHECK, json={"stage": "input", "text": ""})

    assert checked.json()["digest"] == served.headers["Placet-Digest"]


@pytest.mark.parametrize(
    ("amount", "action"), [(90, "allow"), (900, "block"), ("9e", "allow")]
)
def test_a_call_of_a_tool_is_checked(machine, amount, action):
    call = {"name": "refund", "arguments": {"amount": amount}}

    answer = machine.post(CHECK, json={"stage": "tool_call", "tool_call": call})

    assert answer.json()["action"] == action


def test_an_engine_that_is_not_here_is_an_error_among_the_findings(machine):
    answer = machine.post(CHECK, json={"stage": "retrieval", "text": "Ada"})

    (hit,) = answer.json()["findings"]
    assert (answer.json()["allowed"], hit["action"]) == (False, "block")
    assert hit["error"] == "the chatbot has no engine 'presidio'"


def test_a_text_that_is_too_long_is_an_error_among_the_findings(machine):
    answer = machine.post(CHECK, json={"stage": "input", "text": "x" * 262_145})

    assert "at most 262,144 are checked" in answer.json()["findings"][0]["error"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"stage": "output"},
        {"stage": "outptu", "text": "x"},
        {"stage": "output", "text": 5},
        {"stage": "output", "text": "x", "external": {}},
        {"stage": "tool_call", "tool_call": {"arguments": {}}},
        {"stage": "tool_call", "tool_call": {"name": "x", "arguments": "{}"}},
    ],
)
def test_what_cannot_be_checked_is_refused_and_not_allowed(machine, body):
    answer = machine.post(CHECK, json=body)

    assert answer.status_code == 422
    assert answer.json()["hint"]


def test_half_a_surrogate_pair_is_no_text(machine):
    answer = machine.post(
        CHECK,
        content=b'{"stage": "output", "text": "\\ud800"}',
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 422


def test_a_body_has_an_end(machine):
    body = {"stage": "output", "text": "x" * 2**20}

    assert machine.post(CHECK, json=body).status_code == 413


def test_a_guardrail_that_is_not_live_is_not_found(machine):
    body = {"stage": "output", "text": "x"}

    assert machine.post(CHECK.replace("rules", "none"), json=body).status_code == 404


def test_a_token_for_a_bot_checks_with_no_single_guardrail(placet):
    placet.live(RULES)
    machine = placet.machine(Scope.READ, bots=("acme/support",))

    answer = machine.post(CHECK, json={"stage": "output", "text": "x"})

    assert answer.status_code == 403
