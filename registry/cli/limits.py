"""Limits: where a role or a seat is held, as people type them."""

from typing import TYPE_CHECKING

from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from collections.abc import Iterable

    from registry.remote.people import Limit

FORM = (
    "Write HELD:ENVIRONMENTS:NAMES, with commas, and nothing for all: "
    "'risk:production:acme-air/**', 'operator:staging,development:', "
    "'owner::acme-air/**'."
)


def parse_limits(texts: "Iterable[str]") -> tuple["Limit", ...]:
    """Read every limit; an empty text says that there is none.

    Raises:
        Invalid: One is not of the form, or limits nothing.
    """
    from registry.remote.people import Limit

    found = []
    for text in filter(None, texts):
        parts = [_words(part) for part in text.split(":")]
        if len(parts) not in {2, 3} or len(parts[0]) != 1 or not any(parts[1:]):
            raise Invalid(f"{text[:80]!r} is no limit", hint=FORM)
        names = parts[2] if len(parts) == 3 else ()
        found.append(Limit(held=parts[0][0], environments=parts[1], names=names))
    return tuple(found)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
