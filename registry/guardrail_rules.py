"""What a guardrail must be beyond what its schema says.

* Each rule has an id of its own, and checks that can be made at its stages.  The
  text of a call is its arguments, line by line, so that it has no length, language
  or schema that means anything, and nothing in it can be redacted.
* What is redacted has to be found somewhere in the text: its length and its
  language are nowhere.  What takes its place is tried by `registry.guardrail_cases`.
* Every pattern is RE2's, also those inside a JSON Schema and of a tool's arguments.
* `any_of` and `all_of` stand at most two deep.
* A case is one of a rule that is there, at one of its stages, with what that stage
  looks at.  Which rules lack one is told by `registry.guardrail_cases`, together
  with the cases that expect the wrong thing.
"""

import re
from collections.abc import Callable, Iterator

from placet.guardrails.rules import REPLACEMENT
from placet.guardrails.urls import is_domain
from registry import json_schemas
from registry.findings import Place, Problem
from registry.misfits import nearest
from registry.parts import Part, entries, mapping, mappings, placed, texts
from registry.patterns import refusals
from registry.values import Path, quoted, spoken

MAX_DEPTH = 2
TOOL_CALL = "tool_call"
GROUPS = ("any_of", "all_of")

_FINDS_PLACES = {
    *("regex", "keyword", "pii", "secret", "url_allowlist", "hidden_text", "external"),
}
_NOT_OF_CALLS = {"length", "language", "json_schema"}
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def replacement(rule: Part) -> str:
    """What a rule that redacts puts there, with `{id}` as it is written."""
    return str(mapping(rule, "redact").get("replacement", REPLACEMENT))


def rule_problems(value: Part, _: Place) -> Iterator[Problem]:
    """Tell what is wrong with the rules, one by one and together."""
    first: dict[str, Path] = {}
    for path, rule in placed(value, "rules"):
        name = str(rule["id"])
        if first.setdefault(name, path) != path:
            message = f"{spoken(first[name])} has the id {name} already"
            hint = "Give each rule an id of its own; cases and logs go by it."
            yield Problem(path=(*path, "id"), message=message, hint=hint)
        yield from _redact_problems(rule, path)
        yield from _stage_problems(rule, path)
        yield from _check_problems(mapping(rule, "check"), (*path, "check"), 0)
    for where, error in refusals(_patterns(value)):
        yield Problem(path=where, message=str(error), hint=error.hint)


def case_problems(value: Part, _: Place) -> Iterator[Problem]:
    """Tell what is wrong with the form of the cases, one by one."""
    rules = {str(rule.get("id")): rule for rule in mappings(value, "rules")}
    for path, case in placed(value, "cases"):
        name = str(case["rule"])
        if name not in rules:
            hint = nearest(name, sorted(rules))
            message = f"{quoted(name)} is no rule of this guardrail"
            yield Problem(path=(*path, "rule"), message=message, hint=hint)
            continue
        yield from _case_stage_problems(case, rules[name], path)
        yield from _span_problems(case, path)


def _redact_problems(rule: Part, path: Path) -> Iterator[Problem]:
    redacts = rule.get("action") == "redact"
    if "redact" in rule and not redacts:
        message = "`redact` is only for rules with `action: redact`"
        hint = "Leave it out, or write action: redact."
        yield Problem(path=(*path, "redact"), message=message, hint=hint)
    replacement = str(mapping(rule, "redact").get("replacement", ""))
    for found in _PLACEHOLDER.findall(replacement):
        if found != "{id}":
            message = f"{quoted(found)} is not replaced by anything"
            hint = "Only {id}, the rule's id, is; write the rest without braces."
            where = (*path, "redact", "replacement")
            yield Problem(path=where, message=message, hint=hint)
    if redacts and not _finds_places(mapping(rule, "check")):
        message = "the check finds no place in the text that could be redacted"
        hint = "Choose another action, as block or flag."
        yield Problem(path=(*path, "action"), message=message, hint=hint)


def _finds_places(check: Part) -> bool:
    found = [_finds_places(inner) for _, inner in placed(check, "checks")]
    if check["type"] == "any_of":
        return all(found)
    return any(found) or check["type"] in _FINDS_PLACES


def _stage_problems(rule: Part, path: Path) -> Iterator[Problem]:
    types = set(_types(mapping(rule, "check")))
    redacts = rule.get("action") == "redact"
    for index, stage in enumerate(entries(rule, "stage")):
        if stage != TOOL_CALL and TOOL_CALL in types:
            message = f"at the stage {stage} no tool is called"
            hint = "Write stage: [tool_call]; make a rule of its own for other stages."
        elif stage == TOOL_CALL and (wrong := sorted(types & _NOT_OF_CALLS)):
            message = f"a call of a tool has nothing for the check {wrong[0]}"
            hint = "Use the check tool_call with `args`, or the stage tool_result."
        elif stage == TOOL_CALL and redacts:
            message = "in a call of a tool nothing can be redacted"
            hint = "Choose another action, as block, or leave the stage out."
        else:
            continue
        yield Problem(path=(*path, "stage", index), message=message, hint=hint)


def _types(check: Part) -> Iterator[str]:
    yield str(check["type"])
    for _, inner in placed(check, "checks"):
        yield from _types(inner)


def _check_problems(check: Part, path: Path, depth: int) -> Iterator[Problem]:
    find = _OF_TYPE.get(str(check["type"]))
    if find is not None:
        yield from find(check, path)
    if check["type"] in GROUPS and depth == MAX_DEPTH:
        message = f"checks stand more than {MAX_DEPTH} deep in each other here"
        hint = "Make it simpler, or two rules of it."
        yield Problem(path=path, message=message, hint=hint)
        return
    for step, inner in placed(check, "checks"):
        yield from _check_problems(inner, (*path, *step), depth + 1)


def _length_problems(check: Part, path: Path) -> Iterator[Problem]:
    least, most = check.get("min"), check.get("max")
    if least is None and most is None:
        hint = "Add `max`, `min` or both."
        yield Problem(path=path, message="a length without bounds", hint=hint)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        message, hint = f"no length is both {least:,} and {most:,}", "Swap them."
        yield Problem(
            path=(*path, "min"), message=f"min is above max: {message}", hint=hint
        )


def _schema_problems(check: Part, path: Path) -> Iterator[Problem]:
    found = json_schemas.form_problems(check["schema"])
    yield from (problem.below((*path, "schema")) for problem in found)


def _domain_problems(check: Part, path: Path) -> Iterator[Problem]:
    for index, domain in enumerate(texts(check, "domains")):
        if domain != domain.lower() or not is_domain(domain):
            message = f"{quoted(domain)} is not the name of a host"
            hint = (
                "Write it as acme.example: lower case, without scheme, path and `*`; "
                "for hosts below it there is `allow_subdomains`."
            )
            yield Problem(path=(*path, "domains", index), message=message, hint=hint)


def _pii_problems(check: Part, path: Path) -> Iterator[Problem]:
    if "regions" in check and "PHONE_NUMBER" not in texts(check, "entities"):
        message = "`regions` is only for PHONE_NUMBER"
        hint = "Leave it out, or add PHONE_NUMBER to `entities`."
        yield Problem(path=(*path, "regions"), message=message, hint=hint)


def _patterns(guardrail: Part) -> Iterator[tuple[Path, str]]:
    for path, rule in placed(guardrail, "rules"):
        yield from _patterns_of(mapping(rule, "check"), (*path, "check"))


def _patterns_of(check: Part, path: Path) -> Iterator[tuple[Path, str]]:
    if check["type"] == "regex":
        yield (*path, "pattern"), str(check["pattern"])
    for name, pattern in mapping(check, "args").items():
        yield (*path, "args", name), str(pattern)
    schema = check.get("schema")
    if not json_schemas.form_problems(schema or True):
        yield from json_schemas.patterns(schema, (*path, "schema"))
    for step, inner in placed(check, "checks"):
        yield from _patterns_of(inner, (*path, *step))


def _case_stage_problems(case: Part, rule: Part, path: Path) -> Iterator[Problem]:
    stage, stages = case["stage"], entries(rule, "stage")
    if stage not in stages:
        message = f"the rule {case['rule']} does not look at the stage {stage}"
        hint = "Its stages are " + ", ".join(map(str, stages)) + "."
        yield Problem(path=(*path, "stage"), message=message, hint=hint)
    wanted, other = (
        ("tool_call", "text") if stage == TOOL_CALL else ("text", "tool_call")
    )
    if wanted not in case:
        message = f"`{wanted}` is missing: the stage {stage} looks at it"
        yield Problem(path=path, message=message, hint=_GIVE[wanted])
    if other in case:
        message = f"the stage {stage} does not look at a {other}"
        hint = f"Leave `{other}` out."
        yield Problem(path=(*path, other), message=message, hint=hint)


_GIVE = {
    "text": "Add `text`, the text that the rule is run on.",
    "tool_call": "Add `tool_call`, with `name` and `arguments`.",
}


def _span_problems(case: Part, path: Path) -> Iterator[Problem]:
    text = case.get("text")
    if "spans" not in case:
        return
    if case["expect"] == "pass" or not isinstance(text, str):
        hint = "Leave them out."
        message = "`spans` are only for texts in which the rule must trigger"
        yield Problem(path=(*path, "spans"), message=message, hint=hint)
        return
    end = 0
    for index, span in enumerate(entries(case, "spans")):
        first, last = span if isinstance(span, list) else (0, 0)
        if not (isinstance(first, int) and isinstance(last, int)):
            continue
        if not end <= first < last <= len(text):
            message = f"[{first}, {last}] cannot be here"
            hint = (
                f"Spans come in their order, do not overlap, and lie within the "
                f"text, which has {len(text):,} characters."
            )
            yield Problem(path=(*path, "spans", index), message=message, hint=hint)
        end = max(end, last)


_OF_TYPE: dict[str, Callable[[Part, Path], Iterator[Problem]]] = {
    "length": _length_problems,
    "json_schema": _schema_problems,
    "url_allowlist": _domain_problems,
    "pii": _pii_problems,
}
