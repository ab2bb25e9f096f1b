"""What a document's cases come to, as of the moment at which a revision was made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.case_outcomes import CaseOutcome, Side, case_outcomes
from registry.changes import Change
from registry.composition import compose
from registry.documents import Document
from registry.effects import Documents, overlay
from registry.errors import NotFound
from registry.going_live import replacements_of
from registry.names import Ref
from registry.state import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcomes:
    document: Ref
    cases: tuple[CaseOutcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCases:
    """Attributes:
    cases: Each with its members, as the document has them.
    """

    document: Ref
    version: str
    cases: tuple[dict[str, Any], ...]


def cases_of(
    then: Environment, change: Change, documents: Documents, document: Ref
) -> CaseOutcomes:
    """Args:
    then: The environment as it was when the current revision was made.

    Raises:
        NotFound: The change has no effect on the document.
    """
    if all(one.document != document for one in change.revision.effect):
        raise NotFound(
            f"change {change.id} has no effect on {document}",
            hint="`effect` of the change lists what would read differently.",
        )
    replacements = replacements_of(change.revision, documents)
    outcomes = case_outcomes(
        _side(document, overlay(then, {}, documents)),
        _side(document, overlay(then, replacements, documents)),
    )
    return CaseOutcomes(document=document, cases=outcomes)


def _side(document: Ref, get: Callable[[Ref], Document]) -> Side | None:
    try:
        return Side(document=get(document), body=compose(document, get).body)
    except NotFound:
        return None
