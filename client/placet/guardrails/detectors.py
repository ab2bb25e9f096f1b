"""Checks of the types `pii`, `secret`, `hidden_text`, `language`, `url_allowlist`.

Each has a module of its own with one function, `find(text, check)`, which gives the
spans that trigger.  It is tried on an empty text when the guardrail is opened, so
that what is not installed is told then and not in the middle of a conversation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TypeAlias, cast

from placet.errors import Unsupported
from placet.guardrails.errors import CannotCheck
from placet.guardrails.findings import Found, found_at
from placet.guardrails.parameters import known
from placet.guardrails.subjects import Subject
from placet.guardrails.texts import Span, merged
from placet.shapes import Object

Find: TypeAlias = Callable[[str, Mapping[str, object]], tuple[Span, ...]]

MAX_SPANS = 1_000

_PARAMETERS = {
    "pii": ("entities", "regions", "require_checksum", "context_words"),
    "secret": ("detectors",),
    "hidden_text": ("classes",),
    "language": ("allowed", "min_chars", "undetermined"),
    "url_allowlist": ("domains", "schemes", "allow_subdomains"),
}
_MODULES = {"secret": "secrets", "language": "languages", "url_allowlist": "urls"}

TYPES = tuple(_PARAMETERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    check: Object
    look: Find = field(repr=False)

    @property
    def needs(self) -> None:
        return None

    def find(self, subject: Subject) -> Found:
        text = subject.text.text
        spans = merged(self.look(text, self.check))
        if len(spans) > MAX_SPANS:
            spans = (*spans[: MAX_SPANS - 1], (spans[MAX_SPANS - 1][0], len(text)))
        return found_at(spans)


def open_detector(check: Object) -> Detector:
    kind = str(check["type"])
    known(check, ("type", *_PARAMETERS[kind]), f"a {kind} check")
    module = import_module(f"placet.guardrails.{_MODULES.get(kind, kind)}")
    look = cast(Find, module.find)
    try:
        look("", check)
    except CannotCheck as error:
        raise Unsupported(f"a {kind} check cannot be run: {error.message}") from None
    return Detector(check=check, look=look)
