"""Guardrails for LiteLLM's proxy: the section `guardrails` of its configuration.

* Text is looked at by `litellm_content_filter`, by patterns alone: its blocked words
  are parts of words too, so that `cat` would stop `category`.
* What stops a text comes before what covers parts of it, or a text could be covered
  so that nothing is left to stop.
* Each rule about tools is a guardrail of its own, `tool_permission`, so that none
  decides before another is asked.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from registry.errors import NotExportable
from registry.exports import Exported, Loss
from registry.exports.python_regex import covers_text, searched
from registry.exports.rules import Carried, Rule, Target, carry
from registry.exports.said import said
from registry.exports.steps import Steps
from registry.exports.tools import permission
from registry.values import Json
from registry.yaml_dump import dump

TARGET = Target(
    name="LiteLLM",
    stages=frozenset({"input", "output", "tool_call"}),
    does={"block": "block", "escalate": "block", "redact": "redact"},
)

_MODES = {"input": "pre_call", "output": "post_call", "tool_call": "post_call"}
_ALL = (
    "LiteLLM answers with an error of its own: messages, severities and references "
    "of the rules are not carried over.",
    "LiteLLM applies the rules about answers to the arguments of tool calls as well.",
)

Entry = tuple[str, dict[str, Json]]
"""The stage, and a pattern or the settings of a guardrail for tools."""


def export(value: Mapping[str, Json]) -> Exported:
    """Raises:
    NotExportable: No rule can be carried over.
    """
    carried, losses = carry(value, TARGET, _entries)
    name = str(value["name"])
    guardrails = [*_filters(name, carried), *_permissions(name, carried)]
    return Exported(
        format="litellm",
        media_type="application/yaml",
        file_name="litellm-guardrails.yaml",
        text=dump({"guardrails": cast(list[Json], guardrails)}).decode(),
        losses=(*(Loss(rule="", message=message) for message in _ALL), *losses),
    )


def _filters(
    name: str, carried: tuple[Carried[Entry], ...]
) -> Iterator[dict[str, Json]]:
    for stage in ("input", "output"):
        patterns = [
            entry for each in carried for at, entry in each.entries if at == stage
        ]
        if patterns:
            patterns.sort(key=lambda entry: entry["action"] == "MASK")
            settings: dict[str, Json] = {"patterns": cast(list[Json], patterns)}
            yield _guardrail(name, stage, "litellm_content_filter", settings)


def _permissions(
    name: str, carried: tuple[Carried[Entry], ...]
) -> Iterator[dict[str, Json]]:
    for each in carried:
        for at, entry in each.entries:
            if at == "tool_call":
                title = f"{name}/{each.rule.id}"
                yield _guardrail(title, at, "tool_permission", entry)


def _guardrail(
    name: str, stage: str, kind: str, settings: dict[str, Json]
) -> dict[str, Json]:
    return {
        "guardrail_name": f"{name} {stage}",
        "litellm_params": {
            "guardrail": kind,
            "mode": _MODES[stage],
            "default_on": True,
            **settings,
        },
    }


def _entries(rule: Rule, told: list[str], steps: Steps) -> Iterator[Entry]:
    if rule.check["type"] == "tool_call":
        if "tool_call" not in rule.stages:
            raise NotExportable("it is about calls of tools, at a stage without any")
        yield "tool_call", permission(rule, told, steps)
        return
    stages = [stage for stage in rule.stages if stage != "tool_call"]
    if not stages:
        raise NotExportable("LiteLLM looks at texts in calls of tools by itself only")
    if len(stages) < len(rule.stages):
        told.append("Not applied to calls of tools on its own.")
    pattern = _pattern(rule, told, steps)
    for stage in stages:
        yield stage, pattern


def _pattern(rule: Rule, told: list[str], steps: Steps) -> dict[str, Json]:
    stated = said(rule.check, told, steps)
    if rule.replacement is not None:
        if not covers_text(stated):
            raise NotExportable("it covers a text where several things hold at once")
        if rule.check["type"] in ("keyword", "any_of"):
            told.append("Of finds that overlap only the first is covered.")
        tag = f"[{rule.id.upper()}_REDACTED]"
        if rule.replacement != tag:
            told.append(f"What is covered is replaced by {tag}.")
    return {
        "pattern_type": "regex",
        "name": rule.id,
        "pattern": f"(?-i:{searched(stated, told, steps)})",
        "action": "MASK" if rule.replacement is not None else "BLOCK",
    }
