"""The rules at the top of `registry/guardrail_cases.py`."""

import re
import time

import pytest
import yaml

from registry.checks import check as check_documents
from registry.documents import Document, dump, parse
from registry.errors import NotFound
from registry.mistakes import Finding
from registry.names import Ref
from registry.values import Json
from tests.test_guardrails import CHECKS, DETECTORS, PAGE, Value, check, guardrail, rule


def document(check: Value, *cases: Value, **more: Json) -> Document:
    """A guardrail of one rule, with *cases* and those that it cannot do without."""
    one = rule(check, **more)
    return parse(
        dump(
            guardrail(
                one,
                cases=[
                    {"rule": one["id"], "stage": one["stage"][0], **case}
                    for case in cases
                ],
            )
        )
    )


def no_other(ref: Ref) -> Document:
    raise NotFound(f"{ref} does not exist")


def findings(document: Document) -> list[Finding]:
    return [
        finding for _, finding in check_documents({document.ref: document}, no_other)
    ]


def only(document: Document) -> Finding:
    (finding,) = findings(document)
    return finding


def triggers(text: str, **more: Json) -> Value:
    return {"text": text, "expect": "trigger", **more}


def passes(text: str) -> Value:
    return {"text": text, "expect": "pass"}


def call(arguments: Value, expect: str) -> Value:
    return {"tool_call": {"name": "refund", "arguments": arguments}, "expect": expect}


KEY = check("regex")


@pytest.mark.parametrize(
    ("check", "cases"),
    [
        (KEY, [triggers("use AKIAABCDEFGHIJKLMNOP", spans=[[4, 24]]), passes("AKIA")]),
        (
            check("keyword", unless=["no guaranteed refund"]),
            [triggers("A guaranteed refund!"), passes("No guaranteed refund.")],
        ),
        (
            check("pii", entities=["CREDIT_CARD"]),
            [triggers("4111 1111 1111 1111"), passes("4111 1111 1111 1112")],
        ),
        (
            check("secret", detectors=["aws_access_key"]),
            [triggers("AKIAABCDEFGHIJKLMNOP"), passes("hello")],
        ),
        (check("length", max=3), [triggers("abcd"), passes("abc")]),
        (check("json_schema"), [triggers("[1]"), triggers("{"), passes('{"a": 1}')]),
        (
            check("url_allowlist"),
            [triggers("see https://acme.evil"), passes("see https://acme.example/a")],
        ),
        (check("hidden_text"), [triggers("a\u202eb"), passes("a b")]),
        (
            check("tool_call", args={"amount": "[0-9]{3,}"}),
            [call({"amount": 900}, "trigger"), call({"amount": 9}, "pass")],
        ),
        (
            check("any_of", checks=[KEY, check("length", max=9)]),
            [triggers("ten letters"), passes("nine")],
        ),
        (
            check("all_of", checks=[KEY, check("length", max=9)]),
            [triggers("use AKIAABCDEFGHIJKLMNOP"), passes("nine")],
        ),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_cases_that_come_out_as_they_say_have_no_findings(
    check: Value, cases: list[Value]
) -> None:
    assert findings(document(check, *cases)) == []


def test_languages_are_told_apart_if_the_text_is_long_enough() -> None:
    english = "This is a sentence that is long enough to be told as English."
    dutch = "Dit is een zin die lang genoeg is om als Nederlands herkend te worden."

    told = document(check("language"), triggers(dutch), passes(english), passes("ok"))

    assert findings(told) == []


def test_a_case_that_does_not_trigger_is_told_with_its_text() -> None:
    finding = only(document(KEY, triggers("use AKIA"), passes("a")))

    assert finding.message == 'the rule the-rule does not trigger on "use AKIA"'
    assert finding.where == "/cases/0/expect"
    assert finding.line > 0


def test_a_case_that_triggers_and_should_not_is_told_with_what_was_found() -> None:
    finding = only(
        document(
            check("keyword"),
            triggers("guaranteed refund"),
            passes("No guaranteed refund."),
        )
    )

    assert finding.message == (
        'the rule the-rule triggers on "No guaranteed refund.": '
        'it finds "guaranteed refund" at 3'
    )


def test_spans_that_differ_are_told_as_they_should_be_written() -> None:
    finding = only(
        document(
            KEY, triggers("use AKIAABCDEFGHIJKLMNOP", spans=[[4, 23]]), passes("a")
        )
    )

    assert "finds [[4, 24]] in" in finding.message
    assert finding.where == "/cases/0/spans"


def test_spans_are_counted_in_characters_and_not_in_bytes() -> None:
    text = "é\U0001f600 AKIAABCDEFGHIJKLMNOP"

    assert findings(document(KEY, triggers(text, spans=[[3, 23]]), passes("a"))) == []


@pytest.mark.parametrize("pattern", [r"[0-9]{4}\d", r"\bécole\b", r"\wcole"])
def test_classes_that_are_ascii_in_re2_are_told_to_be(pattern: str) -> None:
    finding = only(
        document(
            check("regex", pattern=pattern), triggers("1234٣ école née"), passes("a")
        )
    )

    assert "In RE2 \\d, \\w and \\b are ASCII" in finding.hint


def test_a_line_end_that_re2_sees_is_told() -> None:
    finding = only(
        document(check("regex", pattern="end$"), triggers("end\n"), passes("a"))
    )

    assert "very end of the text" in finding.hint


def test_a_case_that_differs_in_case_alone_is_told_how_to_mend_it() -> None:
    finding = only(document(KEY, triggers("akiaabcdefghijklmnop"), passes("a")))

    assert finding.hint == "It would with case_sensitive: false."


def test_a_call_that_does_not_trigger_is_told_with_its_arguments() -> None:
    finding = only(
        document(
            check("tool_call", args={"amount": "9"}),
            call({"amount": 900}, "trigger"),
            call({"amount": 1}, "pass"),
        )
    )

    assert finding.message == (
        'the rule the-rule does not trigger on the call "refund {\\"amount\\": 900}"'
    )


def test_a_region_without_phones_is_told() -> None:
    phone = check("pii", entities=["PHONE_NUMBER"], regions=["ZZ"])

    told = findings(document(phone, triggers("020 7946 0018"), passes("a")))

    assert "there is no numbering plan for the region 'ZZ'" in told[0].message


def test_a_language_that_is_not_known_is_told() -> None:
    told = findings(
        document(check("language", allowed=["zz"]), triggers("a"), passes("b"))
    )

    assert "zz" in told[0].message


def test_cases_of_an_engine_that_is_elsewhere_are_not_run() -> None:
    person = check("external")
    both = check("all_of", checks=[check("regex"), person])

    assert findings(document(person, triggers("anything"), passes("anything"))) == []
    assert findings(document(both, triggers("anything"), passes("anything"))) == []


def test_a_rule_is_run_at_the_stage_of_the_case() -> None:
    value = guardrail(rule(KEY, stage=["output", "tool_call"]))
    case: Value = {"rule": "the-rule", "expect": "trigger"}
    arguments: Value = {"note": "AKIAABCDEFGHIJKLMNOP"}
    value["cases"] = [
        {**case, "stage": "output", "text": "AKIAABCDEFGHIJKLMNOP"},
        {
            **case,
            "stage": "tool_call",
            "tool_call": {"name": "a", "arguments": arguments},
        },
        {**case, "stage": "output", "text": "a", "expect": "pass"},
    ]

    assert findings(parse(dump(value))) == []


EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_the_document_on_the_page_is_right_and_its_cases_come_out() -> None:
    assert findings(parse(EXAMPLES[0].encode())) == []


@pytest.mark.parametrize("line", EXAMPLES[1].splitlines())
def test_every_check_on_the_page_can_be_run(line: str) -> None:
    shown = yaml.safe_load(line)["check"]
    passing = call({}, "pass") if shown["type"] == "tool_call" else passes("{}")

    one = document(shown, passing, {**passing, "expect": "trigger"})

    assert all("cannot be run" not in told.message for told in findings(one))


def test_every_type_of_check_has_an_example_on_the_page() -> None:
    shown = {yaml.safe_load(line)["check"]["type"] for line in EXAMPLES[1].splitlines()}

    assert shown == set(CHECKS) - {"all_of"}


HOSTILE = [
    (check("regex", pattern="^(a+)+$"), ["a" * 20_000 + "b"] * 10),
    (check("regex", pattern="a(.*b)?"), ["a" * 100_000, "a" * 100_000]),
    (check("regex", pattern="(a|a?)+b"), ["a" * 240_000]),
    (
        check("regex", pattern="(?:[ab]?[ab]){499}c"),
        ["ab" * 100 * n for n in range(40)],
    ),
    (check("regex", pattern="a(?:[ab]?[ab]){400}c"), ["ab" * 50_000, "ba" * 50_000]),
    (check("regex", pattern="(?:\\pL\\pN?){30}x"), ["é" * 100_000]),
    (check("keyword", terms=["a" * n for n in range(1, 200)]), ["a" * 200_000]),
    (
        check("keyword", match="substring", near={"terms": ["b"], "within": 1000})
        | {"terms": ["a"]},
        ["a b " * 50_000],
    ),
    (
        check("pii", entities=["PHONE_NUMBER", "CREDIT_CARD", "EMAIL_ADDRESS", "URL"]),
        ["1" * 70_000, "1 " * 30_000, "a@" * 30_000, "http://" * 8_000],
    ),
    (check("secret", detectors=list(DETECTORS)), ["AKIA" * 30_000, "eyJ." * 30_000]),
    (check("url_allowlist"), ["http://a.b" * 20_000]),
    (
        check("json_schema", schema={"type": "array", "uniqueItems": True}),
        ["[" * 100_000, "[" + "[1]," * 40_000 + "1]"],
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("check", "hostile"), HOSTILE, ids=lambda v: str(v)[:60])
def test_hostile_cases_are_run_or_refused_before_long(
    check: Value, hostile: list[str]
) -> None:
    cases = [triggers("x"), *map(passes, hostile)]
    one = document(check, *cases)
    began = time.process_time()

    findings(one)

    assert time.process_time() - began < 20


@pytest.mark.slow
def test_cases_that_would_take_too_long_are_refused_and_not_tried() -> None:
    large = check("regex", pattern="(?:[ab]?[ab]){499}c")

    large["pattern"] = "c|" + large["pattern"] + "|" + large["pattern"] + "d"
    long = passes("a" * 120_000), passes("b" * 120_000)

    finding = only(document(large, triggers("c"), *long))

    assert finding.message == "running the cases would take too long"
    assert finding.where == "/cases/2"


# what is redacted with

KEY_ID = "AKIAABCDEFGHIJKLMNOP"
REDACTED = [triggers(KEY_ID), passes("a")]


def redacting(check: Value, replacement: str | None, **more: Json) -> Document:
    if replacement is not None:
        more["redact"] = {"replacement": replacement}
    cases = [{**each, "text": text} for each, text in zip(
        REDACTED, (f"secret {KEY_ID}", "a"), strict=True
    )]  # fmt: skip
    return document(check, *cases, action="redact", **more)


@pytest.mark.parametrize(
    ("searched", "replacement"),
    [
        (check("keyword", terms=["secret"]), "secret"),
        (check("keyword", terms=["secret"]), "[SECRET {id}]"),
        (check("regex"), KEY_ID),
        (check("regex", pattern="[a-z]{3}"), "[{id}]"),
        (check("any_of", checks=[check("regex"), check("pii")]), f"({KEY_ID})"),
    ],
)
def test_what_a_rule_finds_is_nothing_that_it_can_redact_with(
    searched: Value, replacement: str
) -> None:
    finding = only(redacting(searched, replacement))

    shown = replacement.replace("{id}", "the-rule")
    assert (
        finding.message == f'the rule the-rule finds "{shown}", which it redacts with'
    )
    assert finding.where == "/rules/0/redact/replacement"


def test_an_id_that_its_rule_finds_is_no_replacement_either() -> None:
    secret = check("keyword", terms=["secret"])
    cases = [triggers("secret"), passes("a")]

    finding = only(document(secret, *cases, id="secret", action="redact"))

    assert finding.where == "/rules/0"
    assert 'finds "[secret]"' in finding.message
    assert document(secret, *cases, id="secret")  # nothing is redacted


@pytest.mark.parametrize("replacement", ["", "[x]", "[{id}]", None])
def test_what_a_rule_does_not_find_is_something_to_redact_with(
    replacement: str | None,
) -> None:
    assert findings(redacting(check("regex"), replacement)) == []


def test_nothing_at_all_is_always_something_to_redact_with() -> None:
    hidden = check("all_of", checks=[check("regex", pattern="A*"), check("regex")])

    assert findings(redacting(hidden, "")) == []


def test_what_an_engine_elsewhere_finds_is_not_known_here() -> None:
    assert findings(redacting(check("external"), "secret")) == []


def test_replacements_that_would_take_too_long_are_refused_and_not_tried() -> None:
    long = rule(
        check("regex", pattern="(?:[a-z]{1,100}-){9}b"),
        action="redact",
        redact={"replacement": "{id}-" * 40},
    )
    rules = [{**long, "id": f"{'a' * 58}{number:03}"} for number in range(300)]
    value = guardrail(*rules)
    value["cases"] = [
        {"rule": each["id"], "stage": "output", **case}
        for each in rules
        for case in ({"text": "a-" * 9 + "b", "expect": "trigger"}, passes(""))
    ]

    start = time.process_time()
    found = findings(parse(dump(value)))

    assert time.process_time() - start < 10
    assert any("would take too long to try" in each.message for each in found)


def test_json_schemas_of_many_cases_take_two_seconds_at_most() -> None:
    """Each case alone may be tried; all of them together may not."""
    schema: Value = {"items": {"oneOf": [{"minimum": n} for n in range(12)]}}
    cases = [triggers(f"[{'1,' * 400}1]" + " " * n) for n in range(200)]
    one = document(check("json_schema", schema=schema), *cases, passes("[]"))
    began = time.process_time()

    messages = [told.message for told in findings(one)]

    assert messages == ["running the cases would take too long"]
    assert time.process_time() - began < 4
