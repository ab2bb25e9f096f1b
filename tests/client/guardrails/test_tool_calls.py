"""Which tools may be called, and with what."""

import pytest

from tests.client.guardrails.ruling import guardrail, keyword, rule, run


def check(decision, *tools, **args):
    made = {"type": "tool_call", "tools": list(tools), "decision": decision}
    return {**made, "args": args} if args else made


def call(name, **arguments):
    return {"name": name, "arguments": arguments}


def triggers(check, called):
    result = run(check, stage="tool_call", tool_call=called)
    assert result.error is None
    return result.triggered


@pytest.mark.parametrize(
    ("glob", "name", "fits"),
    [
        ("refund", "refund", True),
        ("refund", "refund_all", False),
        ("refund", "Refund", False),
        ("refund_*", "refund_all", True),
        ("*", "line\nend", True),
        ("r?fund", "rEfund", True),
        ("a.b", "axb", False),
        ("[ab]", "a", False),
        ("*a*a*a*a*a*b", "a" * 5_000, False),
    ],
)
def test_tools_are_named_with_stars_and_question_marks(glob, name, fits):
    assert triggers(check("deny", glob), call(name)) is fits
    assert triggers(check("allow", glob), call(name)) is not fits


def test_arguments_narrow_what_is_denied():
    denied = check("deny", "refund", amount="[0-9]{4,}")

    assert triggers(denied, call("refund", amount=1000))
    assert not triggers(denied, call("refund", amount=999))
    assert not triggers(denied, call("refund"))
    assert not triggers(denied, call("greet", amount=1000))


def test_arguments_narrow_what_is_allowed():
    allowed = check("allow", "refund", amount="[0-9]{1,2}", **{"to.country": "NL|DE"})

    assert not triggers(allowed, call("refund", amount=99, to={"country": "NL"}))
    assert triggers(allowed, call("refund", amount=100, to={"country": "NL"}))
    assert triggers(allowed, call("refund", amount=99))
    assert triggers(allowed, call("refund", amount=99, to="NL"))


@pytest.mark.parametrize(
    ("path", "pattern", "value"),
    [
        ("a", "x.*y", "x\ny"),
        ("a", "true", True),
        ("a", "null", None),
        ("a", "1\\.5", 1.5),
        ("a", '\\{"b": \\[1\\]\\}', {"b": [1]}),
        ("a.1.b", "x", [{}, {"b": "x"}]),
        ("a.*", "x", ["y", "x"]),
        ("a.*.b", "x", {"one": {"b": "x"}}),
        ("a", "x\ufffd", "x\ud800"),
    ],
)
def test_a_path_leads_to_an_argument(path, pattern, value):
    assert triggers(check("deny", "t", **{path: pattern}), call("t", a=value))


def test_of_several_arguments_one_is_enough_to_deny_and_all_are_needed_to_allow():
    mixed = call("mail", to=["a@acme.example", "b@evil.example"])

    assert triggers(check("deny", "mail", **{"to.*": ".*@evil.example"}), mixed)
    assert triggers(check("allow", "mail", **{"to.*": ".*@acme.example"}), mixed)
    assert triggers(check("allow", "mail", **{"to.*": ".*"}), call("mail", to=[]))


def test_several_kinds_of_calls_are_allowed_by_all_of():
    either = {
        "type": "all_of",
        "checks": [check("allow", "search_*"), check("allow", "refund", amount="..?")],
    }

    assert not triggers(either, call("search_flights"))
    assert not triggers(either, call("refund", amount=50))
    assert triggers(either, call("refund", amount=500))
    assert triggers(either, call("delete_booking"))


def test_text_without_a_call_is_an_error():
    assert run(check("deny", "*"), "text").error == "there is no tool call to check"


def test_a_pattern_cannot_close_what_is_put_around_it():
    with pytest.raises(Exception, match="RE2 does not take a pattern"):
        run(check("allow", "t", a="x)|(?:.*"), stage="tool_call", tool_call=call("t"))


def test_rules_about_texts_see_the_arguments_of_a_call():
    rules = guardrail(rule(keyword("secret plan"), stage="tool_call"))
    mail = call("mail", to="x@y.example", parts=[{"text": "the\nSECRET\nplan"}, 7])

    outcome = rules.check("tool_call", tool_call=mail)

    assert outcome.text.endswith("parts.0.text: the\nSECRET\nplan\nparts.1: 7")
    assert not outcome.allowed


def test_a_call_cannot_be_redacted_so_it_is_blocked():
    rules = guardrail(rule(keyword("secret"), "redact", stage=["tool_call", "output"]))

    blocked = rules.check("tool_call", tool_call=call("mail", text="a secret"))
    redacted = rules.check("output", "a secret")

    assert blocked.action == "block"
    assert (redacted.action, redacted.text) == ("redact", "a [it]")


@pytest.mark.parametrize("wrong", [{}, {"name": 1}, {"name": "x", "arguments": "{}"}])
def test_what_is_no_call_is_a_mistake_of_the_caller(wrong):
    with pytest.raises(TypeError, match="a tool call is"):
        run(check("deny", "*"), stage="tool_call", tool_call=wrong)


def test_arguments_without_end_are_an_error_and_no_crash():
    endless = {}
    endless["again"] = endless
    rules = guardrail(
        rule(keyword("x"), id="text", stage="tool_call"),
        rule(check("deny", "t", a="x"), id="call", stage="tool_call"),
        rule({"type": "json_schema", "schema": {}}, id="json", stage="tool_call"),
    )

    outcome = rules.check("tool_call", tool_call={"name": "t", "arguments": endless})

    assert [hit.rule for hit in outcome.findings] == ["text", "json"]
