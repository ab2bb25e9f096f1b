"""A `jinja` prompt with a glossary, over HTTP: submitted, read, rendered."""

import pytest

from registry.api.bearer import Scope
from tests.api.conftest import Placet

GLOSSARY = """\
kind: glossary
name: acme/fares
version: "1.0.0"
owner: product
description: Fares.
tier: low
terms:
  - term: flex
    definition: A fare with {{ braces }}.
    avoid: [cheap]
"""
PROMPT = """\
kind: prompt
name: acme/bags
version: "1.0.0"
owner: product
description: Lists bags.
tier: low
template: jinja
inputs:
  type: object
  additionalProperties: false
  required: [bags]
  properties:
    bags: {{type: array, items: {{type: string}}}}
messages:
  - role: user
    content: |
      {text}
      {{{{> glossaries/acme/fares }}}}
cases:
  - inputs: {{bags: [a, b]}}
    expect: {{contains: ["1a2b", "{{{{ braces }}}}"]}}
"""
LISTED = "{% for bag in bags %}{{ loop.index }}{{ bag }}{% endfor %}"
RENDER = "/v1/environments/development/prompts/acme/bags:render"


def test_a_jinja_prompt_is_rendered_with_its_glossary(placet: Placet):
    placet.live(GLOSSARY, PROMPT.format(text=LISTED))

    answer = placet.machine(Scope.READ).post(
        RENDER, json={"values": {"bags": ["{{ x }}", "b"]}}
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["messages"][0]["content"] == (
        "1{{ x }}2b\n- flex: A fare with {{ braces }}.\n  Do not say: cheap\n"
    )


def test_values_that_would_take_too_much_are_refused(placet: Placet):
    nested = "{% for a in bags %}" * 3 + "x" + "{% endfor %}" * 3
    placet.live(GLOSSARY, PROMPT.format(text=LISTED + nested))

    answer = placet.machine(Scope.READ).post(
        RENDER, json={"values": {"bags": ["a"] * 500}}
    )

    assert answer.status_code == 413
    assert "more steps" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ bag }}", "`bag` is not a declared input"),
        ("{% set x = bags %}", "there is no `set`"),
        ("{{ bags|join(' ') }}", "does not contain"),
    ],
)
def test_what_is_wrong_in_a_jinja_prompt_is_told_when_it_is_submitted(
    placet: Placet, text: str, said: str
):
    placet.live(GLOSSARY)

    answer = placet.signed_in("author").post(
        "/v1/changes",
        json={
            "environment": "development",
            "title": "Bags",
            "documents": [{"source": PROMPT.format(text=text)}],
        },
    )

    assert answer.status_code == 422
    assert said in answer.text
