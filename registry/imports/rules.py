"""A guardrail from rules that a file gives, each with cases that were tried.

* A rule comes with texts that it might find.  The first that it does find, run as
  the registry runs every case, is its case that triggers; a plain sentence that it
  lets through is its case that passes.
* A rule for which there is no such text is a leftover: nobody could see it work.
* The cases say that a rule runs, not that it is a good rule; whoever imports is
  told to read them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from placet.guardrails.rules import run_rule
from registry.errors import Invalid
from registry.imports.drafts import described, verified
from registry.imports.results import Asked, Notes, refused
from registry.names import Kind, Ref
from registry.values import Json

MAX_TRIED = 60
BOTH_WAYS = ("input", "output")

_NEUTRAL = (
    "The weather is mild today.",
    "Lunch is at noon on Tuesday.",
    "Thank you for the flowers.",
    "Hello",
    "Le ciel est bleu.",
    "one two three",
    "{}",
)
_SEVERITIES = {"low", "medium", "high", "critical"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as a file gives it.

    Attributes:
        where: Where it stands in the file, for leftovers.
        found: Texts that it might find, likely ones first.
        passed: Texts that it might let through, before the plain sentences.
        calls: The same as `found`, for a rule about calls of tools.
        passed_calls: Calls that might be let through.
    """

    id: str
    where: str
    title: str
    stages: tuple[str, ...]
    check: Mapping[str, Json]
    action: str
    severity: str
    message: str
    found: Iterable[str] = ()
    passed: tuple[str, ...] = ()
    calls: tuple[Mapping[str, Json], ...] = ()
    passed_calls: tuple[Mapping[str, Json], ...] = ()


def severity_of(said: Json, otherwise: str = "high") -> str:
    return str(said).lower() if str(said).lower() in _SEVERITIES else otherwise


def guardrail(
    drafts: Iterable[RuleDraft], description: str, asked: Asked, notes: Notes
) -> tuple[Ref, str]:
    """Raises:
    Invalid: Nothing in it can be carried over.
    """
    rules: list[tuple[RuleDraft, list[Json]]] = []
    for draft in drafts:
        cases = _cases(draft, notes)
        if cases:
            rules.append((draft, cases))
    if not rules:
        told = "; ".join(f"{one.where}: {one.message}" for one in notes.leftovers[:3])
        hint = f"What was found: {told}" if told else "It has no rule that is read."
        raise refused("no rule in it can be carried over", hint)
    message = "The cases were generated, and tried: read them, and add real ones."
    notes.add("cases", message)
    try:
        return _document(rules, description, asked, notes)
    except Invalid:
        kept = [one for one in rules if _stands_alone(one, asked, notes)]
        if not kept or len(kept) == len(rules):
            raise
        return _document(kept, description, asked, notes)


def _document(
    rules: list[tuple[RuleDraft, list[Json]]],
    description: str,
    asked: Asked,
    notes: Notes,
) -> tuple[Ref, str]:
    value: dict[str, Json] = {
        "kind": Kind.GUARDRAIL.value,
        "name": asked.name,
        "version": asked.version,
        "owner": asked.owner,
        "description": described(description, notes),
        "rules": [_rule(draft) for draft, _ in rules],
        "cases": [case for _, cases in rules for case in cases],
    }
    return verified(Kind.GUARDRAIL, asked.name, value)


def _stands_alone(
    one: tuple[RuleDraft, list[Json]], asked: Asked, notes: Notes
) -> bool:
    """Whether a guardrail of this rule alone is taken; told if it is not."""
    try:
        _document([one], "Tried.", asked, Notes())
    except Invalid as error:
        notes.add(one[0].where, f"The rule is not taken here: {error}.")
        return False
    return True


def _rule(draft: RuleDraft) -> dict[str, Json]:
    stages: list[Json] = [*draft.stages]
    return {
        "id": draft.id,
        **({"title": draft.title[:200]} if draft.title else {}),
        "stage": stages,
        "check": dict(draft.check),
        "action": draft.action,
        "severity": draft.severity,
        "message": draft.message[:500] or "A rule that was imported has triggered.",
    }


def _cases(draft: RuleDraft, notes: Notes) -> list[Json]:
    """A case that triggers and cases that pass; nothing if there are none."""
    rule, stage = _rule(draft), draft.stages[0]
    if draft.calls or draft.passed_calls:
        return _call_cases(draft, rule, notes)
    found = _first(rule, stage, draft.found, wanted=True)
    if found is None:
        message = "No text was found that the rule triggers on, so it was left out."
        notes.add(draft.where, message)
        return []
    passed = [_first(rule, stage, [text], wanted=False) for text in draft.passed]
    told = [text for text in passed if text is not None]
    plain = _first(rule, stage, _NEUTRAL, wanted=False)
    if plain is None and not told:
        message = "It triggers on every plain sentence, so it was left out."
        notes.add(draft.where, message)
        return []
    texts = [(found, "trigger"), *((text, "pass") for text in told)]
    texts += [(plain, "pass")] if plain is not None else []
    return [
        {"rule": draft.id, "stage": stage, "text": text, "expect": expect}
        for text, expect in texts
    ]


def _first(
    rule: Mapping[str, Json], stage: str, texts: Iterable[str], *, wanted: bool
) -> str | None:
    """The first of *texts* that the rule decides on as wanted."""
    for number, text in enumerate(texts):
        if number >= MAX_TRIED:
            break
        result = run_rule(rule, stage, text=text)
        if result.error is None and result.triggered is wanted:
            return text
    return None


def _call_cases(draft: RuleDraft, rule: Mapping[str, Json], notes: Notes) -> list[Json]:
    cases: list[Json] = []
    for calls, expect in ((draft.calls, "trigger"), (draft.passed_calls, "pass")):
        for call in calls[:MAX_TRIED]:
            result = run_rule(rule, "tool_call", tool_call=call)
            if result.error is None and result.triggered is (expect == "trigger"):
                cases.append(
                    {
                        "rule": draft.id,
                        "stage": "tool_call",
                        "tool_call": dict(call),
                        "expect": expect,
                    }
                )
                break
        else:
            message = f"No call was found that the rule would {expect}: left out."
            notes.add(draft.where, message)
            return []
    return cases
