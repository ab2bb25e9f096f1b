"""Guardrails for NeMo Guardrails: patterns of its `regex_detection` rails.

One file of YAML, to lie beside the `config.yml` that names the models: NeMo
Guardrails joins all files of a folder.  Tried with the version that
`requirements/peers/nemoguardrails.txt` names.
"""

from collections.abc import Iterator, Mapping

from registry.exports import Exported, Loss
from registry.exports.python_regex import searched
from registry.exports.rules import Rule, Target, carry
from registry.exports.said import said
from registry.exports.steps import Steps
from registry.values import Json
from registry.yaml_dump import dump

STAGES = ("input", "output", "retrieval")
TARGET = Target(
    name="NeMo Guardrails",
    stages=frozenset(STAGES),
    does={"block": "block", "escalate": "block", "redact": "block"},
)

_ALL = (
    "NeMo Guardrails answers with a sentence of its own: messages, severities and "
    "references of the rules are not carried over.",
    "NeMo Guardrails lets an empty text pass without looking at it.",
)
_EMPTIES = (
    "Where a text that was found has this in it, NeMo Guardrails empties all that "
    "was found and goes on."
)


def export(value: Mapping[str, Json]) -> Exported:
    """Raises:
    NotExportable: No rule can be carried over.
    """
    carried, losses = carry(value, TARGET, _patterns)
    patterns: dict[str, list[Json]] = {stage: [] for stage in STAGES}
    for each in carried:
        for stage in each.rule.stages:
            patterns[stage] += each.entries
    used = {stage: found for stage, found in patterns.items() if found}
    rails: dict[str, Json] = {
        "config": {
            "regex_detection": {
                stage: {"patterns": found} for stage, found in used.items()
            }
        },
        **{stage: {"flows": [f"regex check {stage}"]} for stage in used},
    }
    return Exported(
        format="nemo",
        media_type="application/yaml",
        file_name="guardrails.yml",
        text=dump({"rails": rails}).decode(),
        losses=(*(Loss(rule="", message=message) for message in _ALL), *losses),
    )


def _patterns(rule: Rule, told: list[str], steps: Steps) -> Iterator[str]:
    yield searched(said(rule.check, told, steps), told, steps)
    if "retrieval" in rule.stages:
        told.append(_EMPTIES)
