"""Checks of the type `keyword`: words or phrases (`placet.guardrails.phrases`).

A term counts unless it stands within one of the phrases of `unless`.  With `near`
it counts only if one of those words is beside it, at most `within` words between
the two; a word is what white space surrounds, and what overlaps the term is not
beside it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from placet import shapes
from placet.guardrails.findings import NOTHING, WHOLE, Found, Need, found_at
from placet.guardrails.parameters import choice, flag, known, texts, texts_or_none
from placet.guardrails.phrases import Phrases, TooMany, open_phrases
from placet.guardrails.subjects import Subject
from placet.guardrails.texts import Span, Text, merged, words_of
from placet.shapes import Object

_KNOWN = ("type", "terms", "match", "case_sensitive", "unless", "near")


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    phrases: Phrases
    within: int

    def beside(self, spans: Sequence[Span], text: Text) -> list[Span]:
        """Leave those of *spans*, in code points, that have a phrase beside them."""
        others = text.spans(self.phrases.find(text.data))
        words = words_of(text.text)
        starts = sorted(others)
        ends = sorted(others, key=lambda span: span[1])
        first = [span[0] for span in starts]
        last = [span[1] for span in ends]

        def is_beside(span: Span) -> bool:
            right = bisect_left(first, span[1])
            left = bisect_right(last, span[0])
            nearest = (*starts[right : right + 1], *ends[max(0, left - 1) : left])
            return any(words.between(span, one) <= self.within for one in nearest)

        return [span for span in spans if is_beside(span)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    terms: Phrases
    unless: Phrases | None
    near: Near | None

    @property
    def needs(self) -> tuple[Need, ...]:
        return self.terms.needs

    def find(self, subject: Subject) -> Found:
        """A text that is full of terms or exceptions triggers as a whole."""
        text = subject.text
        try:
            spans = self._spans(text)
        except TooMany:
            return WHOLE
        return found_at(merged(spans)) if spans else NOTHING

    def _spans(self, text: Text) -> Sequence[Span]:
        found = self.terms.find(text.data)
        if found and self.unless is not None:
            found = _outside(found, self.unless.find(text.data))
        spans = text.spans(found)
        if spans and self.near is not None:
            return self.near.beside(spans, text)
        return spans


def open_keyword(check: Object) -> Keyword:
    known(check, _KNOWN, "a keyword check")
    whole_words = choice(check, "match", ("word", "substring"), "word") == "word"
    case_sensitive = flag(check, "case_sensitive", default=False)

    def phrases(of: tuple[str, ...]) -> Phrases:
        return open_phrases(of, whole_words=whole_words, case_sensitive=case_sensitive)

    unless = texts_or_none(check, "unless")
    return Keyword(
        terms=phrases(texts(check, "terms")),
        unless=phrases(unless) if unless else None,
        near=_near(shapes.mapping(check, "near"), phrases) if "near" in check else None,
    )


def _near(near: Object, phrases: Callable[[tuple[str, ...]], Phrases]) -> Near:
    known(near, ("terms", "within"), "`near`")
    return Near(
        phrases=phrases(texts(near, "terms")), within=shapes.number(near, "within")
    )


def _outside(spans: Sequence[Span], exceptions: Sequence[Span]) -> list[Span]:
    """Leave those of *spans* that no exception holds; both are in order."""
    left: list[Span] = []
    reach, index = -1, 0
    for start, end in spans:
        while index < len(exceptions) and exceptions[index][0] <= start:
            reach = max(reach, exceptions[index][1])
            index += 1
        if end > reach:
            left.append((start, end))
    return left
