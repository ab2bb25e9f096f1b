"""Checks of the type `external`: run by an engine that the chatbot brings.

It is given the text and the check's `config`, and answers with spans or a bool.
What it raises, and an answer that is none, is an error: an engine that fails must
not look like one that found nothing.
"""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from placet import shapes
from placet.errors import Unsupported
from placet.guardrails.errors import CannotCheck
from placet.guardrails.findings import NOTHING, WHOLE, Found, found_at
from placet.guardrails.parameters import known, mapping_or_empty
from placet.guardrails.subjects import Subject
from placet.guardrails.texts import Span, merged
from placet.shapes import Object

MAX_SPANS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    engine: str
    config: Object

    @property
    def needs(self) -> None:
        return None

    def find(self, subject: Subject) -> Found:
        run = subject.engines.get(self.engine)
        if run is None:
            raise CannotCheck(f"the chatbot has no engine {self.engine!r}")
        text = subject.text.text
        try:
            answer = run(text, copy.deepcopy(dict(self.config)))
            spans = _spans(answer)
        except Exception as error:  # noqa: BLE001 (theirs; whatever it is, it failed)
            kind = type(error).__name__
            raise CannotCheck(f"the engine {self.engine!r} raised {kind}") from None
        if isinstance(spans, bool):
            return WHOLE if spans else NOTHING
        if len(spans) > MAX_SPANS:
            return WHOLE
        if not all(_is_span(span, len(text)) for span in spans):
            raise CannotCheck(f"the engine {self.engine!r} gave no spans of the text")
        return found_at(merged(spans))


def open_external(check: Object) -> External:
    known(check, ("type", "engine", "config", "deterministic"), "an external check")
    if check.get("deterministic", False) is not False:
        raise Unsupported("an external check claims to be deterministic")
    return External(
        engine=shapes.text(check, "engine"), config=mapping_or_empty(check, "config")
    )


def _spans(answer: Iterable[Span] | bool) -> list[Span] | bool:
    if isinstance(answer, bool):
        return answer
    return [(start, end) for start, end in islice(answer, MAX_SPANS + 1)]


def _is_span(span: Span, chars: int) -> bool:
    start, end = span
    return type(start) is int and type(end) is int and 0 <= start < end <= chars
