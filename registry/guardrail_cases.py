"""Cases of guardrails: texts and calls that show what each rule does.

* They are run with the code that a chatbot runs the rules with.
* A rule with an `external` check is not run: its engine is not here.
* Cases that would take noticeable time are refused rather than tried.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from placet.errors import BadAnswer, Unsupported
from placet.guardrails.patterns import compiled
from placet.guardrails.rules import Result, open_rule
from placet.guardrails.rules import Rule as Opened
from placet.guardrails.subjects import subject_of
from registry.documents import Document
from registry.findings import Problem
from registry.guardrail_parts import Part, mapping, mappings, texts
from registry.json_schemas import expanded, patterns
from registry.names import Ref
from registry.values import Path, count, quoted

MAX_STEPS = 500_000_000
"""Characters times what a rule does with each; less than ten seconds at worst."""

_STEPS = {
    "pii": 2_000,
    "secret": 2_000,
    "language": 10_000,
    "url_allowlist": 500,
}
_ASCII_ONLY = ("\\d", "\\w", "\\b", "\\s", "\\D", "\\W", "\\B", "\\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A case, and the rule that it is tried with."""

    rule: Part
    case: Part

    @property
    def shown(self) -> str:
        """What the rule looks at, for people."""
        call = self.case.get("tool_call")
        if not isinstance(call, dict):
            return quoted(str(self.case.get("text", "")))
        arguments = json.dumps(call.get("arguments"), ensure_ascii=False)
        return "the call " + quoted(f"{call.get('name')} {arguments}")


def problems(document: Document, _: Callable[[Ref], Document]) -> Iterator[Problem]:
    """Tell which cases of a guardrail do not come out as they say."""
    rules = {str(rule["id"]): rule for rule in mappings(document.value, "rules")}
    cases = mappings(document.value, "cases")
    trials = [Trial(rule=rules[str(case["rule"])], case=case) for case in cases]
    errors: set[tuple[str, str]] = set()
    for index, (trial, result) in enumerate(tried(trials)):
        path: Path = ("cases", index)
        if result is None:
            if is_external(mapping(trial.rule, "check")):
                continue
            hint = "Give fewer cases, shorter texts, or simpler patterns."
            message = "running the cases would take too long"
            yield Problem(path=path, message=message, hint=hint)
            return
        error = (str(trial.rule["id"]), result.error or "")
        if error not in errors:
            yield from _unmet(trial, result, path)
        if result.error is not None:
            errors.add(error)


def tried(trials: list[Trial]) -> Iterator[tuple[Trial, Result | None]]:
    """Run rules, for as long as that takes no noticeable time.

    Yields:
        Each trial with its result: `None` for a rule that cannot be run here, and
        for every trial that is too much.
    """
    left = MAX_STEPS
    opened: dict[int, Opened | Result] = {}
    for trial in trials:
        check = mapping(trial.rule, "check")
        if is_external(check):
            yield trial, None
            continue
        steps = _steps(check) * _size(trial.case)
        left -= steps
        if left < 0:
            yield trial, None
            continue
        key = id(trial.rule)  # the trials keep their rules
        if key not in opened:
            opened[key] = _opened(trial.rule)
        result = _run(opened[key], trial.case)
        # Looking on after each place that was found can take as long as the first.
        left -= steps * len(result.spans)
        yield trial, result


def is_external(check: Part) -> bool:
    """Whether an engine is needed that the registry does not have."""
    inner = mappings(check, "checks")
    return check.get("type") == "external" or any(map(is_external, inner))


def _opened(rule: Part) -> Opened | Result:
    try:
        return open_rule(rule)
    except (BadAnswer, Unsupported) as error:
        return Result(triggered=False, spans=(), error=str(error))


def _run(rule: Opened | Result, case: Part) -> Result:
    if isinstance(rule, Result):
        return rule
    call, text = case.get("tool_call"), case.get("text")
    subject = subject_of(
        str(case["stage"]),
        text if isinstance(text, str) else None,
        call if isinstance(call, dict) else None,
        None,
    )
    return rule.run(subject)


def _steps(check: Part) -> int:
    """What the check does with each character, at worst."""
    inner = sum(_steps(each) + 1 for each in mappings(check, "checks"))
    terms = sum(len(term) for term in texts(check, "terms"))
    sizes = [compiled(pattern).programsize for pattern in _patterns(check)]
    schema = mapping(check, "schema")
    parts = expanded(schema) if schema else 0
    own = _STEPS.get(str(check["type"]), 20)
    return inner + terms + sum(sizes) + parts + own


def _patterns(check: Part) -> Iterator[str]:
    if check["type"] == "regex":
        yield str(check["pattern"])
    yield from map(str, mapping(check, "args").values())
    yield from (pattern for _, pattern in patterns(check.get("schema")))


def _size(case: Part) -> int:
    call = case.get("tool_call")
    if isinstance(call, dict):
        return len(json.dumps(call)) + count(call)
    return len(str(case.get("text", ""))) + 1


def _unmet(trial: Trial, result: Result, path: Path) -> Iterator[Problem]:
    case, name, shown = trial.case, trial.rule["id"], trial.shown
    expected = case["expect"] == "trigger"
    if result.error is not None:
        message = f"the rule {name} cannot be run on {shown}: {result.error}"
        hint = "Shorten the text, or correct the rule."
    elif expected and not result.triggered:
        message, hint = f"the rule {name} does not trigger on {shown}", _hint(trial)
        path = (*path, "expect")
    elif result.triggered and not expected:
        message = f"the rule {name} triggers on {shown}{_found(case, result)}"
        hint = "Correct the rule, or what the case expects."
        path = (*path, "expect")
    elif "spans" in case and not _has_spans(case, result):
        found = json.dumps([list(span) for span in result.spans])
        message = f"the rule {name} finds {found} in {shown}"
        hint = "Positions are characters from 0, the end not included."
        path = (*path, "spans")
    else:
        return
    yield Problem(path=path, message=message, hint=hint)


def _hint(trial: Trial) -> str:
    """What may be the matter with a rule that does not trigger."""
    check, text = mapping(trial.rule, "check"), str(trial.case.get("text", ""))
    pattern = str(check.get("pattern", ""))
    if not text.isascii() and any(escape in pattern for escape in _ASCII_ONLY):
        return "In RE2 \\d, \\w and \\b are ASCII; for others, \\p{Nd} and [\\pL\\pN_]."
    if text.endswith("\n") and pattern.endswith("$"):
        return "In RE2 $ is the very end of the text, after a last line end."
    other = not check.get("case_sensitive", check["type"] == "regex")
    rule = {**trial.rule, "check": {**check, "case_sensitive": other}}
    if not other and _run(_opened(rule), trial.case).triggered:
        return "It would with case_sensitive: false."
    return "Correct the rule, or what the case expects."


def _found(case: Part, result: Result) -> str:
    if not result.spans:
        return ""
    start, end = result.spans[0]
    return f": it finds {quoted(str(case.get('text', ''))[start:end])} at {start}"


def _has_spans(case: Part, result: Result) -> bool:
    return [list(span) for span in result.spans] == case["spans"]
