"""What the parts of a policy say, beside whom it asks.

A part that names kinds, names, tiers or facts is about every document that fits
all of them; what it leaves out, it does not care about.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from registry.documents import Tier
from registry.name_patterns import fits_any


class FactName(StrEnum):
    """What an edit does, where a policy may want to know it.

    `registry.facts` says when each is true.
    """

    GUARDRAIL_WEAKENED = "guardrail-weakened"
    MODEL_CHANGED = "model-changed"
    TOOLS_CHANGED = "tools-changed"
    SOURCES_CHANGED = "sources-changed"
    INPUTS_CHANGED = "inputs-changed"
    DISCLOSURE_CHANGED = "disclosure-changed"
    OWNER_CHANGED = "owner-changed"
    RETIREMENT_NEAR = "retirement-near"
    WORDING_ONLY = "wording-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a requirement is matched against: one document of an effect.

    Attributes:
        facts: What is true of it, or of something that it uses.
        owners: Before and after.
    """

    what: str
    kind: str
    name: str
    tier: Tier
    facts: frozenset[FactName]
    owners: tuple[str, ...]


class Concern(Protocol):
    """What a requirement and a required check have in common."""

    @property
    def kinds(self) -> tuple[str, ...]: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def tiers(self) -> tuple[Tier, ...]: ...
    @property
    def facts(self) -> tuple[FactName, ...]: ...


def concerns(asked: Concern, subject: Subject) -> bool:
    """Whether *asked* is about *subject*."""
    return (
        (not asked.kinds or subject.kind in asked.kinds)
        and (not asked.names or fits_any(asked.names, subject.name))
        and (not asked.tiers or subject.tier in asked.tiers)
        and (not asked.facts or not subject.facts.isdisjoint(asked.facts))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredCheck:
    """A check that must have passed, or be waived, before something goes live.

    Attributes:
        name: One of our own checks, or what a pipeline calls its own.
        kinds: As in `Requirement`; so are names, tiers and facts.
        waived_by: Seats whose holders can do without it; empty for none.
        max_age_days: Older results do not count; `None` for any age.
        min_samples: So many samples have to have been tried.
        min_production: So many of them have to be inputs from production.
    """

    name: str
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    tiers: tuple[Tier, ...]
    facts: tuple[FactName, ...]
    waived_by: tuple[str, ...]
    max_age_days: int | None
    min_samples: int
    min_production: int

    def matches(self, subject: Subject) -> bool:
        return concerns(self, subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRule:
    """Who may activate without agreement, what, and who ratifies until when.

    Attributes:
        seats: Whose holders may.
        kinds: Kinds of document; empty for every kind.
        names: Patterns over names; empty for every name.
    """

    seats: tuple[str, ...]
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    ratify_hours: int


class Lapsed(StrEnum):
    """What comes of a document whose review is overdue."""

    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRule:
    """How documents are kept under review, for some tiers.

    Attributes:
        notice_days: Owners are told so many days before.
        lapsed: `block`: what is overdue is not activated again before somebody
            has certified it; nothing that is live stops being live.
        seats: Who may certify beside owner, deputy and risk partner.
    """

    tiers: tuple[Tier, ...]
    notice_days: int
    lapsed: Lapsed
    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRule:
    """Agreeing to something of these tiers takes a sign-in of the last minutes."""

    tiers: tuple[Tier, ...]
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTime:
    """A decision on a change of this tier is late after so many hours."""

    tier: Tier
    hours: int
