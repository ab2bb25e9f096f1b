"""NeMo Guardrails' `config.yml`: its rails of regular expressions.

`rails.config.regex_detection` has patterns for input, output and retrieval; each
becomes a rule.  Everything else in such a file calls a model or code: it is told,
and nothing is made of it.
"""

from collections.abc import Iterator

from registry.imports.foreign_yaml import parse_mapping
from registry.imports.naming import rule_id
from registry.imports.patterns import pattern_rule
from registry.imports.results import Asked, Notes, but
from registry.imports.rules import RuleDraft, guardrail
from registry.names import Ref
from registry.parts import as_mapping
from registry.values import Json

_STAGES = ("input", "output", "retrieval")
_NO_PLACE = {
    "models": "Models belong into bindings.",
    "instructions": "Instructions are a prompt: write them into one.",
    "sample_conversation": "A sample conversation has no place.",
    "prompts": "They are prompts of NeMo's own tasks, and call a model.",
    "colang_version": "Colang is a language of its own, and is not read.",
}
_FLOW = "The flow asks a model or calls code, which a rule here does not."


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: There is no rail of regular expressions in it.
    """
    head = parse_mapping(text)
    for key in head:
        if key != "rails":
            notes.add(key, _NO_PLACE.get(key, "It has no place in a guardrail here."))
    rails = as_mapping(head.get("rails"))
    config = as_mapping(rails.get("config"))
    _tell(rails, config, notes)
    drafts = _rules(as_mapping(config.get("regex_detection")), rails, notes)
    description = "Regular expressions of a NeMo Guardrails configuration."
    return (guardrail(drafts, description, asked, notes),)


def _tell(rails: dict[str, Json], config: dict[str, Json], notes: Notes) -> None:
    for stage, said in rails.items():
        if stage == "config":
            continue
        flows = as_mapping(said).get("flows")
        for flow in flows if isinstance(flows, list) else []:
            if not str(flow).startswith("regex check"):
                notes.add(f"rails/{stage}/flows: {str(flow)[:60]}", _FLOW)
        for key in but(as_mapping(said), {"flows"}):
            notes.add(f"rails/{stage}/{key}", "It has no place in a guardrail here.")
    for key in but(config, {"regex_detection"}):
        notes.add(f"rails/config/{key}", "Only `regex_detection` is read.")


def _rules(
    detection: dict[str, Json], rails: dict[str, Json], notes: Notes
) -> Iterator[RuleDraft]:
    taken: set[str] = set()
    for stage in but(detection, _STAGES):
        notes.add(f"regex_detection/{stage}", "Only input, output and retrieval are.")
    for stage in _STAGES:
        said = as_mapping(detection.get(stage))
        patterns = said.get("patterns")
        for key in but(said, {"patterns", "case_insensitive"}):
            notes.add(f"regex_detection/{stage}/{key}", "It is not known.")
        if patterns and not _is_on(rails, stage):
            message = "No flow of the file turns it on; here it is a rule all the same."
            notes.add(f"regex_detection/{stage}", message)
        for index, pattern in enumerate(patterns if isinstance(patterns, list) else []):
            draft = pattern_rule(
                rule_id(f"{stage}-{index + 1}", taken),
                f"regex_detection/{stage}[{index}]",
                str(pattern),
                notes,
                message=f"A pattern that is refused in {stage} was found.",
                stages=(stage,),
                case_sensitive=said.get("case_insensitive") is not True,
            )
            if draft is not None:
                yield draft


def _is_on(rails: dict[str, Json], stage: str) -> bool:
    flows = as_mapping(rails.get(stage)).get("flows")
    return isinstance(flows, list) and any(
        str(flow).startswith("regex check") for flow in flows
    )
