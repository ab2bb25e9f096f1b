"""What is live, in the format of another product: `?format=` on its address."""

import json

import pytest

from registry.api.bearer import Scope
from tests.api.texts import bot, prompt

HERE = "/v1/environments/development"
ADDRESS = f"{HERE}/guardrails/acme/keys"
GUARDRAIL = """\
kind: guardrail
name: acme/keys
version: "{version}"
owner: risk
description: No keys in answers.
tier: low
rules:
  - id: aws-key
    stage: [output]
    check: {{type: regex, pattern: '{pattern}'}}
    action: escalate
    severity: critical
    message: A credential was about to be disclosed.
cases:
  - {{rule: aws-key, stage: output, text: AKIAABCDEFGHIJKLMNOP, expect: trigger}}
  - {{rule: aws-key, stage: output, text: hello, expect: pass}}
"""


def guardrail(version: str = "1.0.0", pattern: str = "AKIA[0-9A-Z]{16}") -> str:
    return GUARDRAIL.format(version=version, pattern=pattern)


@pytest.fixture
def reader(placet):
    placet.live(guardrail())
    return placet.machine(Scope.READ, environments=("development",))


def test_an_export_is_answered_with_its_losses(reader):
    answer = reader.get(f"{ADDRESS}?format=nemo")

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["document"] == "guardrails/acme/keys"
    assert body["version"] == "1.0.0"
    assert body["media_type"] == "application/yaml"
    assert "AKIA[0-9A-Z]{16}" in body["text"]
    told = [loss["message"] for loss in body["losses"] if loss["rule"] == "aws-key"]
    assert told == [
        "NeMo Guardrails cannot ask a person; it is to stop a text instead."
    ]


def test_an_export_names_what_it_was_made_from(reader):
    plain = reader.get(ADDRESS)

    export = reader.get(f"{ADDRESS}?format=bedrock")

    assert export.json()["digest"] == plain.headers["placet-digest"]
    assert export.headers["placet-seq"] == plain.headers["placet-seq"]
    assert export.headers["etag"] != plain.headers["etag"]
    assert json.loads(export.json()["text"])["name"] == "acme-keys"


def test_an_export_that_the_client_has_is_not_sent_again(reader):
    etag = reader.get(f"{ADDRESS}?format=litellm").headers["etag"]

    again = reader.get(f"{ADDRESS}?format=litellm", headers={"If-None-Match": etag})

    assert again.status_code == 304


def test_the_past_is_exported_too(placet, reader):
    placet.live(guardrail("2.0.0", "[A-Z0-9]{20}"))

    then = reader.get(f"{ADDRESS}?format=nemo&seq=1").json()
    now = reader.get(f"{ADDRESS}?format=nemo").json()

    assert (then["version"], now["version"]) == ("1.0.0", "2.0.0")
    assert "AKIA" in then["text"]
    assert "AKIA" not in now["text"]


def test_an_unknown_format_is_refused_with_those_that_are(reader):
    answer = reader.get(f"{ADDRESS}?format=nemo2")

    assert answer.status_code == 422, answer.text
    assert "guardrails-ai" in answer.json()["hint"]


def test_what_no_rule_can_be_said_of_is_refused_with_the_reason(placet, reader):
    placet.live(guardrail("2.0.0", "^(A+)+|AKIA[0-9A-Z]{16}$"))

    answer = reader.get(f"{ADDRESS}?format=nemo")

    assert answer.status_code == 422
    assert "backtracks" in answer.json()["detail"]


def test_a_prompt_has_no_other_format(placet, reader):
    placet.live(bot(), prompt())

    answer = reader.get(f"{HERE}/prompts/acme/refunds?format=nemo")

    assert answer.status_code == 422
    assert "no other format for prompts" in answer.json()["detail"]


def test_a_token_reads_exports_only_where_it_reads(placet, reader):
    elsewhere = placet.machine(Scope.READ, environments=("production",))

    assert elsewhere.get(f"{ADDRESS}?format=nemo").status_code == 403
