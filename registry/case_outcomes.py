"""Case outcomes: what a document's own cases come to, before a change and after it.

* A prompt's case is rendered with its inputs, by the chatbot's own code; a guardrail's
  is tried on the rule that it is for.
* The cases of the text afterwards are tried on both; those that it no longer has are
  told as gone, with what they came to before.
* What a case expects is told before and afterwards: one that expects something else,
  or nothing any more, holds for no better reason than that.
* What cannot be rendered comes to nothing, and so does a rule that is not there.  Why
  a case does not hold is told by the check of the cases (`registry.checks`).
"""

import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from placet.errors import PlacetError
from placet.guardrails.rules import Result
from placet.prompts import Prompt, prompt_of
from registry.cases import unmet
from registry.documents import Document
from registry.errors import Invalid
from registry.guardrail_cases import Trial, tried
from registry.names import Kind, kind_of
from registry.parts import Part, mapping, mappings
from registry.renderings import Messages, placeholders, render
from registry.values import Json
from registry.yaml_dump import dump

_TRIGGERS, _PASSES = "triggers", "passes"
UNTRIED = "cannot be tried here"
"""What a rule does that needs an engine which is not here, or too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """One case, and what it comes to.

    Attributes:
        given: Its inputs, or what the rule looks at.
        inputs: The same as values; of a guardrail's case there are none.
        before: `None` where there was nothing that it could have come to.
        after: The same with what is proposed.
        holds: Whether it comes out afterwards as it says; `None` if that is unknown.
        gone: Whether the proposed text has it no more.
        expected_before: What it says should come out, empty if nothing; `None` where
            there was no such case.
        expected: The same afterwards; `None` where it is gone.
    """

    name: str
    given: str
    inputs: dict[str, Any]
    before: str | None
    after: str | None
    holds: bool | None
    gone: bool
    expected_before: str | None
    expected: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A document as it stands, and as it is served."""

    document: Document
    body: bytes


def case_outcomes(before: Side | None, after: Side | None) -> tuple[CaseOutcome, ...]:
    """Every case of a prompt or guardrail, in its order, then those that are gone."""
    one = after or before
    if one is None:
        return ()
    kind = kind_of(one.document.ref)
    if kind is Kind.PROMPT:
        return tuple(_prompt(before, after))
    return tuple(_guardrail(before, after)) if kind is Kind.GUARDRAIL else ()


def _prompt(before: Side | None, after: Side | None) -> Iterator[CaseOutcome]:
    old, new = _opened(before), _opened(after)
    expected = _expected(before, _inputs_of)
    for number, (case, gone) in enumerate(_cases(before, after, _inputs_of), 1):
        rendered = None if gone else _rendered(new, case)
        yield CaseOutcome(
            name=str(case.get("name") or f"case {number}"),
            given=dump(mapping(case, "inputs")).decode(),
            inputs=mapping(case, "inputs"),
            before=_as_read(_rendered(old, case)),
            after=_as_read(rendered),
            holds=None if rendered is None else _holds(rendered, case),
            gone=gone,
            expected_before=expected.get(_inputs_of(case)),
            expected=None if gone else _expects(case),
        )


def _guardrail(before: Side | None, after: Side | None) -> Iterator[CaseOutcome]:
    cases = _cases(before, after, _rule_and_text)
    was_expected = _expected(before, _rule_and_text)
    old = _tried(before, [case for case, _ in cases])
    new = _tried(after, [case for case, _ in cases])
    for (case, gone), was, now in zip(cases, old, new, strict=True):
        expected = _TRIGGERS if case.get("expect") == "trigger" else _PASSES
        yield CaseOutcome(
            name=str(case["rule"]),
            given=_looked_at(case),
            inputs={},
            before=was,
            after=now,
            holds=None if now in {None, UNTRIED} or gone else now == expected,
            gone=gone,
            expected_before=was_expected.get(_rule_and_text(case)),
            expected=None if gone else _expects(case),
        )


def _cases(
    before: Side | None, after: Side | None, known_by: Callable[[Part], Hashable]
) -> list[tuple[Part, bool]]:
    """Each case, and whether the text afterwards has it no more."""
    now = mappings(after.document.value, "cases") if after else []
    was = mappings(before.document.value, "cases") if before else []
    kept = {known_by(case) for case in now}
    gone = [case for case in was if known_by(case) not in kept]
    return [*((case, False) for case in now), *((case, True) for case in gone)]


def _expected(
    side: Side | None, known_by: Callable[[Part], Hashable]
) -> dict[Hashable, str]:
    """What each case of a text expects."""
    found = mappings(side.document.value, "cases") if side else []
    return {known_by(case): _expects(case) for case in found}


def _expects(case: Part) -> str:
    """In words, empty where nothing is expected."""
    found = case.get("expect")
    if isinstance(found, dict):
        return dump(found).decode() if any(one != [] for one in found.values()) else ""
    return {"trigger": _TRIGGERS, "pass": _PASSES}.get(str(found), str(found or ""))


def _inputs_of(case: Part) -> str:
    """What a prompt's case is known by: its name; without one what it gives."""
    return str(case.get("name") or json.dumps(case.get("inputs"), sort_keys=True))


def _rule_and_text(case: Part) -> tuple[str, str]:
    """What a guardrail's case is known by: two rules may look at the same text."""
    return str(case["rule"]), _looked_at(case)


def _looked_at(case: Part) -> str:
    """What a guardrail's case has the rule look at."""
    call = case.get("tool_call")
    if not isinstance(call, dict):
        return str(case.get("text", ""))
    return json.dumps(call, ensure_ascii=False)


def _opened(side: Side | None) -> Prompt | None:
    if side is None:
        return None
    try:
        return prompt_of(json.loads(side.body), "", "", (0, 0), stale=False)
    except PlacetError:
        return None


def _rendered(prompt: Prompt | None, case: Part) -> Messages | None:
    if prompt is None:
        return None
    history: dict[str, Json] = {name: [] for name in placeholders(prompt)}
    try:
        return render(prompt, history | mapping(case, "inputs"))
    except Invalid:
        return None


def _as_read(messages: Messages | None) -> str | None:
    if messages is None:
        return None
    return "\n\n".join(f"[{one['role']}]\n{one['content']}" for one in messages)


def _holds(messages: Messages, case: Part) -> bool:
    said = "\n".join(str(one["content"]) for one in messages)
    return not any(unmet(mapping(case, "expect"), said, ()))


def _tried(side: Side | None, cases: Sequence[Part]) -> Iterator[str | None]:
    """What each case's rule does with it; `None` where there is no such rule."""
    value = side.document.value if side else {}
    rules = {str(rule["id"]): rule for rule in mappings(value, "rules")}
    found = {
        number: Trial(rule=rules[str(case["rule"])], case=case)
        for number, case in enumerate(cases)
        if str(case["rule"]) in rules
    }
    results = dict(zip(found, tried(list(found.values())), strict=True))
    for number in range(len(cases)):
        yield _done(results[number][1]) if number in results else None


def _done(result: Result | None) -> str:
    if result is None or result.error is not None:
        return UNTRIED
    return _TRIGGERS if result.triggered else _PASSES
