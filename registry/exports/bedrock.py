"""Guardrails for Amazon Bedrock: the request of `CreateGuardrail`.

Nothing but the request's shape can be tried without an account.  Which engine runs
the patterns is not said; they are written as nearly every engine takes them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from registry.errors import NotExportable
from registry.exports import Exported, Loss
from registry.exports.backtracking import is_slow
from registry.exports.dialects import Dialect, write
from registry.exports.personal import BEDROCK
from registry.exports.rules import Carried, Rule, Target, carry
from registry.exports.said import one_pattern, said
from registry.exports.steps import Steps
from registry.exports.trees import Edge, Place, leaves
from registry.values import Json

TARGET = Target(
    name="Amazon Bedrock",
    stages=frozenset({"input", "output"}),
    does={"block": "block", "escalate": "block", "redact": "redact", "flag": "flag"},
)

MAX_PATTERN = 500
MAX_PATTERNS = 30
MAX_WORD = 100
MAX_WORDS = 10_000
MAX_NAME = 50
MAX_DESCRIPTION = 200
MAX_BLOCKED = 500

_ACTIONS = {
    "block": "BLOCK",
    "escalate": "BLOCK",
    "redact": "ANONYMIZE",
    "flag": "NONE",
}
_PARTS = {
    "words": ("wordPolicyConfig", "wordsConfig"),
    "entities": ("sensitiveInformationPolicyConfig", "piiEntitiesConfig"),
    "patterns": ("sensitiveInformationPolicyConfig", "regexesConfig"),
}
_ALL = (
    "Only the shape of this request was tried, against Amazon's own description of "
    "it: whether Bedrock decides alike has to be tried in an account.",
    "Severities and references of the rules are not carried over.",
)
NEUTRAL = "This cannot be answered here."
_MESSAGES = {"input": "what people write", "output": "answers"}

_EDGES = {
    Place.WORD_EDGE,
    Place.NO_WORD_EDGE,
    Place.NO_LETTER_BEFORE,
    Place.NO_LETTER_AFTER,
    Place.NO_ASCII_BEFORE,
    Place.NO_ASCII_AFTER,
}

Entry = tuple[str, dict[str, Json]]
"""In which part it goes, and what is said there."""


def export(value: Mapping[str, Json]) -> Exported:
    """Raises:
    NotExportable: No rule can be carried over.
    """
    carried, losses = carry(value, TARGET, _entries)
    blocked = {stage: _blocked(carried, stage) for stage in _MESSAGES}
    request: dict[str, Json] = {
        "name": _name(str(value["name"])),
        "description": _shortened(str(value["description"]), MAX_DESCRIPTION),
        "blockedInputMessaging": _said(blocked["input"]),
        "blockedOutputsMessaging": _said(blocked["output"]),
        **_policies(carried),
    }
    return Exported(
        format="bedrock",
        media_type="application/json",
        file_name="create-guardrail.json",
        text=json.dumps(request, ensure_ascii=False, indent=2) + "\n",
        losses=(
            *(Loss(rule="", message=message) for message in _ALL),
            *_lost_messages(blocked),
            *losses,
        ),
    )


def _policies(carried: tuple[Carried[Entry], ...]) -> dict[str, Json]:
    policies: dict[str, dict[str, list[Json]]] = {}
    for each in carried:
        for part, entry in each.entries:
            policy, member = _PARTS[part]
            policies.setdefault(policy, {}).setdefault(member, []).append(entry)
    for limit, part in ((MAX_PATTERNS, "patterns"), (MAX_WORDS, "words")):
        policy, member = _PARTS[part]
        number = len(policies.get(policy, {}).get(member, ()))
        if number > limit:
            raise NotExportable(
                f"Amazon Bedrock takes {limit:,} {part} in one guardrail, and these "
                f"rules need {number:,}",
                hint="Split the guardrail in two, and export each.",
            )
    return cast(dict[str, Json], policies)


def _entries(rule: Rule, told: list[str], steps: Steps) -> Iterator[Entry]:
    kind = rule.check["type"]
    if kind == "keyword" and rule.action != "redact":
        yield from _words(rule, told)
    elif kind == "pii":
        yield from _personal(rule, told)
    else:
        yield "patterns", _pattern(rule, told, steps)


def _words(rule: Rule, told: list[str]) -> Iterator[Entry]:
    check = rule.check
    if "near" in check:
        raise NotExportable("Amazon Bedrock cannot ask for a second word near by")
    terms = cast(list[str], check["terms"])
    long = [term for term in terms if len(term) > MAX_WORD]
    if long:
        raise NotExportable(
            f"Amazon Bedrock takes words of {MAX_WORD} characters at most"
        )
    if check.get("match", "word") == "substring":
        raise NotExportable("Amazon Bedrock finds whole words only")
    if check.get("case_sensitive", False):
        told.append("Amazon Bedrock does not tell upper and lower case apart in words.")
    if "unless" in check:
        told.append("Phrases that are allowed although they hold a term are stopped.")
    if any(" " in term for term in terms):
        told.append("Whether other white space fits a space is not known.")
    for term in terms:
        yield "words", {"text": term, **_sides(rule, with_action=False)}


def _personal(rule: Rule, told: list[str]) -> Iterator[Entry]:
    check = rule.check
    told.append(
        "Amazon Bedrock finds personal data in its own way, without the checksums, "
        "the countries and the words near by that the document asks for."
    )
    if rule.replacement is not None:
        told.append("What is covered is replaced by the name of its kind, as {EMAIL}.")
    for entity in cast(list[str], check["entities"]):
        yield (
            "entities",
            {"type": BEDROCK[entity], **_sides(rule, with_action=True)},
        )


def _pattern(rule: Rule, told: list[str], steps: Steps) -> dict[str, Json]:
    node = one_pattern(said(rule.check, told, steps))
    if is_slow(node, steps):
        told.append(
            "On a very long text made for it this may be slow, depending on the "
            "engine that Amazon Bedrock has."
        )
    if any(isinstance(part, Edge) and part.place in _EDGES for part in leaves(node)):
        told.append(
            "Where a word begins and ends Amazon Bedrock decides in its own way: "
            "beside _ and letters of other scripts it may find less or more."
        )
    pattern = write(node, Dialect.PLAIN)
    if len(pattern) > MAX_PATTERN:
        raise NotExportable(
            f"its pattern has {len(pattern):,} characters as it would be written for "
            f"Amazon Bedrock, which takes {MAX_PATTERN}"
        )
    if rule.replacement is not None:
        told.append(f"What is covered is replaced by {{{rule.id}}}.")
    return {
        "name": rule.id,
        "description": _shortened(rule.message, MAX_DESCRIPTION),
        "pattern": pattern,
        **_sides(rule, with_action=True),
    }


def _sides(rule: Rule, *, with_action: bool) -> dict[str, Json]:
    """What is done with what people write, and with answers."""
    action = _ACTIONS[rule.action]
    sides: dict[str, Json] = {"action": action} if with_action else {}
    for stage in ("input", "output"):
        enabled = stage in rule.stages
        sides[f"{stage}Enabled"] = enabled
        sides[f"{stage}Action"] = action if enabled else "NONE"
    return sides


def _name(name: str) -> str:
    return re.sub(r"[^0-9a-zA-Z_-]", "-", name)[:MAX_NAME]


def _blocked(carried: tuple[Carried[Entry], ...], stage: str) -> tuple[str, ...]:
    """The messages of the rules that stop a text at *stage*, each once."""
    stops = (
        each.rule.message
        for each in carried
        if stage in each.rule.stages and _ACTIONS[each.rule.action] == "BLOCK"
    )
    return tuple(dict.fromkeys(stops))


def _said(messages: tuple[str, ...]) -> str:
    """The message of all rules of a stage, if they agree on one."""
    return _shortened(messages[0], MAX_BLOCKED) if len(messages) == 1 else NEUTRAL


def _lost_messages(blocked: Mapping[str, tuple[str, ...]]) -> Iterator[Loss]:
    for stage, messages in blocked.items():
        if len(messages) > 1:
            yield Loss(
                rule="",
                message=f"Amazon Bedrock has one message for all {_MESSAGES[stage]} "
                f'that it stops: "{NEUTRAL}" stands for the {len(messages)} messages '
                "of the rules.",
            )


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
