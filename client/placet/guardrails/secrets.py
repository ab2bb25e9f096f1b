"""Credentials that their makers gave a form of their own.

The rules:

 * A detector knows one maker's forms, as that maker publishes them or as they are
   seen in what it hands out.  What has no form is not guessed at: there is no
   measure of randomness, which calls words random and misses keys.
 * A find stands alone: a letter or digit before or after it makes it part of
   something else.
 * A character without width inside a key does not hide it.
 * The name of an account, a key's public half, a placeholder in `<>` or `{}` is no
   secret.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from placet.guardrails.errors import CannotCheck
from placet.guardrails.folding import folded
from placet.guardrails.patterns import compiled
from placet.guardrails.secret_forms import ALL
from placet.guardrails.texts import Span, merged

_PRIVATE_KEY = "private_key_block"
_KEY_BEGINS = "-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
_KEY_ENDS = "-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"

DETECTORS: Mapping[str, str] = {
    **{name: detector.says for name, detector in ALL.items()},
    _PRIVATE_KEY: "A private key in PEM or OpenPGP form, up to its end line.",
}
"""The detectors by name, and what each finds."""


def named(text: str) -> tuple[tuple[str, Span], ...]:
    """What every detector finds in a text: the detector's name, and where."""
    read = folded(text)
    return tuple(
        (name, read.given(span))
        for name in DETECTORS
        for span in _found(name, read.text)
    )


def find(text: str, check: Mapping[str, object]) -> tuple[Span, ...]:
    """Where something stands that one of the check's detectors knows.

    Raises:
        CannotCheck: A detector is not known.
    """
    asked = check.get("detectors", ())
    if not isinstance(asked, (list, tuple)):
        raise CannotCheck("`detectors` is no list")
    read = folded(text)
    found = [span for name in asked for span in _found(str(name), read.text)]
    return merged(map(read.given, found))


def _found(name: str, text: str) -> Iterator[Span]:
    if name == _PRIVATE_KEY:
        yield from _private_keys(text)
        return
    detector = ALL.get(name)
    if detector is None:
        raise CannotCheck(f"{name[:40]!r} is not known as a detector of secrets")
    for found in compiled(detector.pattern).finditer(text):
        inner = found.span(detector.group)
        span = found.span() if inner[0] < 0 else inner
        if _stands_alone(text, span):
            yield span


def _stands_alone(text: str, span: Span) -> bool:
    before, after = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]
    return not any(char.isascii() and char.isalnum() for char in (before, after))


def _private_keys(text: str) -> Iterator[Span]:
    """From each first line to the next last one, or else only the first line."""
    ends = [found.span()[1] for found in compiled(_KEY_ENDS).finditer(text)]
    begins = [found.span() for found in compiled(_KEY_BEGINS).finditer(text)]
    for at, (start, line_end) in enumerate(begins):
        following = bisect_left(ends, line_end)
        end = ends[following] if following < len(ends) else line_end
        another = begins[at + 1][0] if at + 1 < len(begins) else len(text)
        yield start, end if end <= another else line_end


def form_of(name: str) -> tuple[str, bool]:
    """The pattern of a detector, and whether a group in it is what it finds.

    For whoever has patterns and nothing else; of a key block, its first line.

    Raises:
        KeyError: No detector is called so.
    """
    if name == _PRIVATE_KEY:
        return _KEY_BEGINS, True
    detector = ALL[name]
    return detector.pattern, detector.group > 0
