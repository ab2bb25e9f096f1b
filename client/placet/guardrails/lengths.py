"""Checks of the type `length`: a text that is too short or too long.

Words are what white space surrounds, bytes are those of UTF-8.  A text of any
length is measured, also one that is too long for every other check.
"""

from dataclasses import dataclass

from placet.errors import BadAnswer
from placet.guardrails.findings import NOTHING, WHOLE, Found
from placet.guardrails.parameters import choice, known, number_or_none
from placet.guardrails.subjects import Subject
from placet.guardrails.texts import readable
from placet.shapes import Object

UNITS = ("chars", "words", "bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    unit: str
    least: int | None
    most: int | None

    @property
    def needs(self) -> None:
        return None

    def find(self, subject: Subject) -> Found:
        size = _size(subject.whole, self.unit)
        too_short = self.least is not None and size < self.least
        too_long = self.most is not None and size > self.most
        return WHOLE if too_short or too_long else NOTHING


def open_length(check: Object) -> Length:
    known(check, ("type", "unit", "min", "max"), "a length check")
    least, most = number_or_none(check, "min"), number_or_none(check, "max")
    if least is None and most is None:
        raise BadAnswer("a length check has neither 'min' nor 'max'")
    return Length(unit=choice(check, "unit", UNITS), least=least, most=most)


def _size(text: str, unit: str) -> int:
    if unit == "chars":
        return len(text)
    return len(text.split() if unit == "words" else readable(text).encode())
