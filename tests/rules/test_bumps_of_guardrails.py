"""What counts for guardrails: `registry/guardrail_bumps.py`."""

import pytest

from registry.bump_reasons import Bump
from registry.bumps import reasons
from registry.documents import Document, dump, parse


def make_guardrail(version: str = "1.0.0", *rules: dict, **parts) -> Document:
    rules = rules or (make_rule(),)
    cases = [
        {"rule": rule["id"], "stage": "output", "text": text, "expect": expect}
        for rule in rules
        for text, expect in (("I promise.", "trigger"), ("I do.", "pass"))
    ]
    value = {
        "kind": "guardrail",
        "name": "acme/no-promises",
        "version": version,
        "owner": "risk",
        "description": "No promises.",
        "tier": "low",
        "rules": list(rules),
        "cases": cases,
    }
    return parse(dump(value | parts))


def make_rule(name: str = "promise", **parts) -> dict:
    rule = {
        "id": name,
        "stage": ["output"],
        "check": {"type": "keyword", "terms": ["promise"]},
        "action": "flag",
        "severity": "high",
        "message": "A promise.",
    }
    return rule | parts


@pytest.mark.parametrize(
    ("before", "after", "bump"),
    [
        ([make_rule("a"), make_rule("b")], [make_rule("a")], Bump.MAJOR),
        ([make_rule(action="block")], [make_rule(action="flag")], Bump.MAJOR),
        ([make_rule(action="flag")], [make_rule(action="block")], Bump.MINOR),
        ([make_rule("a")], [make_rule("a"), make_rule("b")], Bump.MINOR),
        ([make_rule()], [make_rule(message="Do not promise.")], Bump.PATCH),
        ([make_rule()], [make_rule(title="Promises")], Bump.PATCH),
        (
            [make_rule("a"), make_rule("b")],
            [make_rule("b"), make_rule("a")],
            Bump.PATCH,
        ),
    ],
)
def test_a_difference_of_a_guardrail_asks_for_a_step(before, after, bump):
    found = reasons(make_guardrail("1.0.0", *before), make_guardrail("1.0.1", *after))

    assert found[0].bump is bump


def test_a_rule_that_catches_more_is_minor():
    wider = make_rule(check={"type": "keyword", "terms": ["promise", "guarantee"]})

    found = reasons(make_guardrail(), make_guardrail("1.1.0", wider))

    assert found[0].bump is Bump.MINOR


def test_another_case_is_a_patch():
    before = make_guardrail()
    case = {**before.value["cases"][0], "text": "We promise that."}

    found = reasons(
        before, make_guardrail("1.0.1", cases=[*before.value["cases"], case])
    )

    assert {one.bump for one in found} == {Bump.PATCH}


def test_the_sentence_names_the_rule_that_is_weaker():
    before = make_guardrail("1.0.0", make_rule("a", action="block"))

    (first, *_) = reasons(before, make_guardrail("2.0.0", make_rule("a")))

    assert "`a`" in first.sentence
