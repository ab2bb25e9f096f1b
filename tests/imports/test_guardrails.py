"""Rules of LiteLLM and NeMo and lists of words, as guardrails with cases."""

import pytest

from placet.guardrails.rules import run_rule
from registry.errors import Invalid
from registry.imports import Format
from tests.imports.tried import bring, told, value_of

CATEGORY = """\
category_name: airline
description: No invented incidents
default_action: BLOCK
identifier_words: [flight, airline]
additional_block_words: [crashed, mayday]
always_block_keywords:
  - {keyword: plane crash, severity: high}
  - {keyword: rumour, severity: medium}
phrase_patterns: ['\\bno[- ]?fly\\b', '(?=x)']
exceptions: [plane crash report]
"""


def decisions(imported) -> dict[str, dict]:
    return {rule["id"]: rule for rule in value_of(imported)["rules"]}


def triggers(rule: dict, text: str) -> bool:
    result = run_rule(rule, rule["stage"][0], text=text)
    assert result.error is None
    return result.triggered


def test_words_of_a_category_trigger_together():
    rule = decisions(bring(CATEGORY, Format.LITELLM_CATEGORY))["together"]

    assert triggers(rule, "They say the flight has crashed.")
    assert not triggers(rule, "They say the flight is late.")
    assert not triggers(rule, "They say the wall has crashed.")


def test_words_of_each_severity_are_a_rule():
    rules = decisions(bring(CATEGORY, Format.LITELLM_CATEGORY))

    assert rules["always-block-keywords-high"]["severity"] == "high"
    assert rules["always-block-keywords-medium"]["severity"] == "medium"
    assert triggers(rules["always-block-keywords-medium"], "a rumour")


def test_an_exception_holds_back_the_words_in_it_and_the_difference_is_told():
    made = bring(CATEGORY, Format.LITELLM_CATEGORY)

    rule = decisions(made)["always-block-keywords-high"]
    assert triggers(rule, "a plane crash")
    assert not triggers(rule, "a plane crash report")
    assert "in LiteLLM it holds back everything in the text" in told(made)


def test_a_pattern_that_re2_refuses_is_told_with_its_reason():
    made = bring(CATEGORY, Format.LITELLM_CATEGORY)

    assert triggers(decisions(made)["phrase-1"], "the NO-FLY list")
    assert "phrase-2" not in decisions(made)
    assert "phrase_patterns[1]: RE2 does not take the pattern" in told(made)


def test_every_rule_has_cases_that_are_true_and_that_is_told():
    made = bring(CATEGORY, Format.LITELLM_CATEGORY)

    rules, cases = decisions(made), value_of(made)["cases"]
    for case in cases:
        wanted = case["expect"] == "trigger"
        assert triggers(rules[case["rule"]], case["text"]) is wanted
    for id in rules:
        expected = {case["expect"] for case in cases if case["rule"] == id}
        assert expected == {"trigger", "pass"}
    assert "cases: The cases were generated, and tried: read them" in told(made)


def test_a_word_with_no_edge_is_looked_for_within_words():
    text = "category_name: x\nkeywords: [{keyword: '1=1'}, {keyword: '--'}]\n"

    rules = decisions(bring(text, Format.LITELLM_CATEGORY))

    checks = {tuple(r["check"]["terms"]): r["check"]["match"] for r in rules.values()}
    assert checks == {("1=1",): "word", ("--",): "substring"}


def test_mask_becomes_redact():
    text = "category_name: x\ndefault_action: MASK\nkeywords: [{keyword: secret}]\n"

    (rule,) = decisions(bring(text, Format.LITELLM_CATEGORY)).values()

    assert rule["action"] == "redact"


PATTERNS = """{"patterns": [
  {"name": "key", "display_name": "A key", "pattern": "AKIA[0-9A-Z]{16}",
   "description": "Keys", "action": "MASK"},
  {"name": "look", "pattern": "(?<!x)y"},
  {"name": "code", "pattern": "\\\\b[0-9]{5}\\\\b", "keyword_pattern": "postal code"},
  {"name": "all", "pattern": ".*"},
  {"name": "never", "pattern": "a\\\\bb"}
]}"""


def test_patterns_become_rules_and_what_cannot_is_told():
    made = bring(PATTERNS, Format.LITELLM_PATTERNS)

    rules = decisions(made)
    assert list(rules) == ["key", "code"]
    assert rules["key"]["action"] == "redact"
    assert rules["code"]["action"] == "block"
    assert triggers(rules["key"], "akiaABCDEFGHIJKLMNOP")
    assert triggers(rules["code"], "postal code 12345")
    assert not triggers(rules["code"], "number 12345")
    leftovers = told(made)
    assert "look: RE2 does not take the pattern" in leftovers
    assert "all: It triggers on every plain sentence" in leftovers
    assert "never: No text was found that the rule triggers on" in leftovers
    assert "Patterns without an action of their own block here." in leftovers


PROXY = """\
model_list: [{model_name: x, litellm_params: {api_key: os.environ/OPENAI_API_KEY}}]
guardrails:
  - guardrail_name: filter
    litellm_params:
      guardrail: litellm_content_filter
      mode: [pre_call, post_call]
      patterns:
        - {pattern_type: regex, name: ticket, pattern: 'TKT-[0-9]{4}', action: MASK}
        - {pattern_type: prebuilt, pattern_name: us_ssn, action: BLOCK}
      blocked_words: [{keyword: cat, action: BLOCK}]
  - guardrail_name: tools
    litellm_params:
      guardrail: tool_permission
      rules:
        - {id: a, tool_name: 'read_.*', decision: allow}
        - {id: b, tool_name: read_secret, decision: deny}
  - guardrail_name: cloud
    litellm_params: {guardrail: bedrock, mode: during_call}
  - guardrail_name: code
    litellm_params: {guardrail: os.system, mode: pre_call}
"""


def test_guardrails_of_a_proxy_that_need_no_service_become_rules():
    rules = decisions(bring(PROXY, Format.LITELLM_PROXY))

    assert list(rules) == ["ticket", "filter-words-block", "tools-allow", "tools-deny"]
    assert rules["ticket"]["stage"] == ["input", "output"]
    assert triggers(rules["filter-words-block"], "a category")
    for name, stops in (("read_file", False), ("read_secret", True), ("delete", True)):
        call = {"name": name, "arguments": {}}
        found = [
            run_rule(rules[id], "tool_call", tool_call=call).triggered
            for id in ("tools-allow", "tools-deny")
        ]
        assert any(found) is stops


def test_guardrails_of_a_proxy_that_run_something_are_told():
    leftovers = told(bring(PROXY, Format.LITELLM_PROXY))

    assert (
        "cloud: It runs bedrock, a service or code; nothing is run here." in leftovers
    )
    assert "code: It runs os.system" in leftovers
    assert "The prebuilt pattern us_ssn is elsewhere." in leftovers
    assert "tools/b: An earlier rule allows some of it" in leftovers
    assert "model_list: It is no rule" in leftovers


NEMO = """\
colang_version: "1.0"
models: [{type: main, engine: openai, model: x}]
rails:
  input: {flows: [regex check input, self check input]}
  config:
    regex_detection:
      input: {patterns: ['secret [a-z]+', '(a)\\1'], case_insensitive: true}
      output: {patterns: ['[0-9]{4}']}
      outputX: {patterns: [x]}
    sensitive_data_detection: {input: {entities: [PERSON]}}
"""


def test_nemo_rails_of_patterns_become_rules():
    rules = decisions(bring(NEMO, Format.NEMO))

    assert {id: rule["stage"] for id, rule in rules.items()} == {
        "input-1": ["input"],
        "output-1": ["output"],
    }
    assert triggers(rules["input-1"], "My SECRET word")
    assert triggers(rules["output-1"], "PIN 1234")


def test_what_nemo_would_ask_a_model_is_told():
    leftovers = told(bring(NEMO, Format.NEMO))

    assert "rails/input/flows: self check input: The flow asks a model" in leftovers
    assert "regex_detection/input[1]: RE2 does not take the pattern" in leftovers
    assert "regex_detection/outputX: Only input, output and retrieval" in leftovers
    assert "regex_detection/output: No flow of the file turns it on" in leftovers
    assert "rails/config/sensitive_data_detection: Only `regex_detection`" in leftovers


def test_a_list_of_words_becomes_a_rule():
    made = bring("# competitors\nOther Air\n\nFly Cheap\n", Format.WORDS)

    (rule,) = decisions(made).values()
    assert rule["check"]["terms"] == ["Other Air", "Fly Cheap"]
    assert triggers(rule, "Is other air cheaper?")
    assert not triggers(rule, "Is another airline cheaper?")
    assert "they are blocked as whole words" in told(made)


def test_a_long_list_becomes_several_rules():
    made = bring("\n".join(f"word{n}" for n in range(2_500)), Format.WORDS)

    assert list(decisions(made)) == ["words", "words-2", "words-3"]


def test_a_word_that_is_too_long_is_told():
    made = bring("good\n" + "x" * 300, Format.WORDS)

    assert "is no word or phrase of up to 200 characters" in told(made)


@pytest.mark.parametrize(
    ("text", "format", "reason"),
    [
        ("description: x", Format.LITELLM_CATEGORY, "no `category_name`"),
        ("category_name: x", Format.LITELLM_CATEGORY, "no rule in it"),
        ("patterns: []", Format.LITELLM_PATTERNS, "no `patterns`"),
        ("model_list: []", Format.LITELLM_PROXY, "no `guardrails`"),
        ("models: []", Format.NEMO, "no rule in it"),
        ("# nothing", Format.WORDS, "no word in it"),
    ],
)
def test_a_file_without_rules_is_refused(text, format, reason):
    with pytest.raises(Invalid, match=reason):
        bring(text, format)


def test_what_is_told_of_many_rules_is_told_once_with_their_names():
    patterns = ", ".join(
        f'{{"name": "p{n}", "pattern": "x{n}$", "keyword_pattern": "near"}}'
        for n in range(20)
    )

    made = bring(f'{{"patterns": [{patterns}]}}', Format.LITELLM_PATTERNS)

    for part in ("may stand anywhere in the text", "`$` is the very end here"):
        (line,) = [one for one in told(made).splitlines() if part in one]
        assert line.startswith("20 rules (p0, p1, ")
    assert len(made.leftovers) < 8


def test_what_is_told_of_one_rule_has_its_name():
    made = bring(CATEGORY.replace("fly\\b", "fly$"), Format.LITELLM_CATEGORY)

    assert "phrase-1: `$` is the very end here" in told(made)


def test_characters_that_python_escapes_are_found():
    text = '{"patterns": [{"name": "a", "pattern": "x[\\\\u200b\\\\U000e0041]y\\\\Z"}]}'

    (rule,) = decisions(bring(text, Format.LITELLM_PATTERNS)).values()

    assert triggers(rule, "x\u200by")
    assert triggers(rule, "x\U000e0041y")
    assert not triggers(rule, "x\u200byes")
