"""Exports do in the products what the document says, or their losses say otherwise.

One rule is exported at a time, so that no case passes because of another rule.  What
a product makes of a case other than the document says is in `DIFFERENCES`, with a
part of the loss that tells it; and every loss that is about what is found is shown
there by a case, or is in `SHOWN_ELSEWHERE`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml

from placet.guardrails.rules import run_rule
from registry.documents import parse
from registry.errors import NotExportable
from registry.exports import Exported
from registry.exports.formats import export

CORPUS = Path(__file__).with_name("corpus.yaml")
RUNNING = ("nemo", "guardrails-ai", "litellm", "openai")
"""Those whose products decide here; Amazon Bedrock's shape alone can be tried."""

PATTERNS = ("nemo", "guardrails-ai", "litellm")
UNLESS = "Phrases that are allowed although they hold a term"
LOOK = "A pattern stands for"
EMOJI = "Stopped as well, because a pattern cannot tell"
BUILT_IN = "beside its own detection of keys"
MAIL, CARD = "write to jané@acmé.example", "card 4111 1111 1111 1112"
PHONE, DENIED = "call 020 7946 0958", "it is not guaranteed"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
HIDDEN_KEY = "ghp_abcdefghij\u200bklmnopqrstuvwxyz0123456789"

DIFFERENCES = {
    **{(peer, "exceptions", DENIED): UNLESS for peer in RUNNING},
    **{(peer, "unseen", FAMILY): EMOJI for peer in RUNNING},
    **{(peer, "mail", MAIL): LOOK for peer in PATTERNS},
    **{(peer, "card", CARD): LOOK for peer in PATTERNS},
    **{
        (peer, "phone", PHONE): "Phone numbers are looked for only" for peer in PATTERNS
    },
    **{(peer, "keys", HIDDEN_KEY): "A key is not found where" for peer in PATTERNS},
    ("nemo", "too-long", ""): "lets an empty text pass",
    (
        "litellm",
        "refunds",
        "{'name': 'refund', 'arguments': {}}",
    ): "without any argument",
    ("openai", "aws-key", "use AKIA*ABCDEFGHIJKLMNOP"): "leaves out * and #",
    ("openai", "keys", "Xghp_abcdefghijklmnopqrstuvwxyz0123456789"): BUILT_IN,
    ("openai", "promises", "zero\u00a0risk"): "A space in a phrase is one space",
    ("openai", "exact-words", "the sky is blue"): "upper and lower case apart",
    ("openai", "links", "see acme.example.evil"): "an idea of its own",
}
"""By format, rule and text: a part of the loss that tells of it."""

NOT_EXPORTED = {
    *((peer, rule) for peer in RUNNING for rule in ("unicode-property", "explodes")),
    *(
        (peer, rule)
        for peer in RUNNING
        for rule in ("answer-shape", "languages", "toxic")
    ),
    *((peer, "own-flags") for peer in RUNNING if peer != "guardrails-ai"),
    *((peer, "links") for peer in PATTERNS),
    *(
        (peer, rule)
        for peer in RUNNING
        if peer != "litellm"
        for rule in ("refunds", "forced", "known-tools")
    ),
    *(
        ("openai", rule)
        for rule in (
            *("any-case", "line-end", "ascii-digits", "posix-class", "near-by"),
            *("mail", "card", "phone", "too-long", "too-many-words", "either", "both"),
        )
    ),
}

BEDROCK_LEFT_OUT = {
    ("bedrock", rule)
    for rule in (
        *("own-flags", "unicode-property", "explodes", "near-by"),
        *("answer-shape", "links", "languages", "refunds", "forced", "known-tools"),
        *("both", "toxic"),
    )
}

NOT_ABOUT_FINDING = (
    "Not applied to",
    "Not exported, because",
    "cannot ask a person",
    "cannot cover part of a text",
    "What is covered is replaced by",
    "Of finds that overlap only the first is covered",
    "lets a text pass that cannot be checked",
    "On a very long text",
)
NOT_SHOWN = {
    "a list, or a group of arguments": "a pattern that fits JSON of a list is rare",
    "A key is not found where": "OpenAI's own detection finds the one in the corpus",
    "empties all that was found": "what comes after the match, and not whether it is",
}
"""Losses about what is found that no case here shows, and why."""


@cache
def guardrail() -> Mapping:
    return parse(CORPUS.read_bytes()).value


def alone(rule: Mapping) -> Mapping:
    """The guardrail with one rule."""
    return {**guardrail(), "rules": [rule]}


def rules() -> list[Mapping]:
    return yaml.safe_load(CORPUS.read_bytes())["rules"]


def cases_of(rule: Mapping, exported: Exported) -> list[Mapping]:
    """The rule's cases at the stages that were carried over."""
    left_out = {
        stage
        for stage, words in STAGES.items()
        for loss in exported.losses
        if loss.rule
        and loss.message.startswith("Not applied")
        and words in loss.message
    }
    return [
        case
        for case in guardrail()["cases"]
        if case["rule"] == rule["id"] and case["stage"] not in left_out
    ]


STAGES = {
    "input": "what people write",
    "retrieval": "texts that were found",
    "tool_call": "calls of tools",
    "tool_result": "results of tools",
}


def text_of(case: Mapping) -> str:
    return case["text"] if "text" in case else str(case["tool_call"])


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["id"])
@pytest.mark.parametrize("format_", RUNNING)
def test_a_rule_decides_alike_or_its_losses_say_so(peers, format_, rule):
    if (format_, rule["id"]) in NOT_EXPORTED:
        with pytest.raises(NotExportable):
            export(alone(rule), format_)
        return
    exported = export(alone(rule), format_)
    cases = cases_of(rule, exported)

    answered = peers[format_].ask(exported.text, cases)

    assert "error" not in answered, answered["error"]
    differing = {}
    for case, ran in zip(cases, answered["ran"], strict=True):
        assert "error" not in ran, ran["error"]
        if ran["triggered"] is not (case["expect"] == "trigger"):
            differing[text_of(case)] = ran
    declared = {
        text: part
        for (name, of, text), part in DIFFERENCES.items()
        if (name, of) == (format_, rule["id"])
    }
    assert differing.keys() == declared.keys(), differing
    told = " ".join(loss.message for loss in exported.losses)
    assert [part for part in declared.values() if part not in told] == []


@pytest.mark.parametrize("format_", RUNNING)
def test_no_loss_about_what_is_found_is_told_for_nothing(format_):
    told = {
        loss.message
        for rule in rules()
        if (format_, rule["id"]) not in NOT_EXPORTED
        for loss in export(alone(rule), format_).losses
        if loss.rule
    }

    shown = {part for (peer, _, _), part in DIFFERENCES.items() if peer == format_}
    known = (*shown, *NOT_SHOWN, *NOT_ABOUT_FINDING)
    assert {one for one in told if not any(part in one for part in known)} == set()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["id"])
def test_bedrock_takes_the_request(peers, rule):
    if ("bedrock", rule["id"]) in BEDROCK_LEFT_OUT:
        with pytest.raises(NotExportable):
            export(alone(rule), "bedrock")
        return
    exported = export(alone(rule), "bedrock")
    cases = cases_of(rule, exported)

    answered = peers["bedrock"].ask(exported.text, cases)

    assert "error" not in answered, answered["error"]
    assert [ran["asked"] for ran in answered["ran"]] == [True] * len(cases)


@pytest.mark.parametrize("format_", [*RUNNING, "bedrock"])
def test_the_whole_guardrail_is_taken_too(peers, format_):
    answered = peers[format_].ask(export(guardrail(), format_).text, [])

    assert answered == {"ran": []}


def test_a_product_reads_what_covers_a_text_as_covering_it(peers):
    rule = next(one for one in guardrail()["rules"] if one["id"] == "ascii-digits")
    case = {"stage": "output", "text": "on flight 1234."}

    answered = peers["litellm"].ask(export(alone(rule), "litellm").text, [case])

    assert answered["ran"][0]["text"] == "on [ASCII-DIGITS_REDACTED]."


@pytest.mark.parametrize("case", yaml.safe_load(CORPUS.read_bytes())["cases"], ids=str)
def test_placet_decides_as_the_case_says(case):
    if case["rule"] == "toxic":
        pytest.skip("what another program decides is not decided here")
    rule = next(one for one in guardrail()["rules"] if one["id"] == case["rule"])

    found = run_rule(
        rule, case["stage"], text=case.get("text"), tool_call=case.get("tool_call")
    )

    assert found.triggered is (case["expect"] == "trigger")
