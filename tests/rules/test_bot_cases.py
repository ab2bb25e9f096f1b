"""The rules at the top of `registry/bot_cases.py`."""

import json

import pytest

from placet.guardrails import Guardrails, open_guardrail
from placet.prompts import prompt_of
from registry.bisection import Verdict
from registry.bot_cases import (
    MAX_BYTES,
    CommandCase,
    GuardrailCase,
    RenderingCase,
    judge,
    parse_case,
)
from registry.errors import Invalid, InvalidDocument, TooLarge
from registry.renderings import Told

DIGEST = "sha256:" + 64 * "0"


def told(text: str = "Hello {{ name }}.", check: dict | None = None) -> Told:
    """A bot with a prompt and a guardrail that blocks the word `promise`."""
    prompt = {
        "kind": "prompt",
        "name": "acme/hello",
        "version": "1.0.0",
        "template": "simple",
        "inputs": {"type": "object", "properties": {"name": {}}, "required": ["name"]},
        "messages": [
            {"role": "system", "content": text},
            {"placeholder": "history"},
            {"role": "user", "content": "Hi."},
        ],
    }
    rule = {
        "id": "promises",
        "stage": ["output"],
        "check": check or {"type": "keyword", "terms": ["promise"]},
        "action": "block",
        "severity": "high",
        "message": "It promises.",
    }
    guardrail = {
        "kind": "guardrail",
        "name": "acme/no-promises",
        "version": "1.0.0",
        "rules": [rule],
    }
    return Told(
        prompts={"hello": prompt_of(prompt, DIGEST, "production", (0, 1), stale=False)},
        guardrails=Guardrails({"promises": open_guardrail(guardrail, DIGEST)}),
    )


def judged(told: Told, **case: object):
    return judge(parse_case(json.dumps(case).encode()), told)


def rendering(**expect: object) -> dict:
    return {"prompt": "hello", "inputs": {"name": "Ada"}, "expect": expect}


def test_a_rendering_is_good_when_it_comes_to_what_is_expected():
    case = rendering(contains=["Hello Ada."], excludes=["Bye"], max_chars=20)

    assert judged(told(), **case).verdict is Verdict.GOOD


@pytest.mark.parametrize(
    "expect", [{"contains": ["Bye"]}, {"excludes": ["Ada"]}, {"max_chars": 3}]
)
def test_a_rendering_is_bad_when_one_of_them_does_not_hold(expect):
    assert judged(told(), **rendering(**expect)).verdict is Verdict.BAD


def test_placeholders_are_left_out():
    case = rendering(contains=["Hello Ada.\nHi."])
    said = {"name": "Ada", "history": [{"role": "user", "content": "Wait."}]}

    assert judged(told(), **case).verdict is Verdict.GOOD
    assert judged(told(), **(case | {"inputs": said})).verdict is Verdict.GOOD


def test_a_prompt_that_is_not_there_is_bad():
    bad = judged(told(), **(rendering(max_chars=9) | {"prompt": "fares"}))

    assert bad.verdict is Verdict.BAD
    assert "no prompt in the role 'fares'" in bad.why


def test_inputs_that_are_not_enough_any_more_are_bad():
    assert judged(told(), **(rendering(max_chars=99) | {"inputs": {}})).verdict is (
        Verdict.BAD
    )


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        ({"text": "I promise.", "expect": "block"}, Verdict.GOOD),
        ({"text": "I promise.", "expect": "allow"}, Verdict.BAD),
        ({"text": "Hello.", "expect": "allow"}, Verdict.GOOD),
        ({"text": "I promise.", "expect": "trigger"}, Verdict.GOOD),
        ({"text": "Hello.", "expect": "pass"}, Verdict.GOOD),
        ({"text": "I promise.", "expect": "pass"}, Verdict.BAD),
        ({"text": "I promise.", "stage": "input", "expect": "allow"}, Verdict.GOOD),
        ({"text": "I promise.", "rule": "promises", "expect": "block"}, Verdict.GOOD),
        ({"text": "I promise.", "rule": "other", "expect": "allow"}, Verdict.GOOD),
        (
            {"text": "I promise.", "guardrail": "promises", "expect": "block"},
            Verdict.GOOD,
        ),
        (
            {"text": "I promise.", "guardrail": "acme/no-promises", "expect": "block"},
            Verdict.GOOD,
        ),
        ({"text": "Hello.", "guardrail": "gone", "expect": "allow"}, Verdict.BAD),
    ],
)
def test_a_guardrail_is_judged_by_what_it_does(case, verdict):
    assert judged(told(), **case).verdict is verdict


def test_what_cannot_be_run_here_is_skipped():
    external = told(check={"type": "external", "engine": "elsewhere"})

    skipped = judged(external, text="I promise.", expect="block")

    assert skipped.verdict is Verdict.SKIP
    assert "cannot be run here" in skipped.why


def test_each_form_is_read_as_what_it_is():
    assert isinstance(parse_case(b"text: Hello\nexpect: allow\n"), GuardrailCase)
    assert parse_case(b"command: [./check.sh, fast]\n") == CommandCase(
        command=("./check.sh", "fast"), timeout_s=60
    )
    case = b"prompt: hello\ninputs: {name: Ada}\nexpect: {max_chars: 9}\n"
    assert parse_case(case) == RenderingCase(
        prompt="hello", inputs={"name": "Ada"}, expect={"max_chars": 9}
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("[1]", "this is no case"),
        ("expect: block\n", "this is no case"),
        ("text: Hello\nexpect: blok\n", 'expect cannot be "blok"'),
        ("prompt: hello\nexpect: {max_chars: 9}\n", "inputs"),
        ("command: ./check.sh\n", "command"),
        ("text: a\nexpect: block\nrol: x\n", "rol"),
        ("text: a\ntext: b\nexpect: block\n", "on line 1 already"),
    ],
)
def test_a_case_that_is_none_is_refused_with_what_is_wrong(source, told):
    with pytest.raises(InvalidDocument) as refused:
        parse_case(source.encode())

    assert told in " ".join(one.message for one in refused.value.findings)
    assert all(one.hint for one in refused.value.findings)


def test_a_guardrail_has_a_text_or_a_call():
    with pytest.raises(Invalid, match="a text or a tool call"):
        parse_case(b"guardrail: promises\nexpect: block\n")


def test_a_case_that_is_too_large_is_refused():
    with pytest.raises(TooLarge):
        parse_case(b"#" * (MAX_BYTES + 1))
