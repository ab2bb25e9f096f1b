"""What an export does not say is told, rule by rule; an empty one is refused."""

import json
import re
from pathlib import Path

import pytest
import yaml

from placet.guardrails.hidden_text import CLASSES, ranges_of
from registry.errors import Invalid, NotExportable
from registry.exports.formats import FORMATS, export
from tests.exports.guardrails import guardrail, regex, rule

ROOT = Path(__file__).parents[2]
ALL = sorted(FORMATS["guardrail"])


def losses(value, format_: str, about: str = "one") -> list[str]:
    return [
        loss.message for loss in export(value, format_).losses if loss.rule == about
    ]


def whole(format_: str, *rules) -> str:
    return export(guardrail(*rules), format_).text


@pytest.mark.parametrize("format_", ALL)
def test_a_plain_pattern_loses_nothing_of_its_own(format_):
    if format_ == "openai":
        pytest.skip("it has no check for patterns, and tells so")

    assert losses(guardrail(rule(regex())), format_) == []


@pytest.mark.parametrize("format_", ALL)
def test_a_rule_that_is_left_out_is_told_with_its_reason(format_):
    outside = rule({"type": "external", "engine": "llm_judge"}, id="judge")

    told = losses(guardrail(rule(regex()), outside), format_, about="judge")

    assert len(told) == 1
    assert told[0].startswith("Not exported, because it is decided by another program")


@pytest.mark.parametrize("format_", ALL)
def test_where_no_rule_is_left_there_is_no_export(format_):
    outside = rule({"type": "external", "engine": "llm_judge"}, id="judge")

    with pytest.raises(NotExportable, match="judge: Not exported, because"):
        export(guardrail(outside), format_)


@pytest.mark.parametrize("format_", ["nemo", "guardrails-ai", "litellm", "bedrock"])
def test_a_pattern_that_stops_other_engines_is_left_out(format_):
    value = guardrail(rule(regex()), rule(regex("^(a+)+$"), id="bomb"))

    (told,) = losses(value, format_, about="bomb")

    assert "backtracks" in told
    assert "a+" not in export(value, format_).text


@pytest.mark.parametrize("format_", ALL)
def test_asking_a_person_becomes_stopping_and_is_told(format_):
    told = losses(guardrail(rule(regex(), action="escalate")), format_)

    assert any("cannot ask a person; it is to stop a text" in one for one in told)


@pytest.mark.parametrize("format_", ["nemo", "guardrails-ai", "openai"])
def test_covering_becomes_stopping_and_is_told(format_):
    told = losses(guardrail(rule(regex(), action="redact")), format_)

    assert any("cannot cover part of a text" in one for one in told)


@pytest.mark.parametrize("format_", ["nemo", "litellm", "openai"])
def test_a_note_never_becomes_less_and_never_more(format_):
    value = guardrail(rule(regex()), rule(regex("KEY"), id="noted", action="flag"))

    (told,) = losses(value, format_, about="noted")

    assert "take note and let the text pass" in told
    assert "KEY" not in export(value, format_).text


@pytest.mark.parametrize("format_", ALL)
def test_a_stage_that_nobody_looks_at_is_told(format_):
    told = losses(guardrail(rule(regex(), stage=["output", "tool_result"])), format_)

    assert any(one.startswith("Not applied to results of tools") for one in told)


@pytest.mark.parametrize("format_", ALL)
def test_letting_pass_what_cannot_be_checked_is_told(format_):
    told = losses(guardrail(rule(regex(), on_error="allow")), format_)

    assert any("lets a text pass that cannot be checked" in one for one in told)


def test_the_replacement_that_is_lost_is_told():
    value = guardrail(rule(regex(), action="redact", redact={"replacement": "***"}))

    assert losses(value, "litellm") == [
        "What is covered is replaced by [ONE_REDACTED]."
    ]
    assert losses(value, "bedrock") == ["What is covered is replaced by {one}."]


def test_the_guard_needs_validators_and_says_so():
    told = losses(guardrail(rule(regex())), "guardrails-ai", about="")

    assert any("lets everything pass without a word" in one for one in told)


def test_what_covers_comes_after_what_stops():
    covers = rule(regex("AK"), id="covers", action="redact")
    found = yaml.safe_load(whole("litellm", covers, rule(regex())))

    patterns = found["guardrails"][0]["litellm_params"]["patterns"]

    assert [one["action"] for one in patterns] == ["BLOCK", "MASK"]


def test_each_rule_about_tools_decides_by_itself():
    one = rule({"type": "tool_call", "tools": ["refund*"], "decision": "deny"})
    one |= {"stage": ["tool_call"]}
    other = one | {"id": "two", "check": one["check"] | {"decision": "allow"}}

    found = yaml.safe_load(whole("litellm", one, other))["guardrails"]

    defaults = [each["litellm_params"]["default_action"] for each in found]
    assert defaults == ["allow", "deny"]


def test_a_pattern_with_spaces_is_nothing_for_one_word_at_a_time():
    value = guardrail(rule(regex()), rule(regex("flight [0-9]+"), id="spaced"))

    (told,) = losses(value, "openai", about="spaced")

    assert "may take a space" in told


def test_a_stage_of_the_other_product_has_its_own_rules():
    asked = rule(regex("KEY"), id="asked", stage=["input"])
    found = json.loads(whole("openai", rule(regex()), asked))

    patterns = {
        stage: found[stage]["guardrails"][0]["config"]["custom_regex"]
        for stage in ("pre_flight", "output")
    }
    assert patterns == {
        "pre_flight": [r"[\s\S]*?(?:KEY)"],
        "output": [r"[\s\S]*?(?:AKIA[0-9A-Z]{16})"],
    }


def test_more_patterns_than_bedrock_takes_are_refused():
    many = [rule(regex(f"KEY{number}"), id=f"r{number}") for number in range(31)]

    with pytest.raises(NotExportable, match="takes 30 patterns"):
        export(guardrail(*many), "bedrock")


def test_a_format_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(Invalid, match="no format 'nemo2'") as refused:
        export(guardrail(rule(regex())), "nemo2")

    assert "nemo, guardrails-ai, litellm, openai, bedrock" in refused.value.hint


def test_a_kind_without_formats_is_refused():
    with pytest.raises(Invalid, match="a bot is not exported"):
        export({"kind": "bot"}, "nemo")


@pytest.mark.parametrize("format_", ALL)
def test_every_rule_is_in_the_export_or_among_the_losses(format_):
    checks = [
        regex(),
        regex(r"\pL{3}"),
        {
            "type": "keyword",
            "terms": ["refund"],
            "near": {"terms": ["we"], "within": 2},
        },
        {"type": "keyword", "terms": ["refund"], "match": "substring"},
        {"type": "length", "unit": "bytes", "max": 9},
        {"type": "json_schema", "schema": {}},
        {"type": "language", "allowed": ["en"]},
        {"type": "pii", "entities": ["IBAN_CODE"]},
        {"type": "all_of", "checks": [regex("a"), regex("b")]},
    ]
    rules = [rule(check, id=f"r{number}") for number, check in enumerate(checks)]

    alone = {}
    for one in rules:
        try:
            alone[one["id"]] = export(guardrail(one), format_).text
        except NotExportable:
            alone[one["id"]] = None
    together = export(guardrail(*rules), format_)

    left_out = {
        loss.rule for loss in together.losses if loss.message.startswith("Not exported")
    }
    assert left_out == {name for name, text in alone.items() if text is None}


def test_the_page_names_the_versions_that_exports_are_tried_with():
    page = " ".join((ROOT / "docs/exports.md").read_text().split())

    for path in (ROOT / "requirements/peers").glob("*.in"):
        locked = path.with_suffix(".txt").read_text()
        for name in re.findall(r"^[a-z-]+", path.read_text(), re.MULTILINE):
            (version,) = re.findall(rf"^{name}==(\S+)", locked, re.MULTILINE)
            assert f"{name} {version}" in page


def messages(*rules) -> dict[str, str]:
    found = json.loads(whole("bedrock", *rules))
    return {
        "input": found["blockedInputMessaging"],
        "output": found["blockedOutputsMessaging"],
    }


def test_a_side_of_bedrock_says_the_message_of_its_own_rule():
    asked = rule(regex("KEY"), id="asked", stage=["input"], message="Do not ask that.")

    assert messages(rule(regex()), asked) == {
        "input": "Do not ask that.",
        "output": "It must not be said.",
    }


def test_a_side_without_a_rule_that_stops_says_nothing_of_another_side():
    covers = rule(regex("KEY"), id="covers", stage=["input"], action="redact")

    found = messages(rule(regex()), covers | {"message": "It is covered."})

    assert found["input"] == "This cannot be answered here."
    assert found["output"] == "It must not be said."


def test_several_messages_become_a_neutral_one_and_that_is_told():
    other = rule(regex("KEY"), id="two", message="No keys.")
    value = guardrail(rule(regex()), other)

    assert messages(rule(regex()), other)["output"] == "This cannot be answered here."
    told = " ".join(losses(value, "bedrock", about=""))
    assert "one message for all answers that it stops" in told
    assert "the 2 messages of the rules" in told
    assert "what people write that it stops" not in told


@pytest.mark.parametrize("format_", ["nemo", "guardrails-ai", "litellm", "bedrock"])
def test_characters_that_nobody_sees_are_escaped(format_):
    hidden = {"type": "hidden_text", "classes": list(CLASSES)}
    marks = rule(regex("x[\u0301\u3164]\u2800"), id="marks")

    text = whole(format_, rule(hidden), marks)

    seen = "".join(ranges_of(name) or "" for name in CLASSES) + "\u0301"
    assert re.findall(f"[{seen}]", text.replace("\n", "")) == []
    assert r"\\u3164" in text
