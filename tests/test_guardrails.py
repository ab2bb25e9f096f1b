"""What a guardrail's document must say, and what it may."""

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placet.guardrails.hidden_text import CLASSES, DEFAULT_CLASSES
from placet.guardrails.pii import ENTITIES
from placet.guardrails.secrets import DETECTORS
from registry import schemas
from registry.checks import check as check_documents
from registry.documents import Document, dump, parse
from registry.errors import Invalid, InvalidDocument, NotFound
from registry.mistakes import Finding
from registry.names import Kind, Ref
from registry.values import Json

Value = dict[str, Json]

CHECKS: dict[str, Value] = {
    "regex": {"pattern": "AKIA[0-9A-Z]{16}"},
    "keyword": {"terms": ["guaranteed refund"]},
    "pii": {"entities": ["EMAIL_ADDRESS"]},
    "secret": {"detectors": [next(iter(DETECTORS))]},
    "length": {"unit": "chars", "max": 100},
    "json_schema": {"schema": {"type": "object"}},
    "url_allowlist": {"domains": ["acme.example"]},
    "language": {"allowed": ["en"]},
    "hidden_text": {},
    "tool_call": {"tools": ["refund*"], "decision": "deny"},
    "any_of": {"checks": [{"type": "hidden_text"}] * 2},
    "all_of": {"checks": [{"type": "hidden_text"}] * 2},
    "external": {"engine": "presidio"},
}
WHOLE: dict[str, Value] = {
    "regex": {"case_sensitive": False},
    "keyword": {
        "match": "substring",
        "case_sensitive": True,
        "unless": ["no guaranteed refund"],
        "near": {"terms": ["always"], "within": 5},
    },
    "pii": {
        "entities": ["PHONE_NUMBER"],
        "regions": ["GB", "US"],
        "require_checksum": False,
        "context_words": ["call"],
    },
    "secret": {"detectors": list(DETECTORS)},
    "length": {"unit": "words", "min": 1, "max": 1},
    "json_schema": {"extract": "fenced_block"},
    "url_allowlist": {
        "domains": ["acme.example", "acme.example:8443"],
        "schemes": ["https", "mailto"],
        "allow_subdomains": True,
    },
    "language": {"min_chars": 50, "undetermined": "trigger"},
    "hidden_text": {"classes": list(CLASSES)},
    "tool_call": {"decision": "allow", "args": {"order.total": "[0-9]+"}},
    "any_of": {"checks": [{"type": "hidden_text"}, {"type": "regex", "pattern": "a"}]},
    "all_of": {"checks": [{"type": "hidden_text"}, {"type": "regex", "pattern": "a"}]},
    "external": {"config": {"entities": ["PERSON"]}, "deterministic": False},
}


def rule(check: Value, **more: Json) -> Value:
    return {
        "id": "the-rule",
        "stage": ["tool_call" if check["type"] == "tool_call" else "output"],
        "check": check,
        "action": "block",
        "severity": "high",
        "message": "This must not happen.",
        **more,
    }


def cases_of(rule: Value) -> list[Json]:
    """A case that triggers and one that passes, as far as their form goes."""
    stage = rule["stage"][0]
    shows: Value = {"rule": rule["id"], "stage": stage}
    if stage == "tool_call":
        shows["tool_call"] = {"name": "refund", "arguments": {"amount": 900}}
    else:
        shows["text"] = "Some text."
    return [{**shows, "expect": "trigger"}, {**shows, "expect": "pass"}]


def guardrail(*rules: Value, **more: Json) -> Value:
    return {
        "kind": "guardrail",
        "name": "acme-air/no-promises",
        "version": "1.0.0",
        "owner": "risk",
        "description": "Nothing is promised.",
        "rules": list(rules),
        "cases": [case for each in rules for case in cases_of(each)],
        **more,
    }


def check(kind: str, **more: Json) -> Value:
    return {"type": kind, **CHECKS[kind], **more}


def findings(value: Value) -> tuple[Finding, ...]:
    """What is wrong with *value*; something must be."""
    with pytest.raises(InvalidDocument) as refused:
        parse(dump(value))
    return refused.value.findings


def only(value: Value) -> Finding:
    (finding,) = findings(value)
    return finding


def findings_of_check(value: Value) -> list[Finding]:
    """What is told of a document that can be read."""
    document = parse(dump(value))

    def no_other(ref: Ref) -> Document:
        raise NotFound(f"{ref} does not exist")

    return [told for _, told in check_documents({document.ref: document}, no_other)]


def only_of_check(value: Value) -> Finding:
    (finding,) = findings_of_check(value)
    return finding


@pytest.mark.parametrize("kind", CHECKS)
def test_a_check_is_taken_with_the_least_and_with_everything(kind: str) -> None:
    for more in ({}, WHOLE[kind]):
        value = guardrail(rule(check(kind, **more)))

        assert parse(dump(value)).value == value


def test_the_types_of_checks_are_those_that_are_tried_here() -> None:
    schema = json.loads(schemas.read(Kind.GUARDRAIL))

    types = schema["$defs"]["check"]["properties"]["type"]["enum"]

    assert types == list(CHECKS)


def test_a_whole_rule_is_taken() -> None:
    whole = rule(
        check("regex"),
        title="No keys",
        stage=["input", "output", "retrieval", "tool_result"],
        action="redact",
        redact={"replacement": "<{id}>"},
        on_error="allow",
        references=[{"framework": "owasp-llm-2025", "id": "LLM02"}],
    )

    assert parse(dump(guardrail(whole, tier="high"))).ref.endswith("no-promises")


@pytest.mark.parametrize("kind", CHECKS)
def test_a_check_takes_nothing_but_its_own_parameters(kind: str) -> None:
    finding = only(guardrail(rule(check(kind, patern="x"))))

    assert finding.where == "/rules/0/check/patern"
    assert finding.message == "rules[0].check.patern is not known here"


@pytest.mark.parametrize("kind", [kind for kind in CHECKS if CHECKS[kind]])
def test_what_a_check_cannot_do_without_is_asked_for_with_its_meaning(
    kind: str,
) -> None:
    missing = next(iter(CHECKS[kind]))
    rest = {name: value for name, value in check(kind).items() if name != missing}

    finding = only(guardrail(rule(rest)))

    assert finding.message == f"`{missing}` is missing in rules[0].check"
    assert len(finding.hint) > 20


def test_a_misspelt_parameter_is_told_with_the_nearest() -> None:
    wrong = {"type": "regex", "pattern": "a", "case_sensitiv": True}

    assert "Did you mean `case_sensitive`?" in only(guardrail(rule(wrong))).hint


def test_a_misspelt_type_is_told_alone_and_with_the_nearest() -> None:
    finding = only(guardrail(rule({"type": "regexp", "pattern": "a"})))

    assert finding.message == 'rules[0].check.type cannot be "regexp"'
    assert "Did you mean `regex`?" in finding.hint


def test_a_mistake_deep_in_a_group_is_told_where_it_is() -> None:
    inner: Value = {"type": "all_of", "checks": [check("regex"), {"type": "keyword"}]}

    finding = only(guardrail(rule(check("any_of", checks=[check("regex"), inner]))))

    assert finding.where == "/rules/0/check/checks/1/checks/1"
    assert finding.message.startswith("`terms` is missing")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("id", "AWS key"),
        ("stage", []),
        ("stage", ["output", "output"]),
        ("stage", ["outputs"]),
        ("stage", "output"),
        ("check", "regex"),
        ("action", "warn"),
        ("redact", {"replacement": "x"}),
        ("severity", "urgent"),
        ("on_error", True),
        ("message", ""),
        ("references", [{"framework": "owasp-llm-2025"}]),
        ("enabled", False),
    ],
)
def test_a_rule_with_a_wrong_part_is_refused(part: str, value: Json) -> None:
    whole = guardrail(rule(check("regex")))
    whole["rules"][0][part] = value

    (finding, *_) = findings(whole)

    assert finding.where.startswith(f"/rules/0/{part}")


@pytest.mark.parametrize(
    ("kind", "part", "value"),
    [
        ("regex", "pattern", "(?=a)"),
        ("regex", "pattern", r"(a)\1"),
        ("regex", "pattern", "a" * 2_001),
        ("regex", "pattern", ""),
        ("keyword", "terms", []),
        ("keyword", "terms", ["a", "a"]),
        ("keyword", "terms", [""]),
        ("keyword", "match", "prefix"),
        ("keyword", "near", {"terms": ["a"]}),
        ("keyword", "near", {"terms": ["a"], "within": 0}),
        ("pii", "entities", ["PERSON"]),
        ("pii", "regions", ["GB"]),  # without PHONE_NUMBER
        ("secret", "detectors", ["entropy"]),
        ("length", "unit", "tokens"),
        ("length", "max", -1),
        ("length", "max", 1.5),
        ("length", "min", 101),
        ("json_schema", "schema", {"type": "sting"}),
        ("json_schema", "schema", {"pattern": "(?!a)"}),
        ("json_schema", "schema", {"$ref": "https://acme.example/schema"}),
        ("json_schema", "extract", "last_block"),
        ("url_allowlist", "domains", ["https://acme.example"]),
        ("url_allowlist", "domains", ["acme.example/path"]),
        ("url_allowlist", "domains", ["*.acme.example"]),
        ("url_allowlist", "domains", ["ACME.example"]),
        ("url_allowlist", "domains", [""]),
        ("url_allowlist", "schemes", ["HTTPS"]),
        ("language", "allowed", ["english"]),
        ("language", "undetermined", "block"),
        ("hidden_text", "classes", ["emoji"]),
        ("hidden_text", "classes", []),
        ("tool_call", "tools", [""]),
        ("tool_call", "args", {"amount": "("}),
        ("tool_call", "args", {}),
        ("any_of", "checks", [{"type": "hidden_text"}]),
        ("all_of", "checks", []),
        ("external", "engine", "Presidio Analyzer"),
        ("external", "deterministic", True),
    ],
)
def test_a_check_with_a_wrong_parameter_is_refused(
    kind: str, part: str, value: Json
) -> None:
    (finding, *_) = findings(guardrail(rule(check(kind, **{part: value}))))

    assert finding.where.startswith(f"/rules/0/check/{part}")
    assert finding.hint


def test_a_length_needs_a_bound() -> None:
    finding = only(guardrail(rule({"type": "length", "unit": "words"})))

    assert finding.message == "a length without bounds"


def test_ids_are_unique() -> None:
    finding = only(guardrail(rule(check("regex")), rule(check("pii"))))

    assert finding.message == "rules[0] has the id the-rule already"
    assert finding.where == "/rules/1/id"


def test_only_the_rules_id_is_put_into_a_replacement() -> None:
    wrong = rule(check("regex"), action="redact", redact={"replacement": "{id} {0}"})

    assert '"{0}" is not replaced by anything' in only(guardrail(wrong)).message


@pytest.mark.parametrize("kind", ["length", "json_schema", "language"])
def test_what_is_nowhere_in_the_text_cannot_be_redacted(kind: str) -> None:
    found = only(guardrail(rule(check(kind), action="redact")))
    either = rule(
        check("any_of", checks=[check("regex"), check(kind)]), action="redact"
    )
    both = rule(check("all_of", checks=[check("regex"), check(kind)]), action="redact")

    assert found.message.startswith("the check finds no place")
    assert only(guardrail(either)).message == found.message
    assert parse(dump(guardrail(both)))


def test_checks_stand_at_most_two_deep() -> None:
    def nested(depth: int) -> Value:
        inner = check("hidden_text") if depth == 0 else nested(depth - 1)
        return {"type": "any_of", "checks": [inner, check("regex")]}

    assert parse(dump(guardrail(rule(nested(1)))))
    assert "more than 2 deep" in only(guardrail(rule(nested(2)))).message
    assert "more than 2 deep" in only(guardrail(rule(nested(8)))).message


@pytest.mark.parametrize("stage", ["input", "output", "retrieval", "tool_result"])
def test_a_call_of_a_tool_is_checked_where_tools_are_called(stage: str) -> None:
    wrong = rule(check("tool_call"), stage=[stage])

    assert findings(guardrail(wrong))[0].message == (
        f"at the stage {stage} no tool is called"
    )


@pytest.mark.parametrize("kind", ["length", "language", "json_schema"])
def test_the_arguments_of_a_call_have_no_length_language_or_schema(kind: str) -> None:
    wrong = rule(check("any_of", checks=[check("regex"), check(kind)]))

    finding = only(guardrail({**wrong, "stage": ["tool_call"]}))

    assert finding.message == f"a call of a tool has nothing for the check {kind}"


def test_a_call_of_a_tool_can_be_searched_and_not_redacted() -> None:
    searched = rule(check("secret"), stage=["tool_call", "output"])

    assert parse(dump(guardrail(searched)))
    assert "nothing can be redacted" in (
        only(guardrail({**searched, "action": "redact"})).message
    )


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        ("PNR (abc", "Close the group with `)`"),
        ("[abc", "Close the class with `]`"),
        ("abc)", "Open a group with `(`, or write `\\)`"),
        ("*a", "Write before it what is repeated, or `\\*`"),
        ("a++", "RE2 has no possessive ones"),
        ("a{2000}", "at most 1,000 times"),
        ("a{2,1}", "the smaller number first"),
        ("(?!a)", "RE2 has no lookaround"),
        ("(?<=a)", "RE2 has no lookaround"),
        (r"(a)\1", "RE2 has no backreferences"),
        ("(?P=name)", "RE2 has no backreferences"),
        ("(?>a)", "`(?:...)`"),
        ("(?i", "`(?i)`"),
        ("(?P<a b>c)", "in letters, digits and `_`"),
        (r"a\Z", "Write `\\z`"),
        (r"\u20AC", r"`\x{20AC}`"),
        (r"\y", "write `y` for the letter"),
        (r"[\b]", "outside of `[...]`"),
        ("a\\", "`\\\\` for a backslash"),
        ("[z-a]", "from the lower to the higher"),
        (r"\p{Greec}", r"\p{Greek}"),
        (r"\pL{1000}", "Repeat less"),
    ],
)
def test_the_remedy_fits_what_is_wrong_with_a_pattern(
    pattern: str, remedy: str
) -> None:
    assert remedy in only(guardrail(rule(check("regex", pattern=pattern)))).hint


def test_words_within_a_pattern_do_not_choose_the_remedy() -> None:
    wrong = "the pattern: missing ]: (?=) [a"

    hint = only(guardrail(rule(check("regex", pattern=f"{wrong}]{{2000}}")))).hint

    assert "RE2 has no lookaround" in hint


@pytest.mark.parametrize(
    ("written", "number"), [("\\brefund\\b", "0008"), ("\\a", "0007"), ("\\PL", "2029")]
)
def test_a_pattern_that_double_quotes_have_spoiled_is_refused(
    written: str, number: str
) -> None:
    source = dump(guardrail(rule(check("regex", pattern="HERE")))).decode()
    spoiled = source.replace("pattern: HERE", f'pattern: "{written}"')

    with pytest.raises(InvalidDocument) as refused:
        parse(spoiled.encode())

    (finding,) = refused.value.findings
    assert finding.message == f"the pattern holds a control character, U+{number}"
    assert "Write it in single quotes" in finding.hint
    assert finding.where == "/rules/0/check/pattern"
    meant = f"\\x{{{number}}}"
    assert meant in finding.hint
    assert parse(dump(guardrail(rule(check("regex", pattern=meant)))))


def test_a_pattern_may_hold_tabs_and_ends_of_lines() -> None:
    assert parse(dump(guardrail(rule(check("regex", pattern="(?m)a\tb\nc")))))


def test_spans_without_their_own_brackets_are_told_how_they_are_written() -> None:
    value = guardrail(rule(check("regex")))
    value["cases"][0]["spans"] = [2, 19]

    found = findings(value)

    assert [each.where for each in found] == ["/cases/0/spans/0", "/cases/0/spans/1"]
    assert all("write [[4, 24]] for one" in each.hint for each in found)


def test_every_rule_has_a_case_that_triggers_and_one_that_passes() -> None:
    value = guardrail(rule(check("hidden_text")), rule(check("external"), id="b"))
    value["cases"] = [
        {**case, "text": text}
        for case, text in zip(value["cases"], ("a\u200bb", "a", "a"), strict=False)
    ]

    finding = only_of_check(value)

    assert finding.message == "the rule b has no case that shows it pass"
    assert finding.where == "/rules/1"


@pytest.mark.parametrize(("text", "expect"), [("a", "trigger"), ("a\u200bb", "pass")])
def test_what_a_case_wrongly_expects_is_told_beside_the_case_that_is_missing(
    text: str, expect: str
) -> None:
    value = guardrail(rule(check("hidden_text")))
    right = "a\u200b" if expect == "trigger" else "b"
    value["cases"] = [
        {**value["cases"][0], "text": each, "expect": expect} for each in (text, right)
    ]

    missing, wrong = findings_of_check(value)

    assert missing.message.startswith("the rule the-rule has no case that shows it")
    assert wrong.where == "/cases/0/expect"
    assert wrong.hint.startswith("Correct the rule, or what the case expects")


@pytest.mark.parametrize(
    ("change", "where", "message"),
    [
        ({"rule": "the-rul"}, "rule", '"the-rul" is no rule of this guardrail'),
        ({"stage": "input"}, "stage", "the-rule does not look at the stage input"),
        ({"text": None}, "", "`text` is missing: the stage output looks at it"),
        (
            {"tool_call": {"name": "a", "arguments": {}}},
            "tool_call",
            "the stage output does not look at a tool_call",
        ),
        ({"expect": "block"}, "expect", "cannot be"),
        ({"expects": "pass"}, "expects", "is not known here"),
        ({"spans": [[0, 99]]}, "spans/0", "[0, 99] cannot be here"),
        ({"spans": [[3, 3]]}, "spans/0", "[3, 3] cannot be here"),
        ({"spans": [[3, 5], [1, 2]]}, "spans/1", "[1, 2] cannot be here"),
        ({"spans": [[3, 5], [4, 6]]}, "spans/1", "[4, 6] cannot be here"),
        ({"spans": [[3]]}, "spans/0", "1 entries; at least 2"),
        ({"spans": [[3, True]]}, "spans/0/1", "a whole number, not true"),
        ({"spans": []}, "spans", "is empty"),
    ],
)
def test_a_case_with_a_wrong_part_is_refused(
    change: Value, where: str, message: str
) -> None:
    value = guardrail(rule(check("regex")))
    case = {**value["cases"][0], **change}
    case = {part: said for part, said in case.items() if said is not None}
    value["cases"] = [*value["cases"], case]

    finding = only(value)

    assert finding.where == f"/cases/2/{where}".rstrip("/")
    assert message in finding.message


def test_a_case_that_passes_has_no_spans() -> None:
    value = guardrail(rule(check("regex")))
    value["cases"][1]["spans"] = [[0, 4]]

    assert "`spans` are only for texts" in only(value).message


def test_the_lists_of_the_schema_are_those_of_the_detectors() -> None:
    schema = json.loads(schemas.read(Kind.GUARDRAIL))
    taken = {
        branch["if"]["properties"]["type"]["const"]: branch["then"]["properties"]
        for branch in schema["$defs"]["check"]["allOf"]
    }

    def listed(kind: str, part: str) -> list[str]:
        return taken[kind][part]["items"]["enum"]

    assert listed("pii", "entities") == list(ENTITIES)
    assert listed("secret", "detectors") == list(DETECTORS)
    assert listed("hidden_text", "classes") == list(CLASSES)
    default = taken["hidden_text"]["classes"]["description"]
    assert all(name in default for name in DEFAULT_CLASSES)


PAGE = Path(__file__).parents[1] / "docs/guardrails.md"


@pytest.mark.parametrize("known", [ENTITIES, DETECTORS, CLASSES], ids=len)
def test_the_page_about_guardrails_lists_all_that_is_known(known: Value) -> None:
    told = PAGE.read_text()

    assert [name for name in known if f"`{name}`" not in told] == []


# hostile documents


def test_a_pattern_that_explodes_elsewhere_is_taken_in_no_time() -> None:
    began = time.process_time()

    parse(dump(guardrail(rule(check("regex", pattern="^(a+)+$")))))

    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "value",
    [
        guardrail(
            *(
                rule(check("regex", pattern=f"{n}\\pL{{100}}"), id=f"r{n}")
                for n in range(400)
            )
        ),
        guardrail(
            rule(
                check(
                    "json_schema",
                    schema={
                        "anyOf": [{"pattern": f"{n}\\pL{{100}}"} for n in range(900)]
                    },
                )
            )
        ),
        guardrail(rule(check("keyword", terms=[f"{n}" for n in range(5_001)]))),
        guardrail(rule(check("external", config={"a": [[[[["x"] * 9_000]]]]}))),
        guardrail(rule(check("regex")), cases=[{"rule": "?" * 100}] * 2_000),
        guardrail(*[rule(check("regex"), id="a")] * 400),
    ],
    ids=["patterns", "schema", "terms", "config", "cases", "ids"],
)
def test_a_huge_document_is_read_or_refused_before_long(value: Value) -> None:
    source = dump(value)
    began = time.process_time()

    with suppress(Invalid):
        parse(source)

    assert time.process_time() - began < 10


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=5)
    | st.sampled_from([*CHECKS, "a", "output", "trigger", "\u202e", "\U000e0041"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "pattern", "checks", "terms", "id", "schema"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn) -> Value:
    """A guardrail in which something, anywhere, is something else."""
    whole = guardrail(*(rule(check(kind), id=kind) for kind in CHECKS))
    place = value = json.loads(json.dumps(whole))
    while True:
        steps = list(place) if isinstance(place, dict) else list(range(len(place)))
        step = draw(st.sampled_from(steps))
        inner = place[step]
        if not isinstance(inner, (dict, list)) or not inner or draw(st.booleans()):
            place[step] = draw(json_values)
            return value
        place = inner


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(spoiled())
def test_nothing_but_our_error_comes_out_for_any_values(value: Value) -> None:
    with suppress(Invalid):
        parse(dump(value))
