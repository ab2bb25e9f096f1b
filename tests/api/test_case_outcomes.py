"""What a document's own cases come to, before a change and after it."""

import pytest

from tests.api import texts
from tests.api.conftest import JsonObject, Placet
from tests.api.test_guarding import RULES

CASES = """\
cases:
  - name: ada
    inputs: {customer: Ada}
    expect: {contains: [Ada]}
"""
GREETING = "prompts/acme/greeting"


def cases(placet: Placet, change: JsonObject, document: str):
    path = f"/v1/changes/{change['id']}/cases"
    return placet.signed_in("viewer").get(path, params={"document": document})


@pytest.fixture
def live(placet: Placet) -> Placet:
    placet.live(texts.template() + CASES)
    return placet


def test_a_case_is_rendered_before_and_after(live: Placet):
    after = texts.template(version="1.0.1").replace("Hello", "Good day")
    change = live.submit(after + CASES)

    (case,) = cases(live, change, GREETING).json()["cases"]

    assert case == {
        "name": "ada",
        "given": "customer: Ada\n",
        "inputs": {"customer": "Ada"},
        "before": "[user]\nHello Ada!",
        "after": "[user]\nGood day Ada!",
        "holds": True,
        "gone": False,
        "expected_before": "contains:\n  - Ada\n",
        "expected": "contains:\n  - Ada\n",
    }


def test_a_case_of_what_is_new_came_to_nothing_before(placet: Placet):
    change = placet.submit(texts.template() + CASES)

    (case,) = cases(placet, change, GREETING).json()["cases"]

    assert (case["before"], case["after"]) == (None, "[user]\nHello Ada!")


def test_a_case_that_the_text_has_no_more_is_told_as_gone(live: Placet):
    change = live.submit(texts.template(version="1.0.1"))

    (case,) = cases(live, change, GREETING).json()["cases"]

    assert (case["gone"], case["before"], case["after"]) == (
        True,
        "[user]\nHello Ada!",
        None,
    )


def test_a_guardrails_case_says_what_its_rule_does(placet: Placet):
    change = placet.submit(RULES)
    document = change["edits"][0]["document"]

    found = cases(placet, change, document).json()["cases"]

    assert {(one["after"], one["holds"]) for one in found} == {
        ("triggers", True),
        ("passes", True),
        ("cannot be tried here", None),
    }
    assert all(one["before"] is None for one in found)


def test_a_case_that_expects_nothing_any_more_is_told_so(live: Placet):
    emptied = CASES.replace("[Ada]", "[]")
    change = live.submit(texts.template(version="1.0.1") + emptied)

    (case,) = cases(live, change, GREETING).json()["cases"]

    assert case["holds"]
    assert (case["expected_before"], case["expected"]) == (
        "contains:\n  - Ada\n",
        "",
    )


def test_a_case_that_expects_something_else_says_what_it_expected(placet: Placet):
    placet.live(RULES)
    loosened = RULES.replace("[cat]", "[bird]").replace(
        "text: a cat, expect: trigger, spans: [[2, 5]]", "text: a cat, expect: pass"
    )
    more = "  - {rule: animal, stage: input, text: a bird, expect: trigger}\n"
    change = placet.submit(loosened.replace("1.2.0", "2.0.0") + more)

    found = cases(placet, change, "guardrails/acme/rules").json()["cases"]

    (case,) = (one for one in found if one["given"] == "a cat")
    assert (case["after"], case["holds"]) == ("passes", True)
    assert (case["expected_before"], case["expected"]) == ("triggers", "passes")


def test_a_case_of_one_rule_does_not_stand_for_that_of_another(placet: Placet):
    placet.live(RULES)
    moved = RULES.replace(
        "  - {rule: names, stage: retrieval, text: a dog, expect: pass}\n",
        "  - {rule: names, stage: retrieval, text: a cow, expect: pass}\n",
    )
    change = placet.submit(moved.replace("1.2.0", "2.0.0"))

    found = cases(placet, change, "guardrails/acme/rules").json()["cases"]

    gone = [(one["name"], one["given"]) for one in found if one["gone"]]
    assert gone == [("names", "a dog")]


def test_what_the_change_has_no_effect_on_has_no_cases_there(live: Placet):
    change = live.submit(texts.template(version="1.0.1") + CASES)

    answer = cases(live, change, "prompts/acme/other")

    assert answer.status_code == 404
    assert "no effect on" in answer.json()["detail"]
