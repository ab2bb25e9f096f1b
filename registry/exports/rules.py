"""A guardrail's rules, as every export reads them, and what each can lose.

* A target says which stages it looks at and what it can do.  What is stricter there
  is carried over and told; what would do less is left out and told.
* A rule that cannot be carried over is left out with its reason.  Where no rule
  remains, the export is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, cast

from registry.errors import NotExportable
from registry.exports import Loss
from registry.exports.steps import Steps
from registry.values import Json

Entry = TypeVar("Entry")

_FIRST = 3
_STAGES = {
    "input": "what people write",
    "output": "answers",
    "retrieval": "texts that were found",
    "tool_call": "calls of tools",
    "tool_result": "results of tools",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, as it stands in the document.

    Attributes:
        replacement: What a find is replaced with, for `redact` alone.
    """

    id: str
    title: str
    stages: tuple[str, ...]
    check: Mapping[str, Json]
    action: str
    on_error: str
    replacement: str | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A product that can be exported to.

    Attributes:
        stages: Those that it looks at.
        does: What it does for each action; an action that is not in it would do
            less there than the document says.
    """

    name: str
    stages: frozenset[str]
    does: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carried(Generic[Entry]):
    """What becomes of one rule."""

    rule: Rule
    entries: tuple[Entry, ...]


def rules_of(value: Mapping[str, Json]) -> tuple[Rule, ...]:
    """Args:
    value: A guardrail that was checked.
    """
    rules = cast(list[Mapping[str, Json]], value["rules"])
    return tuple(_rule(each) for each in rules)


def _rule(each: Mapping[str, Json]) -> Rule:
    action, name = str(each["action"]), str(each["id"])
    redact = cast(Mapping[str, str], each.get("redact", {}))
    replacement = redact.get("replacement", "[{id}]").replace("{id}", name)
    return Rule(
        id=name,
        title=str(each.get("title", name)),
        stages=tuple(cast(list[str], each["stage"])),
        check=cast(Mapping[str, Json], each["check"]),
        action=action,
        on_error=str(each.get("on_error", "block")),
        replacement=replacement if action == "redact" else None,
        message=str(each["message"]),
    )


def carry(
    value: Mapping[str, Json],
    target: Target,
    one: Callable[[Rule, list[str], Steps], Iterable[Entry]],
) -> tuple[tuple[Carried[Entry], ...], tuple[Loss, ...]]:
    """What becomes of every rule, and what is lost.

    Args:
        one: Makes entries of a rule, with the stages that are left of it; adds what
            is lost to the list, and takes its steps of those that the document has;
            raises `NotExportable` for a rule that is left out.

    Raises:
        NotExportable: No rule can be carried over.
    """
    carried: list[Carried[Entry]] = []
    losses: list[Loss] = []
    steps = Steps()
    for rule in rules_of(value):
        told: list[str] = []
        steps.next_rule()
        try:
            kept = _kept(rule, target, told)
            entries = tuple(one(kept, told, steps))
        except NotExportable as error:
            told = [f"Not exported, because {error}."]
        else:
            carried.append(Carried(kept, entries))
        losses += (Loss(rule=rule.id, message=message) for message in told)
    if not carried:
        raise _nothing(value, target, losses)
    return tuple(carried), tuple(losses)


def _kept(rule: Rule, target: Target, told: list[str]) -> Rule:
    """The rule at the stages that the target has."""
    stages = tuple(stage for stage in rule.stages if stage in target.stages)
    missing = [_STAGES[stage] for stage in rule.stages if stage not in target.stages]
    if not stages:
        raise NotExportable(f"{target.name} does not look at {_listed(missing)}")
    if rule.action not in target.does:
        raise NotExportable(
            f"it is to {_WORDS[rule.action]}, which {target.name} cannot"
        )
    if missing:
        told.append(
            f"Not applied to {_listed(missing)}, which {target.name} does not look at."
        )
    told += _done_otherwise(rule, target)
    return replace(rule, stages=stages)


_WORDS = {
    "block": "stop a text",
    "escalate": "ask a person",
    "redact": "cover part of a text",
    "flag": "take note and let the text pass",
}


def _done_otherwise(rule: Rule, target: Target) -> Iterator[str]:
    does = target.does[rule.action]
    if does != rule.action:
        yield (
            f"{target.name} cannot {_WORDS[rule.action]}; "
            f"it is to {_WORDS[does]} instead."
        )
    if rule.on_error == "allow":
        yield (
            "The document lets a text pass that cannot be checked; "
            f"what {target.name} does with one is its own affair."
        )


def _nothing(
    value: Mapping[str, Json], target: Target, losses: list[Loss]
) -> NotExportable:
    reasons = [f"{loss.rule}: {loss.message}" for loss in losses[:_FIRST]]
    more = len(losses) - _FIRST
    told = " ".join(reasons) + (f" And {more} more." if more > 0 else "")
    return NotExportable(
        f"no rule of {value['name']} can be said to {target.name}. {told}",
        hint="Choose another format, or run the guardrail with Placet's own client.",
    )


def _listed(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
