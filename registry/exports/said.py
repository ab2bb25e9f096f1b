"""What a check says, as patterns: for products that know patterns and little else.

A check that can be said so becomes one pattern, or several of which all or any must
fit.  Where a pattern finds more than the check, that is told; a check that a pattern
would miss something of is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from registry.errors import NotExportable
from registry.exports import charsets, hidden, keywords, personal
from registry.exports.steps import Steps
from registry.exports.syntax import parse
from registry.exports.trees import Chain, Chars, Choice, Edge, Node, Place, Repeat
from registry.values import Json

Check = Mapping[str, Json]

MAX_COUNT = 65_000
"""More than this some engines do not count to."""


@dataclass(frozen=True, slots=True)
class Fits:
    """The pattern fits somewhere in the text."""

    node: Node


@dataclass(frozen=True, slots=True)
class AllFit:
    parts: tuple["Said", ...]


@dataclass(frozen=True, slots=True)
class AnyFits:
    parts: tuple["Said", ...]


Said: TypeAlias = Fits | AllFit | AnyFits


def said(check: Check, told: list[str], steps: Steps) -> Said:
    """Args:
    told: Gets what is lost.

    Raises:
        NotExportable: It cannot be said with patterns.
    """
    kind = str(check["type"])
    if kind in _REFUSED:
        raise NotExportable(_REFUSED[kind])
    if kind in ("any_of", "all_of"):
        inner = cast(list[Check], check["checks"])
        parts = tuple(said(each, told, steps) for each in inner)
        return AnyFits(parts) if kind == "any_of" else AllFit(parts)
    if kind == "regex":
        sensitive = bool(check.get("case_sensitive", True))
        pattern = str(check["pattern"])
        return Fits(parse(pattern, case_sensitive=sensitive, steps=steps))
    return Fits(_PATTERNS[kind](check, told))


def one_pattern(stated: Said) -> Node:
    """Raises:
    NotExportable: It takes several, all of which must fit.
    """
    if isinstance(stated, Fits):
        return stated.node
    if isinstance(stated, AllFit):
        raise NotExportable("it asks for several things at once")
    return Choice(tuple(one_pattern(part) for part in stated.parts))


def _length(check: Check, _: list[str]) -> Node:
    """Too long or too short, as a pattern."""
    least, most = cast(int, check.get("min", 0)), cast(int | None, check.get("max"))
    if max(least, most or 0) > MAX_COUNT:
        raise NotExportable(f"a pattern counts to {MAX_COUNT:,} at most")
    if check["unit"] == "words" and most is not None and not least:
        return _more_words(most)
    if check["unit"] != "chars":
        which = "too few words" if check["unit"] == "words" else "bytes"
        raise NotExportable(f"a pattern cannot tell {which}")
    options: list[Node] = []
    begins, ends = Edge(Place.TEXT_BEGINS), Edge(Place.TEXT_ENDS)
    anything = Chars(charsets.ANYTHING)
    if most is not None:
        options.append(Chain((begins, Repeat(anything, most + 1, most + 1, True))))
    if least:
        options.append(Chain((begins, Repeat(anything, 0, least - 1, True), ends)))
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _more_words(most: int) -> Node:
    space, word = Chars(charsets.SPACES), Chars(charsets.complement(charsets.SPACES))
    spaced = Chain((Repeat(word, 1, None, True), Repeat(space, 1, None, True)))
    before = Edge(Place.TEXT_BEGINS), Repeat(space, 0, None, True)
    return Chain((*before, Repeat(spaced, most, most, True), word))


_REFUSED = {
    "json_schema": "a pattern cannot tell whether a text conforms to a schema",
    "url_allowlist": "a pattern cannot tell one address from all others",
    "language": "a pattern cannot tell languages apart",
    "tool_call": "it is about calls of tools, and not about text",
    "external": "it is decided by another program, which has to be set up there",
}

_PATTERNS: dict[str, Callable[[Check, list[str]], Node]] = {
    "keyword": keywords.pattern,
    "pii": personal.pattern,
    "length": _length,
    "secret": hidden.of_secrets,
    "hidden_text": hidden.of_hidden_text,
}
