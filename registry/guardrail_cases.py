"""Cases of guardrails: texts and calls that show what each rule does.

* A rule without a case that triggers and one that passes is invalid: nobody has
  seen it do anything.
* They are run with the code that a chatbot runs the rules with.
* A rule with an `external` check is not run: its engine is not here.
* What a rule that redacts puts in the place of what it found must not be such a
  thing again: it would redact nothing.
* Cases that would take noticeable time are refused rather than tried; what JSON
  Schemas take is counted as the chatbot counts it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from placet.errors import BadAnswer, Unsupported
from placet.guardrails.patterns import compiled
from placet.guardrails.rules import Result, open_rule
from placet.guardrails.rules import Rule as Opened
from placet.guardrails.subjects import Subject, subject_of
from registry.documents import Document
from registry.findings import Problem
from registry.guardrail_rules import replacement
from registry.names import Ref
from registry.parts import Part, entries, mapping, mappings, placed, texts
from registry.values import Path, count, quoted

MAX_STEPS = 500_000_000
"""Characters times what a rule does with each; less than ten seconds at worst."""

MAX_SCHEMAS = 2_000_000_000
"""What all JSON Schemas of a guardrail may take, in nanoseconds at worst."""
_OPENING = 250_000
"""For each value that a schema is written with."""

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
    """Tell which rules lack a case, and what does not come out as it should."""
    yield from _missing(document.value)
    yield from _found_again(document.value)
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


def _missing(guardrail: Part) -> Iterator[Problem]:
    cases = mappings(guardrail, "cases")
    seen = {(str(case["rule"]), str(case["expect"])) for case in cases}
    for path, rule in placed(guardrail, "rules"):
        for expect in ("trigger", "pass"):
            if (str(rule["id"]), expect) not in seen:
                name = rule["id"]
                message = f"the rule {name} has no case that shows it {expect}"
                hint = f"Add one under `cases`: {{rule: {name}, ..., expect: {expect}}}"
                yield Problem(path=path, message=message, hint=f"{hint}.")


def _found_again(guardrail: Part) -> Iterator[Problem]:
    """Tell which rules find what they redact with."""
    paths: list[Path] = []
    trials: list[Trial] = []
    for path, rule in placed(guardrail, "rules"):
        text = replacement(rule).replace("{id}", str(rule["id"]))
        if rule["action"] == "redact" and text:
            case: Part = {"stage": entries(rule, "stage")[0], "text": text}
            paths.append((*path, "redact", "replacement") if "redact" in rule else path)
            trials.append(Trial(rule=rule, case=case))
    for path, (trial, result) in zip(paths, tried(trials), strict=True):
        name, shown = trial.rule["id"], trial.shown
        if result is not None and result.triggered:
            message = f"the rule {name} finds {shown}, which it redacts with"
            hint = (
                "Write `redact: {replacement: ...}` with what the check does not find."
            )
        elif result is None and not is_external(mapping(trial.rule, "check")):
            message = f"it would take too long to try the rule {name} on {shown}"
            hint = "Give shorter replacements, or simpler patterns."
        else:
            continue
        yield Problem(path=path, message=message, hint=hint)


def tried(trials: list[Trial]) -> Iterator[tuple[Trial, Result | None]]:
    """Run rules, for as long as that takes no noticeable time.

    Yields:
        Each trial with its result: `None` for a rule that cannot be run here, and
        for every trial that is too much.
    """
    left, schemas_left = MAX_STEPS, MAX_SCHEMAS
    opened: dict[int, Opened | Result] = {}
    for trial in trials:
        check = mapping(trial.rule, "check")
        if is_external(check):
            yield trial, None
            continue
        key = id(trial.rule)  # the trials keep their rules
        steps = _steps(check) * _size(trial.case)
        left -= steps
        schemas_left -= 0 if key in opened else _opening(check)
        if left < 0 or schemas_left < 0:
            yield trial, None
            continue
        if key not in opened:
            opened[key] = _opened(trial.rule)
        subject = _subject(trial.case)
        result = _run(opened[key], subject)
        # Looking on after each place that was found can take as long as the first.
        left -= steps * len(result.spans)
        schemas_left -= subject.allowance.spent
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


def _run(rule: Opened | Result, subject: Subject) -> Result:
    return rule if isinstance(rule, Result) else rule.run(subject)


def _subject(case: Part) -> Subject:
    call, text = case.get("tool_call"), case.get("text")
    return subject_of(
        str(case["stage"]),
        text if isinstance(text, str) else None,
        call if isinstance(call, dict) else None,
        None,
    )


def _opening(check: Part) -> int:
    inner = sum(map(_opening, mappings(check, "checks")))
    schema = mapping(check, "schema")
    return inner + (_OPENING * count(schema) if schema else 0)


def _steps(check: Part) -> int:
    """What the check does with each character, at worst."""
    inner = sum(_steps(each) + 1 for each in mappings(check, "checks"))
    terms = sum(len(term) for term in texts(check, "terms"))
    sizes = [compiled(pattern).programsize for pattern in _patterns(check)]
    own = _STEPS.get(str(check["type"]), 20)
    return inner + terms + sum(sizes) + own


def _patterns(check: Part) -> Iterator[str]:
    if check["type"] == "regex":
        yield str(check["pattern"])
    yield from map(str, mapping(check, "args").values())


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
    if not other and _run(_opened(rule), _subject(trial.case)).triggered:
        return "It would with case_sensitive: false."
    return "Correct the rule, or what the case expects."


def _found(case: Part, result: Result) -> str:
    if not result.spans:
        return ""
    start, end = result.spans[0]
    return f": it finds {quoted(str(case.get('text', ''))[start:end])} at {start}"


def _has_spans(case: Part, result: Result) -> bool:
    return [list(span) for span in result.spans] == case["spans"]
