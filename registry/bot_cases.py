"""Cases about a bot: what one bundle must come to, to be tried with many bundles.

* A rendering names a prompt by its role in the bot, gives inputs and expects what a
  prompt's own cases expect; placeholders are left out.
* A guardrail's verdict is that of all guardrails of the bot or of one, by its role
  or its name, for a text or a tool call: an action; or `trigger` if any rule must
  find something, `pass` if none may.  With `rule`, only that rule counts.
* A command is run by whoever tries the case; here it is only read.
* A bundle that has not got the prompt or the guardrail, or cannot be rendered with
  the inputs, does not come to what is expected: that is bad.  Where a rule could not
  be run here, nothing is known: that is skipped.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from placet.guardrails import Action, Hit, Outcome
from registry import schemas, yaml_text
from registry.bisection import Verdict
from registry.cases import unmet
from registry.errors import Invalid, InvalidDocument, NotFound, TooLarge
from registry.findings import in_order, locate
from registry.mistakes import Finding
from registry.parts import as_mapping, entries
from registry.renderings import Told, check, placeholders, render
from registry.validation import Checker
from registry.values import Json

MAX_BYTES = 256 * 2**10
TIMEOUT_S = 60
_STRICTNESS = list(Action)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderingCase:
    prompt: str
    inputs: Mapping[str, Json]
    expect: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailCase:
    """Attributes:
    guardrail: `None` for all that the bot has.
    rule: `None` for all rules.
    """

    guardrail: str | None
    rule: str | None
    stage: str
    text: str | None
    tool_call: Mapping[str, Json] | None
    expect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCase:
    """What is run with the file of a bundle as its last argument."""

    command: tuple[str, ...]
    timeout_s: int


Case = RenderingCase | GuardrailCase | CommandCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a bundle came to, and why, in one sentence."""

    verdict: Verdict
    why: str


def parse_case(source: bytes) -> Case:
    """Raises:
    TooLarge: It has more than 256 KiB.
    InvalidDocument: It is no case, with everything that is wrong with it.
    """
    if len(source) > MAX_BYTES:
        raise TooLarge(f"the case has {len(source):,} bytes")
    reading = yaml_text.parse(source)
    findings = list(reading.findings)
    value = as_mapping(reading.value) if reading.whole else {}
    form = _form(value)
    if reading.whole and form is None:
        hint = "Give `prompt` and `inputs`, or `text` for guardrails, or `command`."
        findings.append(Finding(line=1, where="", message="this is no case", hint=hint))
    if reading.whole and form is not None:
        problems = _checker(form).problems(reading.value, reading.place)
        findings.extend(locate(problems, reading.place))
    if findings:
        raise InvalidDocument("the case", in_order(findings))
    return _case(form or "", dict(value))


def judge(case: RenderingCase | GuardrailCase, told: Told) -> Judged:
    """What *told* comes to."""
    try:
        if isinstance(case, RenderingCase):
            return _rendering(case, told)
        return _guarding(case, told)
    except (NotFound, Invalid) as error:
        return Judged(verdict=Verdict.BAD, why=str(error))


@cache
def _checker(form: str) -> Checker:
    return Checker(json.loads(schemas.read_case())["$defs"][form])


def _form(value: Mapping[str, Json]) -> str | None:
    if "command" in value:
        return "command"
    if "prompt" in value:
        return "rendering"
    if value.keys() & {"guardrail", "text", "tool_call"}:
        return "guardrail"
    return None


def _case(form: str, value: dict[str, Json]) -> Case:
    if form == "command":
        seconds = value.get("timeout_s", TIMEOUT_S)
        return CommandCase(
            command=tuple(map(str, entries(value, "command"))),
            timeout_s=seconds if isinstance(seconds, int) else TIMEOUT_S,
        )
    if form == "rendering":
        return RenderingCase(
            prompt=str(value["prompt"]),
            inputs=as_mapping(value["inputs"]),
            expect=dict(as_mapping(value["expect"])),
        )
    call = value.get("tool_call")
    if (call is None) == ("text" not in value):
        raise Invalid(
            "a guardrail's case has a text or a tool call, and not both",
            hint="Give `text`, or `tool_call` with `stage: tool_call`.",
        )
    return GuardrailCase(
        guardrail=_text(value, "guardrail"),
        rule=_text(value, "rule"),
        stage=str(value.get("stage", "output" if call is None else "tool_call")),
        text=_text(value, "text"),
        tool_call=None if call is None else as_mapping(call),
        expect=str(value["expect"]),
    )


def _text(value: Mapping[str, Json], key: str) -> str | None:
    return str(value[key]) if key in value else None


def _rendering(case: RenderingCase, told: Told) -> Judged:
    prompt = told.prompt(case.prompt)
    left_out: dict[str, object] = {name: [] for name in placeholders(prompt)}
    messages = render(prompt, {**case.inputs, **left_out})
    text = "\n".join(str(message["content"]) for message in messages)
    problems = [one.message for one in unmet(case.expect, text, ("expect",))]
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        return Judged(verdict=Verdict.BAD, why=problems[0] + more)
    return Judged(verdict=Verdict.GOOD, why="it comes to what is expected")


def _guarding(case: GuardrailCase, told: Told) -> Judged:
    guardrails = told.guarding(case.guardrail)
    outcome = check(guardrails, case.stage, case.text, case.tool_call)
    hits = [hit for hit in outcome.findings if case.rule in {None, hit.rule}]
    failed = [hit for hit in hits if hit.error is not None]
    if failed:
        why = f"the rule {failed[0].rule} cannot be run here: {failed[0].error}"
        return Judged(verdict=Verdict.SKIP, why=why)
    came = _came_to(case, outcome, hits)
    good = came == case.expect
    return Judged(
        verdict=Verdict.GOOD if good else Verdict.BAD,
        why=f"it comes to {came}{_because(hits)}"
        + ("" if good else f", and not to {case.expect}"),
    )


def _came_to(case: GuardrailCase, outcome: Outcome, hits: list[Hit]) -> str:
    if case.expect in {"trigger", "pass"}:
        return "trigger" if hits else "pass"
    if case.rule is None:
        return outcome.action.value
    actions = (hit.action for hit in hits)
    return max(actions, key=_STRICTNESS.index, default=Action.ALLOW).value


def _because(hits: list[Hit]) -> str:
    rules = list(dict.fromkeys(f"{hit.guardrail}: {hit.rule}" for hit in hits))
    return f" ({', '.join(rules[:3])})" if rules else ""
