"""Differences: what a change does to texts, as it comes over the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document's own text at one version.

    Attributes:
        review_by: The day by which it names itself to be looked at again.
    """

    version: str
    source: str
    review_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDifference:
    """A rule of a guardrail that an edit touches, in words.

    Attributes:
        became: `added`, `removed`, `changed` or `reworded`.
        before: What it did; `None` if it was not there.
        after: What it will do; `None` if it is removed.
        weaker: How it protects less, in sentences that call it `it`.
    """

    rule: str
    title: str
    became: str
    before: str | None
    after: str | None
    weaker: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDifference:
    document: str
    before: Text | None
    after: Text | None
    rules: tuple[RuleDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectDifference:
    """What a touched document reads like, as people read it."""

    document: str
    tier: str
    owners: tuple[str, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Attributes:
    line: Of the document's text; 0 when it concerns the document as a whole.
    """

    document: str
    line: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    documents: tuple[DocumentDifference, ...]
    effect: tuple[EffectDifference, ...]
    warnings: tuple[Advice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """Attributes:
    given: Its inputs, or what a guardrail's rule looks at.
    inputs: The same as values; of a guardrail's case there are none.
    before: What it came to; `None` where there was nothing that it could come to.
    after: The same with what is proposed.
    holds: Whether it comes out as it says; `None` if that is unknown.
    gone: Whether the proposed text has the case no more.
    expected_before: What it says should come out, empty if nothing; `None` where
        there was no such case.
    expected: The same as proposed; `None` where it is gone.
    """

    name: str
    given: str
    inputs: Mapping[str, Any]
    before: str | None
    after: str | None
    holds: bool | None
    gone: bool
    expected_before: str | None
    expected: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcomes:
    document: str
    cases: tuple[CaseOutcome, ...]
