"""The rules at the top of `registry/guardrail_words.py`."""

import pytest

from registry.documents import Document, dump, parse
from registry.guardrail_words import Became, RuleDifference, in_words, rules_that_differ
from tests.test_guardrails import CHECKS, Value, check, guardrail, rule


def document(*rules: Value, **more: object) -> Document:
    return parse(dump(guardrail(*rules, **more)))


def only(before: Document | None, after: Document | None) -> RuleDifference:
    (found,) = rules_that_differ(before, after)
    return found


def test_a_rule_is_told_by_what_it_did_and_what_it_will_do():
    words = check("keyword", terms=["refund", "gratis"])
    before = document(rule(words, action="escalate", title="No promises"))
    after = document(rule(words, action="flag", title="No promises"))

    found = only(before, after)

    says = 'If what the bot answers says "refund", "gratis", '
    assert (found.rule, found.title) == ("the-rule", "No promises")
    assert found.became is Became.CHANGED
    assert found.before == f"{says}a person takes over. Severity high."
    assert found.after == f"{says}it is only noted, and goes on. Severity high."
    assert found.weaker == (
        "what it finds is only noted (flag), and went to a person (escalate)",
    )


def test_a_threshold_that_moves_is_told_in_numbers():
    short, long = (document(rule(check("length", max=n))) for n in (100, 5000))

    found = only(short, long)

    assert found.before
    assert "more than 100 characters" in found.before
    assert found.after
    assert "more than 5,000 characters" in found.after
    assert found.weaker


def test_a_rule_that_is_as_it_was_is_not_told():
    kept, added = rule(check("secret")), rule(check("hidden_text"), id="other")

    found = only(document(kept), document(kept, added))

    assert (found.rule, found.became, found.before) == ("other", Became.ADDED, None)
    assert found.weaker == ()


def test_what_protects_less_stands_first():
    kept = rule(check("secret"), id="kept")
    went = rule(check("regex"), id="went")
    came = rule(check("hidden_text"), id="came")

    found = rules_that_differ(
        document(kept, went), document(came, {**kept, "message": "Other words."})
    )

    assert [(one.rule, one.became) for one in found] == [
        ("went", Became.REMOVED),
        ("came", Became.ADDED),
        ("kept", Became.REWORDED),
    ]
    assert found[0].weaker == ("it is removed",)


def test_of_a_deleted_guardrail_every_rule_is_removed():
    found = only(document(rule(check("secret"))), None)

    assert (found.became, found.after) == (Became.REMOVED, None)
    assert found.weaker == ("it is removed",)


def test_a_rule_under_a_new_id_is_the_same_rule():
    before = document(rule(check("secret"), id="one"))
    after = document(rule(check("secret"), id="two"))

    found = only(before, after)

    assert found.became is Became.REWORDED
    assert found.before == found.after


def test_what_a_redaction_puts_there_is_told():
    told = in_words(rule(check("pii"), action="redact", id="numbers"))

    assert '"[numbers]" takes the place of what was found' in told


@pytest.mark.parametrize("kind", CHECKS)
def test_every_check_has_words(kind):
    told = in_words(rule(check(kind)))

    assert told.startswith("If what ")
    assert told.endswith(", it is held back. Severity high.")
