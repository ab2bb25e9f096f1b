"""Samples: what a test runner tried, what was answered, and what came of it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from registry.check_results import MAX_TEXT_CHARS, Example, Source
from registry.values import Json

MAX_KEPT_CHARS = MAX_TEXT_CHARS + 1
"""One more than is kept of a text, to know that it was longer."""

KEPT = 50
"""So many samples are kept as examples; the ledger keeps them for ever."""

_KEPT_BYTES = 600_000
_CUT = " [...]"
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Attributes:
    before: What was answered before the change; `None` if nobody tried that.
    passed_before: Whether that passed; `None` if nobody tried it.
    """

    input: str
    before: str | None
    after: str
    passed: bool
    passed_before: bool | None


def examples(samples: Sequence[Sample], source: Source) -> tuple[Example, ...]:
    """The samples to look at: what became worse, other failures, what became better."""
    ranked = sorted(samples, key=_rank)[:KEPT]
    kept: list[Example] = []
    left = _KEPT_BYTES
    for sample in ranked:
        example = Example(
            input=cut(sample.input),
            before=None if sample.before is None else cut(sample.before),
            after=cut(sample.after),
            verdict="pass" if sample.passed else "fail",
            source=source,
        )
        left -= _size(example)
        if left < 0:
            break
        kept.append(example)
    return tuple(kept)


def cut(text: str) -> str:
    """*text*, as much of it as is kept."""
    text = _HALF.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) <= MAX_TEXT_CHARS:
        return text
    return text[: MAX_TEXT_CHARS - len(_CUT)] + _CUT


def as_text(value: Json) -> str:
    """What a model said, as text; JSON where it is not one."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rank(sample: Sample) -> int:
    if not sample.passed:
        return 0 if sample.passed_before else 1
    if sample.passed_before is False:
        return 2
    return 3 if sample.before != sample.after else 4


def _size(example: Example) -> int:
    """At most what it takes as JSON, where a control character takes six bytes."""
    texts = (example.input, example.before or "", example.after)
    return 200 + sum(len(json.dumps(text)) for text in texts)
