"""Guardrails for Guardrails AI: what `Guard.from_dict` reads.

Its validators `guardrails/regex_match` and `guardrails/valid_length` are packages of
their own, `guardrails-ai-regex-match` and `guardrails-ai-valid-length`.  They must be
installed and imported before the guard is read.
"""

import json
from collections.abc import Iterator, Mapping

from registry.exports import Exported, Loss
from registry.exports.python_regex import excluded, searched
from registry.exports.rules import Rule, Target, carry
from registry.exports.said import said
from registry.exports.steps import Steps
from registry.values import Json

TARGET = Target(
    name="Guardrails AI",
    stages=frozenset({"input", "output"}),
    does={"block": "block", "escalate": "block", "redact": "block", "flag": "flag"},
)

_PLACES = {"input": "messages", "output": "$"}
"""Where a validator runs.  `output` is taken as well, and then it never runs."""

_ALL = (
    "Guardrails AI needs its validators installed and imported first: "
    "guardrails-ai-regex-match and guardrails-ai-valid-length. Without them the "
    "guard is read, holds nothing, and lets everything pass without a word.",
    "Messages, severities and references of the rules are not carried over; the "
    "error names the pattern.",
)


def export(value: Mapping[str, Json]) -> Exported:
    """Raises:
    NotExportable: No rule can be carried over.
    """
    carried, losses = carry(value, TARGET, _validators)
    name = str(value["name"])
    guard: dict[str, Json] = {
        "id": name.replace("/", "-"),
        "name": name,
        "description": str(value["description"]),
        "validators": [entry for each in carried for entry in each.entries],
    }
    return Exported(
        format="guardrails-ai",
        media_type="application/json",
        file_name="guard.json",
        text=json.dumps(guard, ensure_ascii=False, indent=2) + "\n",
        losses=(*(Loss(rule="", message=message) for message in _ALL), *losses),
    )


def _validators(rule: Rule, told: list[str], steps: Steps) -> Iterator[dict[str, Json]]:
    validator, given = _validator(rule, told, steps)
    for stage in rule.stages:
        yield {
            "id": validator,
            "on": _PLACES[stage],
            "onFail": "noop" if rule.action == "flag" else "exception",
            "kwargs": given,
        }


def _validator(
    rule: Rule, told: list[str], steps: Steps
) -> tuple[str, dict[str, Json]]:
    check = rule.check
    if check["type"] == "length" and check["unit"] == "chars":
        bounds = {name: check[name] for name in ("min", "max") if name in check}
        return "guardrails/valid_length", bounds
    pattern = searched(said(check, told, steps), told, steps)
    given: dict[str, Json] = {"regex": excluded(pattern), "match_type": "search"}
    return "guardrails/regex_match", given
