"""Guardrails for OpenAI Guardrails: what `load_pipeline_bundles` reads.

* Words become a `Keyword Filter`, lists of addresses a `URL Filter`.
* Patterns have no check of their own.  `Secret Keys` takes some beside its own: it
  looks at one word after the other, so only a pattern that takes no space can be
  said, and it stops whatever else it takes for a key.
* Personal data is left out: that check needs a language model which the package
  does not bring, and without it nothing is loaded.
"""

import json
from collections.abc import Iterator, Mapping
from typing import cast

from registry.errors import NotExportable
from registry.exports import Exported, Loss
from registry.exports.charsets import SPACES, Ranges, complement, overlap
from registry.exports.python_regex import searched
from registry.exports.rules import Rule, Target, carry
from registry.exports.said import Fits, one_pattern, said
from registry.exports.steps import Steps
from registry.exports.trees import Chars, Edge, Node, Place, leaves
from registry.values import Json

TARGET = Target(
    name="OpenAI Guardrails",
    stages=frozenset({"input", "output"}),
    does={"block": "block", "escalate": "block", "redact": "block"},
)

_BUNDLES = {"input": "pre_flight", "output": "output"}
_IN_WORDS = {
    Place.WORD_EDGE,
    Place.NO_LETTER_BEFORE,
    Place.NO_LETTER_AFTER,
    Place.NO_ASCII_BEFORE,
    Place.NO_ASCII_AFTER,
}
"""Places that are where they were when the words stand alone."""

_LEFT_OUT: Ranges = ((0x23, 0x23), (0x2A, 0x2A))
_ALL = (
    "OpenAI Guardrails raises an error of its own: messages, severities and "
    "references of the rules are not carried over.",
    "OpenAI Guardrails lets a text pass when a check fails to run, unless it is told "
    "to raise errors (`raise_guardrail_errors=True`).",
)

Entry = dict[str, Json]


def export(value: Mapping[str, Json]) -> Exported:
    """Raises:
    NotExportable: No rule can be carried over.
    """
    carried, losses = carry(value, TARGET, _checks)
    bundles: dict[str, Json] = {"version": 1}
    for stage, bundle in _BUNDLES.items():
        found = [
            entry
            for each in carried
            if stage in each.rule.stages
            for entry in each.entries
        ]
        if found:
            bundles[bundle] = {"version": 1, "guardrails": cast(list[Json], found)}
    return Exported(
        format="openai",
        media_type="application/json",
        file_name="openai-guardrails.json",
        text=json.dumps(bundles, ensure_ascii=False, indent=2) + "\n",
        losses=(*(Loss(rule="", message=message) for message in _ALL), *losses),
    )


def _checks(rule: Rule, told: list[str], steps: Steps) -> Iterator[Entry]:
    kind = rule.check["type"]
    if kind == "pii":
        raise NotExportable(
            "OpenAI Guardrails finds personal data with a language model, without "
            "which it does not start, and which nobody has tried here"
        )
    if kind == "url_allowlist":
        yield {"name": "URL Filter", "config": _addresses(rule.check, told)}
    elif kind == "keyword" and rule.check.get("match", "word") == "word":
        yield {"name": "Keyword Filter", "config": _words(rule.check, told)}
    else:
        yield {"name": "Secret Keys", "config": _key(rule, told, steps)}


def _addresses(check: Mapping[str, Json], told: list[str]) -> dict[str, Json]:
    told.append(
        "OpenAI Guardrails has an idea of its own of what an address is: it also "
        "looks at bare names such as example.com, at mailto: and at user names in "
        "addresses."
    )
    return {
        "url_allow_list": check["domains"],
        "allowed_schemes": check.get("schemes", ["https"]),
        "allow_subdomains": check.get("allow_subdomains", False),
        "block_userinfo": True,
    }


def _words(check: Mapping[str, Json], told: list[str]) -> dict[str, Json]:
    if "near" in check:
        raise NotExportable("OpenAI Guardrails cannot ask for a second word near by")
    if "unless" in check:
        told.append("Phrases that are allowed although they hold a term are stopped.")
    if check.get("case_sensitive", False):
        told.append("OpenAI Guardrails does not tell upper and lower case apart.")
    terms = cast(list[str], check["terms"])
    if any(term.rstrip(".,!?;:") == "" for term in terms):
        raise NotExportable("OpenAI Guardrails takes no word of punctuation alone")
    if any(term != term.rstrip(".,!?;:") for term in terms):
        told.append("Punctuation at the end of a term is not looked for.")
    if any(" " in term for term in terms):
        told.append("A space in a phrase is one space, and no other white space.")
    return {"keywords": cast(list[Json], terms)}


def _key(rule: Rule, told: list[str], steps: Steps) -> dict[str, Json]:
    node = one_pattern(said(rule.check, told, steps))
    for part in leaves(node):
        _check_within_word(part)
    told.append(
        "OpenAI Guardrails takes such a pattern only beside its own detection of "
        "keys: long words that look random are stopped as well."
    )
    told.append(
        "OpenAI Guardrails looks at one word at a time, and leaves out * and # of it."
    )
    pattern = searched(Fits(node), told, steps)
    return {
        "threshold": "permissive",
        "custom_regex": [rf"[\s\S]*?(?:{pattern})"],
    }


def _check_within_word(part: Node) -> None:
    if isinstance(part, Chars) and overlap(part.ranges, SPACES):
        raise NotExportable(
            "OpenAI Guardrails looks at one word at a time, and its pattern may take "
            "a space"
        )
    if isinstance(part, Chars) and not overlap(part.ranges, complement(_LEFT_OUT)):
        raise NotExportable("OpenAI Guardrails leaves * and # out of every text")
    if isinstance(part, Edge) and part.place not in _IN_WORDS:
        raise NotExportable(
            "OpenAI Guardrails looks at one word at a time, and its pattern asks for "
            "a place in the text"
        )
