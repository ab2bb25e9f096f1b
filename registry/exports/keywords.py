"""Words and phrases, as patterns that find what `placet.guardrails.phrases` finds.

* A space in a phrase stands for any white space.
* A whole word has no letter, number or `_` beside it, in any script.
* A second word near by is looked for on both sides, with as many words between.
"""

from collections.abc import Mapping
from typing import cast

from registry.errors import NotExportable
from registry.exports.charsets import SPACES, complement
from registry.exports.trees import (
    Chain,
    Chars,
    Choice,
    Edge,
    Node,
    Place,
    Repeat,
    literal,
)
from registry.values import Json

MAX_WITHIN = 8
"""With more words between them an engine that backtracks would take too long."""

MARKED_SCRIPTS = "\u0590"
"""From here on there are scripts in which marks belong to words."""

_SPACE = Repeat(Chars(((9, 10), (12, 13), (32, 32), *SPACES[3:])), 1, None, True)
_SPACES_RUN = Repeat(Chars(SPACES), 1, None, True)
_NO_SPACES = Repeat(Chars(complement(SPACES)), 0, None, True)


def pattern(check: Mapping[str, Json], told: list[str]) -> Node:
    """Raises:
    NotExportable: The second word may be too far from the first.
    """
    terms = cast(list[str], check["terms"])
    either = _either(check, terms)
    if check.get("match", "word") == "word" and max(map(max, terms)) >= MARKED_SCRIPTS:
        told.append(
            "In scripts that write vowels as marks, as Hindi does, a term is also "
            "found where a mark follows it."
        )
    if "unless" in check:
        told.append("Phrases that are allowed although they hold a term are stopped.")
    near = cast(Mapping[str, Json], check.get("near", {}))
    if not near:
        return either
    if cast(int, near["within"]) > MAX_WITHIN:
        raise NotExportable(
            f"it asks for a second word up to {near['within']} words away, and at "
            f"most {MAX_WITHIN} can be asked for in a pattern that is never slow"
        )
    other = _either(check, cast(list[str], near["terms"]))
    between = _between(cast(int, near["within"]))
    return Choice((Chain((either, *between, other)), Chain((other, *between, either))))


def _either(check: Mapping[str, Json], terms: list[str]) -> Node:
    """Any of the terms; the longest comes first, so that all of it is covered."""
    sensitive = bool(check.get("case_sensitive", False))
    whole = check.get("match", "word") == "word"
    options = [
        _phrase(term, case_sensitive=sensitive, whole=whole)
        for term in sorted(terms, key=len, reverse=True)
    ]
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _phrase(term: str, *, case_sensitive: bool, whole: bool) -> Node:
    parts: list[Node] = []
    for word in term.split():
        parts += [_SPACE] if parts else []
        parts.append(literal(word, case_sensitive=case_sensitive))
    words = "".join(term.split())
    if whole and words and _is_wordly(words[0]):
        parts.insert(0, Edge(Place.NO_LETTER_BEFORE))
    if whole and words and _is_wordly(words[-1]):
        parts.append(Edge(Place.NO_LETTER_AFTER))
    return Chain(tuple(parts or [_SPACE]))


def _is_wordly(character: str) -> bool:
    return character.isalnum() or character == "_"


def _between(within: int) -> tuple[Node, Node]:
    """The rest of one word, up to so many others, and the beginning of the last."""
    word = Chain((_SPACES_RUN, Repeat(Chars(complement(SPACES)), 1, None, True)))
    others = Chain((_NO_SPACES, Repeat(word, 0, within, True), _SPACES_RUN))
    return Repeat(others, 0, 1, True), _NO_SPACES
