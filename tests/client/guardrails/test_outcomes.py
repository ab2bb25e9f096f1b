"""What comes of several rules at once."""

import pytest

import placet
from placet.guardrails import Action, Guardrails, open_guardrail
from tests.client.guardrails.ruling import body, guardrail, keyword, regex, rule, run

TOO_LONG = "x" * 262_145


def test_a_text_without_hits_is_allowed_as_it_is():
    outcome = guardrail(rule(keyword("cat"))).check("output", "a dog\ud800\0")

    assert (outcome.action, outcome.allowed) == (Action.ALLOW, True)
    assert (outcome.text, outcome.findings) == ("a dog\ud800\0", ())


@pytest.mark.parametrize(
    ("actions", "strictest", "allowed"),
    [
        (["flag"], "flag", True),
        (["redact", "flag"], "redact", True),
        (["flag", "escalate", "redact"], "escalate", False),
        (["block", "escalate", "redact", "flag"], "block", False),
    ],
)
def test_the_strictest_action_counts(actions, strictest, allowed):
    rules = [rule(keyword("cat"), a, id=f"r{n}") for n, a in enumerate(actions)]

    outcome = guardrail(*rules).check("output", "a cat")

    assert (outcome.action, outcome.allowed) == (strictest, allowed)
    assert [hit.action for hit in outcome.findings] == actions


def test_a_finding_says_everything_but_the_text():
    (hit,) = guardrail(rule(keyword("cat"))).check("output", "a cat").findings

    assert (hit.guardrail, hit.rule, hit.stage) == ("acme-air/rules", "it", "output")
    assert (hit.severity, hit.span, hit.error) == ("high", (2, 5), None)
    assert hit.message == "It must not be said."


def test_rules_look_only_at_their_stages():
    rules = guardrail(rule(keyword("cat"), stage=["input", "tool_result"]))

    acted = {
        stage: rules.check(stage, "a cat").action
        for stage in ("input", "output", "retrieval", "tool_call", "tool_result")
    }

    assert [stage for stage in acted if acted[stage] == "block"] == [
        "input",
        "tool_result",
    ]


def test_what_redact_rules_find_is_replaced_overlapping_spans_as_one():
    rules = guardrail(
        rule(keyword("york city"), "redact", id="city", redact={"replacement": "<c>"}),
        rule(keyword("new york"), "redact", id="state"),
        rule(regex("[0-9]+"), "redact", id="digits", redact={"replacement": ""}),
        rule(keyword("in"), "flag", id="flagged"),
    )

    outcome = rules.check("output", "é in new york city 123, york city 4")

    assert outcome.text == "é in [state] , <c> "


def test_a_replacement_is_no_pattern_and_only_the_id_is_put_in():
    rules = guardrail(
        rule(keyword("cat"), "redact", redact={"replacement": r"\1 {id} {x} {{id}} %s"})
    )

    assert rules.check("output", "cat").text == r"\1 it {x} {it} %s"


def test_a_redact_rule_about_the_whole_text_replaces_all_of_it():
    rules = guardrail(rule({"type": "length", "unit": "chars", "max": 3}, "redact"))

    assert rules.check("output", "four").text == "[it]"
    assert rules.check("output", "fou").text == "fou"


@pytest.mark.parametrize(
    ("more", "action"), [({}, "block"), ({"on_error": "allow"}, "allow")]
)
def test_a_rule_that_cannot_be_decided_blocks_unless_it_says_otherwise(more, action):
    outcome = guardrail(rule(keyword("x"), "flag", **more)).check("output", TOO_LONG)

    (hit,) = outcome.findings
    assert (outcome.action, hit.action) == (action, action)
    assert hit.error == "the text has 262,145 characters, at most 262,144 are checked"


def test_the_longest_text_is_checked_to_its_end():
    text = "é" * 262_140 + " cat"

    assert guardrail(rule(keyword("cat"))).check("output", text).action == "block"


PRESIDIO = {"type": "external", "engine": "presidio", "config": {"entities": ["P"]}}
UNKNOWN = {"type": "external", "engine": "none"}
CAT, DOG = keyword("cat"), keyword("dog")


class TestExternal:
    def outcome(self, run, **more):
        rules = guardrail(rule(PRESIDIO, "redact", **more))
        engines = {"presidio": run} if run else None
        return rules.check("output", "I am Ada.", external=engines)

    def test_an_engine_is_given_the_text_and_its_configuration(self):
        asked = []
        self.outcome(lambda *given: asked.append(given) or False)

        assert asked == [("I am Ada.", {"entities": ["P"]})]

    def test_its_spans_are_what_is_found(self):
        outcome = self.outcome(lambda text, config: iter([(5, 8)]))

        assert (outcome.action, outcome.text) == ("redact", "I am [it].")

    def test_true_means_the_whole_text(self):
        assert self.outcome(lambda text, config: True).text == "[it]"
        assert self.outcome(lambda text, config: False).action == "allow"
        assert self.outcome(lambda text, config: ()).action == "allow"

    @pytest.mark.parametrize(
        "broken",
        [
            None,
            lambda text, config: 1 / 0,
            lambda text, config: None,
            lambda text, config: [(0, 100)],
            lambda text, config: [(-1, 2)],
            lambda text, config: [(3, 3)],
            lambda text, config: [(0, True)],
            lambda text, config: [5],
            lambda text: (),
        ],
    )
    def test_an_engine_that_fails_or_is_missing_is_an_error(self, broken):
        blocked = self.outcome(broken)
        passed = self.outcome(broken, on_error="allow")

        assert (blocked.action, blocked.text) == ("block", "I am Ada.")
        assert passed.action == "allow"
        assert "presidio" in passed.findings[0].error

    def test_an_engine_cannot_change_what_was_agreed(self):
        def run(text, config):
            config["entities"].clear()
            return False

        rules = guardrail(rule(PRESIDIO))
        rules.check("output", "x", external={"presidio": run})

        assert rules.document["rules"][0]["check"] == PRESIDIO


class TestSeveralChecks:
    def both(self, kind, *checks, text="a cat"):
        return run({"type": kind, "checks": list(checks)}, text)

    def test_one_of_any_is_enough(self):
        assert self.both("any_of", DOG, CAT).spans == ((2, 5),)
        assert not self.both("any_of", DOG, DOG).triggered

    def test_all_have_to_trigger(self):
        assert not self.both("all_of", DOG, CAT).triggered
        both = self.both("all_of", DOG, CAT, text="cat dog")
        assert both.spans == ((0, 3), (4, 7))

    def test_they_can_stand_in_each_other_once(self):
        inner = {"type": "any_of", "checks": [DOG, CAT]}
        middle = {"type": "all_of", "checks": [inner, CAT]}

        assert self.both("all_of", inner, CAT).triggered
        with pytest.raises(placet.BadAnswer, match="too deep"):
            self.both("any_of", middle, CAT)

    @pytest.mark.parametrize("turned", [False, True])
    def test_what_cannot_be_decided_matters_only_if_the_rest_does_not_decide(
        self, turned
    ):
        def both(kind, check):
            pair = (check, UNKNOWN)
            return self.both(kind, *(reversed(pair) if turned else pair))

        assert both("any_of", CAT).triggered
        assert both("any_of", DOG).error is not None
        assert both("all_of", CAT).error is not None
        missed = both("all_of", DOG)
        assert (missed.triggered, missed.error) == (False, None)


class TestSeveralGuardrails:
    def test_all_of_them_look_at_the_same_text(self):
        one = guardrail(rule(keyword("new york"), "redact", id="one"))
        two = guardrail(rule(keyword("york city"), "escalate", id="two"))

        outcome = Guardrails({"a": one, "b": two}).check("output", "new york city")

        assert (outcome.action, outcome.text) == ("escalate", "[one] city")
        assert [hit.rule for hit in outcome.findings] == ["one", "two"]

    def test_none_of_them_allow_everything(self):
        assert Guardrails({}).check("input", "x").allowed


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (("outptu", "x"), ValueError),
        (("output",), ValueError),
        (("output", 5), TypeError),
        (("output", b"x"), TypeError),
    ],
)
def test_a_mistake_of_the_caller_is_raised_and_not_allowed(given, error):
    with pytest.raises(error):
        guardrail(rule(keyword("cat"), "flag", on_error="allow")).check(*given)


@pytest.mark.parametrize(
    "change",
    [
        {"action": "warn"},
        {"severity": "urgent"},
        {"on_error": "retry"},
        {"stage": ["outptu"]},
        {"mode": "shadow"},
        {"redact": {"replacement": "x", "with": "y"}},
        {"check": {"type": "regexp", "pattern": "x"}},
        {"check": regex("x", flags="i")},
        {"check": keyword("x", unles=["y"])},
        {"check": keyword("x", near={"terms": ["y"], "within": 5, "before": True})},
        {"check": {"type": "length", "unit": "tokens", "max": 5}},
        {"check": {"type": "external", "engine": "x", "deterministic": True}},
        {"check": {"type": "pii", "entities": ["EMAIL_ADDRESS"], "strict": True}},
    ],
)
def test_what_this_version_does_not_know_is_refused_and_not_passed_over(change):
    with pytest.raises(placet.Unsupported):
        guardrail({**rule(keyword("x")), **change})


@pytest.mark.parametrize(
    "change",
    [
        {"stage": []},
        {"stage": "output"},
        {"check": "regex"},
        {"check": {"pattern": "x"}},
        {"check": regex("(?=x)")},
        {"check": regex("x" * 2_001)},
        {"check": regex("\ud800")},
        {"check": keyword()},
        {"check": keyword(5)},
        {"check": {"type": "length", "unit": "chars"}},
        {"check": {"type": "length", "unit": "chars", "max": True}},
        {"check": {"type": "any_of", "checks": []}},
        {"check": {"type": "any_of", "checks": ["x"]}},
        {"check": keyword("x", case_sensitive="no")},
        {"id": None},
    ],
)
def test_what_is_not_as_promised_is_refused(change):
    with pytest.raises(placet.BadAnswer) as refused:
        guardrail({**rule(keyword("x")), **change})

    assert "(?=x)" not in str(refused.value)


@pytest.mark.parametrize(
    "change", [{"kind": "prompt"}, {"rules": []}, {"rules": None}, {"digest": "x"}]
)
def test_what_is_no_guardrail_is_refused(change):
    with pytest.raises(placet.BadAnswer):
        open_guardrail({**body(rule(keyword("x"))), **change})
