"""What the detectors of guardrails find and miss, on real data of others.

The data are no part of a clone: three folders of `../shared/data`, beside the
project.  Without them there is nothing to measure, and no figure is recorded.

 * `pii-synthetic`: 750 sentences with labelled spans.  A label counts as found if
   a find overlaps it, a find as right if it overlaps a label of its entity.
 * `guardrail-rules`: the patterns of LiteLLM's content filter.
 * `fabric`: 225 system prompts, in which a usual set of rules should find nothing.
   What it does find there has the form it looks for: examples of addresses and
   tokens in a prompt that is about them.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.figures import ROOT
from placet.guardrails import hidden_text, pii, secrets
from placet.guardrails.patterns import PatternInvalid, compiled

DATA = ROOT.parent / "shared" / "data"

REGIONS = (
    *("AT", "AU", "BE", "BR", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI"),
    *("FR", "GB", "GL", "HU", "IS", "IT", "NL", "NO", "NZ", "PL", "PT", "SE", "SI"),
    *("TN", "US", "UY", "ZA"),
)
"""The countries whose people the synthetic sentences are about."""

ENTITIES = {
    "email": "EMAIL_ADDRESS",
    "card": "CREDIT_CARD",
    "iban": "IBAN_CODE",
    "ssn": "US_SSN",
    "phone": "PHONE_NUMBER",
    "ip": "IP_ADDRESS",
}
USUAL_REGIONS = ("US", "GB", "DE")

Span = tuple[int, int]


def measure(*, quick: bool) -> dict[str, float]:  # noqa: ARG001 - it is quick
    parts = {
        "pii-synthetic/sentences.json": _personal_data,
        "guardrail-rules/litellm-content-filter/patterns.json": _patterns,
        "fabric/patterns": _false_alarms,
    }
    figures: dict[str, float] = {}
    for place, measured in parts.items():
        if (DATA / place).exists():
            figures |= measured(DATA / place)
        else:
            print(f"not measured: there is no {DATA / place}", file=sys.stderr)
    return figures


def _personal_data(path: Path) -> dict[str, float]:
    sentences = json.loads(path.read_text(encoding="utf-8"))
    figures = {}
    for name, entity in ENTITIES.items():
        labels = hits = finds = right = 0
        for sentence in sentences:
            labelled = list(_labelled(sentence, entity))
            found = pii.find(
                sentence["full_text"], {"entities": [entity], "regions": REGIONS}
            )
            labels, finds = labels + len(labelled), finds + len(found)
            hits += sum(_overlaps(label, found) for label in labelled)
            right += sum(_overlaps(find, labelled) for find in found)
        figures[f"quality.{name}.recall"] = hits / labels
        figures[f"quality.{name}.precision"] = right / finds
    return figures


def _patterns(path: Path) -> dict[str, float]:
    patterns = json.loads(path.read_text(encoding="utf-8"))["patterns"]
    taken = sum(_is_taken(pattern["pattern"]) for pattern in patterns)
    return {"quality.litellm_patterns": taken / len(patterns)}


def _false_alarms(path: Path) -> dict[str, float]:
    prompts = [each.read_text(encoding="utf-8") for each in path.glob("*/system.md")]
    alarms = sum(_is_found(prompt) for prompt in prompts)
    return {"quality.false_alarms": alarms / len(prompts)}


def _is_found(prompt: str) -> bool:
    entities = list(ENTITIES.values())
    return bool(
        pii.find(prompt, {"entities": entities, "regions": USUAL_REGIONS})
        or secrets.find(prompt, {"detectors": list(secrets.DETECTORS)})
        or hidden_text.find(prompt, {})
    )


def _labelled(sentence: Mapping[str, object], entity: str) -> Iterator[Span]:
    spans = sentence["spans"]
    assert isinstance(spans, list)
    for span in spans:
        if span["entity_type"] == entity:
            yield span["start_position"], span["end_position"]


def _overlaps(span: Span, others: list[Span] | tuple[Span, ...]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _is_taken(pattern: str) -> bool:
    try:
        compiled(pattern)
    except PatternInvalid:
        return False
    return True
