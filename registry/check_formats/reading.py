"""One file in, a result of a check out.

A format says what was tried and what came of it.  What no test runner knows is said
by whoever attaches it: the name of the check, how many have to pass, and whether the
inputs are from production.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import msgspec

from registry.check_formats import junit, promptfoo
from registry.check_formats.samples import Sample, examples
from registry.check_results import CheckResult, Source
from registry.errors import Invalid, TooLarge
from registry.names import Digest
from registry.values import Json

MAX_BYTES = 64 * 2**20


class Format(StrEnum):
    """What a file can be; `json` is a result as it is sent over HTTP."""

    PROMPTFOO = "promptfoo"
    JUNIT = "junit"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What whoever attaches a file says of it.

    Attributes:
        name: `None` if the file says it, which only `json` does; so the others.
        content: Of what it was tried.
    """

    name: str | None
    content: Digest
    source: Source | None
    threshold: float | None
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Attributes:
    left_out: Samples that count, and are not among the examples.
    """

    result: CheckResult
    left_out: int


def read(data: bytes, format: Format, told: Told) -> Reading:
    """Raises:
    Invalid: It is not of that format, or something has still to be said.
    TooLarge: It has more than 64 MiB.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"the file has {len(data):,} bytes",
            hint=f"At most {MAX_BYTES // 2**20} MiB are read: try fewer at once.",
        )
    if format is Format.JSON:
        result = _own(_json(data), told)
        return Reading(result=result, left_out=result.total - len(result.examples))
    return _reading(_SAMPLES[format](data), told)


def _reading(samples: Sequence[Sample], told: Told) -> Reading:
    if told.name is None:
        raise Invalid(
            "the check has no name", hint="Say it: --name answers, as the policy does."
        )
    source = told.source or Source.CURATED
    failed = sum(not sample.passed for sample in samples)
    shown = examples(samples, source)
    asked = Fraction(1) if told.threshold is None else Fraction(str(told.threshold))
    result = CheckResult(
        name=told.name,
        content=told.content,
        passed=len(samples) - failed >= asked * len(samples),
        total=len(samples),
        failed=failed,
        threshold=told.threshold,
        production=len(samples) if source is Source.PRODUCTION else 0,
        examples=shown,
        link=told.link,
    )
    return Reading(result=result, left_out=len(samples) - len(shown))


def _own(value: Json, told: Told) -> CheckResult:
    """A result as it is sent, with what it leaves out as it is told."""
    if not isinstance(value, dict):
        raise Invalid(
            "this is no result of a check", hint="Write it as docs/checks.md shows."
        )
    said: dict[str, object] = {
        "name": told.name,
        "threshold": told.threshold,
        "link": told.link,
        "production": 0,
        "examples": [],
        "content": told.content,
    }
    given = {part: what for part, what in said.items() if part not in value}
    given |= {p: w for p, w in said.items() if p in {"name", "link"} and w is not None}
    unknown = set(value) - _PARTS
    if unknown:
        raise Invalid(
            f"a result of a check has no {', '.join(sorted(unknown))[:100]}",
            hint="It has " + ", ".join(sorted(_PARTS)) + ".",
        )
    try:
        return msgspec.convert({**value, **given}, CheckResult)
    except msgspec.ValidationError as error:
        raise Invalid(
            f"this is no result of a check: {error}",
            hint="Write it as docs/checks.md shows.",
        ) from None


def _json(data: bytes) -> Json:
    try:
        value: Json = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Invalid(
            f"this is no JSON: {error}",
            hint="Say which format it has: --format junit for XML.",
        ) from None
    return value


def _promptfoo(data: bytes) -> Sequence[Sample]:
    return promptfoo.samples(_json(data))


_PARTS = set(CheckResult.__dataclass_fields__)
_SAMPLES: dict[Format, Callable[[bytes], Sequence[Sample]]] = {
    Format.PROMPTFOO: _promptfoo,
    Format.JUNIT: junit.samples,
}
