"""What a check says of a text, and what it is asked with."""

from dataclasses import dataclass
from typing import Protocol

from placet.guardrails.subjects import Subject
from placet.guardrails.texts import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Attributes:
    spans: Where; empty if it triggers for the text as a whole.
    """

    triggered: bool
    spans: tuple[Span, ...]


NOTHING = Found(triggered=False, spans=())
WHOLE = Found(triggered=True, spans=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A pattern without which a check cannot trigger."""

    pattern: str
    case_sensitive: bool


class Check(Protocol):
    @property
    def needs(self) -> tuple[Need, ...] | None:
        """It triggers only where one of these matches; None if it may anywhere."""
        ...

    def find(self, subject: Subject) -> Found:
        """Raises:
        CannotCheck: It cannot be decided.
        """
        ...


def found_at(spans: tuple[Span, ...]) -> Found:
    """Triggered if there are any spans."""
    return Found(triggered=True, spans=spans) if spans else NOTHING
