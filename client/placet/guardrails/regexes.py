"""Checks of the type `regex`: a pattern that matches anywhere in the text.

A pattern can be so large that a long text would take noticeable time. What it
could take is known beforehand, from the size of the pattern's program and that of
the text: a text that could take too long is not checked (`on_error` decides), and
of very many matches the last one goes on to the text's end. An answer never
depends on how quick a machine is.
"""

from dataclasses import dataclass
from itertools import islice

from placet import shapes
from placet.guardrails.errors import CannotCheck
from placet.guardrails.findings import NOTHING, Found, Need
from placet.guardrails.parameters import flag, known
from placet.guardrails.patterns import Regexp, compiled
from placet.guardrails.subjects import Subject
from placet.guardrails.texts import MAX_BYTES, Span, Text
from placet.shapes import Object

MAX_SPANS = 1_000
MAX_WORK = 2 * 10**9
"""Instructions of a pattern times bytes of text; four seconds on a slow day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex:
    regexp: Regexp
    program: int
    need: Need

    @property
    def needs(self) -> tuple[Need, ...] | None:
        """None where the answer may be that a text cannot be checked."""
        too_large = self.program * MAX_BYTES > MAX_WORK
        return None if too_large else (self.need,)

    def find(self, subject: Subject) -> Found:
        text = subject.text
        check_work(self.program, text.data)
        if self.regexp.search(text.data) is None:
            return NOTHING
        return Found(triggered=True, spans=self._spans(text))

    def _spans(self, text: Text) -> tuple[Span, ...]:
        """Empty matches are left out: there is nothing at them."""
        work = max(1, self.program * len(text.data))
        most = max(1, min(MAX_SPANS, MAX_WORK // work))
        matches = self.regexp.finditer(text.data)
        spans = [match.span() for match in islice(matches, most + 1)]
        if len(spans) > most:
            spans[-1] = (spans[-1][0], len(text.data))
        return text.spans(span for span in spans if span[0] < span[1])


def open_regex(check: Object) -> Regex:
    known(check, ("type", "pattern", "case_sensitive"), "a regex check")
    need = Need(
        pattern=shapes.text(check, "pattern"),
        case_sensitive=flag(check, "case_sensitive", default=True),
    )
    regexp = compiled(need.pattern, case_sensitive=need.case_sensitive, captures=False)
    return Regex(regexp=regexp, program=regexp.programsize, need=need)


def check_work(program: int, data: bytes) -> None:
    """Raises:
    CannotCheck: To match once could take too long.
    """
    if program * len(data) > MAX_WORK:
        raise CannotCheck("the pattern is too large for a text of this length")
