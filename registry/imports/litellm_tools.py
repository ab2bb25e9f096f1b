"""LiteLLM's `tool_permission`: tools that may be called, and tools that may not.

LiteLLM takes the first rule whose regular expressions the whole of a name and of the
arguments fit.  Here what may be called is one rule, what may not another (one more
for each that looks at arguments), and all of them hold: so a tool that an earlier
rule allows and a later one denies is denied, and told.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.imports.naming import rule_id
from registry.imports.results import Notes
from registry.imports.rules import RuleDraft
from registry.imports.tool_arguments import NoArguments, examples_of, patterns_of
from registry.imports.tool_names import (
    NoGlob,
    called,
    globs_of,
    looks_like_glob,
    overlap,
)
from registry.values import Json, quoted

_OTHERS = ("send_email", "get_weather", "list-files", "search", "Bash", "7")
_LEFT_OUT = {
    "allow": "The rule was left out, so these tools are stopped here unless another "
    "rule allows them.",
    "deny": "The rule was left out: nothing here stops these tools.",
}


@dataclass(frozen=True, slots=True)
class _Decided:
    """A rule that LiteLLM has.

    Attributes:
        args: By path, the pattern that the whole of the argument fits.
    """

    decision: str
    tools: tuple[str, ...]
    args: dict[str, str]

    @property
    def check(self) -> dict[str, Json]:
        tools: list[Json] = [*dict.fromkeys(self.tools)]
        args: dict[str, Json] = {**self.args}
        check: dict[str, Json] = {"type": "tool_call", "tools": tools}
        return {**check, "decision": self.decision, **({"args": args} if args else {})}

    @property
    def calls(self) -> tuple[dict[str, Json], ...]:
        return tuple(
            {"name": called(tool), "arguments": arguments}
            for arguments in examples_of(self.args)
            for tool in self.tools
        )


def tool_rules(
    name: str, params: dict[str, Json], taken: set[str], notes: Notes
) -> Iterator[RuleDraft]:
    said = params.get("rules")
    decided = list(_decided(name, said if isinstance(said, list) else [], notes))
    closed = str(params.get("default_action", "deny")).lower() == "deny"
    if str(params.get("on_disallowed_action", "block")).lower() != "block":
        message = "What is not allowed is blocked here, and never rewritten."
        notes.add(f"{name}/on_disallowed_action", message)
    message = str(params.get("violation_message_template") or "")
    if "{" in message:
        where = f"{name}/violation_message_template"
        notes.add(where, "Nothing is put into a message here.")
    allowed = _together([one for one in decided if one.decision == "allow"])
    if allowed and closed:
        yield _rule(name, "allow", allowed, message, taken)
    for one in _together([one for one in decided if one.decision == "deny"]):
        yield _rule(name, "deny", [one], message, taken)
    if closed and not allowed:
        message = (
            "It stops every tool that it does not name; a rule here would have to "
            "name those that are allowed, and there are none: they are not stopped."
        )
        notes.add(name, message)


def _together(rules: list[_Decided]) -> list[_Decided]:
    """The same rules, those that look at no arguments as one."""
    names = tuple(tool for one in rules if not one.args for tool in one.tools)
    first = [_Decided(rules[0].decision, names, {})] if names else []
    return [*first, *(one for one in rules if one.args)]


def _decided(name: str, rules: list[Json], notes: Notes) -> Iterator[_Decided]:
    allowed: list[str] = []
    for each in rules:
        rule = each if isinstance(each, dict) else {}
        where = f"{name}/{rule.get('id')}"
        one = _read(rule, where, notes)
        if one is None:
            continue
        if one.decision == "allow":
            allowed += one.tools
        elif any(overlap(tool, other) for tool in one.tools for other in allowed):
            message = "An earlier rule allows some of it; here it is denied."
            notes.add(where, message)
        yield one


def _read(rule: dict[str, Json], where: str, notes: Notes) -> _Decided | None:
    """None, and told, if it was left out."""
    pattern, decision = rule.get("tool_name"), str(rule.get("decision")).lower()
    if decision not in _LEFT_OUT or not isinstance(pattern, str) or not pattern.strip():
        notes.add(where, "It names no tool, or decides nothing.")
        return None
    if rule.get("tool_type") not in (None, "", "function"):
        notes.add(where, f"Tools have no type here. {_LEFT_OUT[decision]}")
        return None
    try:
        tools = globs_of(pattern.strip())
        args = patterns_of(rule.get("allowed_param_patterns"))
    except NoGlob as error:
        told = _no_glob(pattern.strip(), error)
        notes.add(where, f"{told} {_LEFT_OUT[decision]}")
        return None
    except NoArguments as error:
        told = f"What it says of arguments cannot be said: {error.message}."
        notes.add(where, f"{told} {_LEFT_OUT[decision]}")
        return None
    if args and decision == "deny":
        message = "A call without any argument is stopped by LiteLLM, and not here."
        notes.add(where, message)
    return _Decided(decision, tools, args)


def _no_glob(pattern: str, error: NoGlob) -> str:
    told = (
        f"{quoted(pattern)} is a regular expression, and no names with `*` and `?` "
        f"stand for exactly the same tools: {error.message}."
    )
    if looks_like_glob(pattern):
        told += " (LiteLLM reads `*` as a repetition; any characters are `.*`.)"
    return told


def _rule(
    name: str, decision: str, decided: list[_Decided], message: str, taken: set[str]
) -> RuleDraft:
    """A rule for one decision; to allow several, none of which fits, takes all."""
    checks: list[Json] = [one.check for one in decided]
    several: dict[str, Json] = {"type": "all_of", "checks": checks}
    calls = tuple(call for one in decided for call in one.calls)
    others: tuple[dict[str, Json], ...] = tuple(
        {"name": other, "arguments": {}} for other in _OTHERS
    )
    return RuleDraft(
        id=rule_id(f"{name}-{decision}", taken),
        where=name,
        title=f"{name}: tools to {decision}",
        stages=("tool_call",),
        check=several if len(decided) > 1 else decided[0].check,
        action="block",
        severity="high",
        message=message or "A tool that is not allowed was called.",
        calls=others if decision == "allow" else calls,
        passed_calls=calls if decision == "allow" else others,
    )
