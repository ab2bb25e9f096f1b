"""Checks of the types `any_of` and `all_of`: several checks as one.

One that cannot be decided leaves the whole undecided only if the others do not
decide it: so the order of checks never matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from placet.guardrails.errors import CannotCheck
from placet.guardrails.findings import NOTHING, Check, Found, Need
from placet.guardrails.subjects import Subject
from placet.guardrails.texts import merged


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    checks: Sequence[Check]

    @property
    def needs(self) -> tuple[Need, ...] | None:
        needs: list[Need] = []
        for check in self.checks:
            if check.needs is None:
                return None
            needs.extend(check.needs)
        return tuple(needs)

    def find(self, subject: Subject) -> Found:
        found, undecided = _each(self.checks, subject)
        triggered = [one for one in found if one.triggered]
        if triggered:
            return _together(triggered)
        if undecided is not None:
            raise undecided
        return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    checks: Sequence[Check]

    @property
    def needs(self) -> tuple[Need, ...] | None:
        return next((c.needs for c in self.checks if c.needs is not None), None)

    def find(self, subject: Subject) -> Found:
        found, undecided = _each(self.checks, subject)
        if not all(one.triggered for one in found):
            return NOTHING
        if undecided is not None:
            raise undecided
        return _together(found)


def _each(
    checks: Sequence[Check], subject: Subject
) -> tuple[list[Found], CannotCheck | None]:
    found: list[Found] = []
    undecided: CannotCheck | None = None
    for check in checks:
        try:
            found.append(check.find(subject))
        except CannotCheck as error:
            undecided = undecided or error
    return found, undecided


def _together(found: Sequence[Found]) -> Found:
    spans = merged(span for one in found for span in one.spans)
    return Found(triggered=True, spans=spans)
