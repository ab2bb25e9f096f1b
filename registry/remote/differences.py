"""Differences: what a change does to texts, as it comes over the wire."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document's own text at one version."""

    version: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDifference:
    document: str
    before: Text | None
    after: Text | None


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
