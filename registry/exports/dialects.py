"""What a tree of a pattern is called in other engines.

* Everything is spelled out: no flag, no `\\d`, no group that captures.  So it says
  the same whatever flags the other product adds.
* `PYTHON` is for Python's `re`.  `PLAIN` is what nearly every engine takes, for
  products that do not say which one they have: no lookaround, no scoped flags.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

from placet.guardrails.hidden_text import CLASSES, ranges_of
from registry.errors import NotExportable
from registry.exports import charsets
from registry.exports.charsets import Ranges
from registry.exports.trees import Chain, Chars, Choice, Edge, Node, Place, Repeat

_SPECIAL = frozenset(r"\.^$*+?{}[]|()-&~#/ ")
_NAMED = {9: r"\t", 10: r"\n", 11: r"\v", 12: r"\f", 13: r"\r", 32: " "}
_HIDDEN = re.compile(f"[{''.join(ranges_of(name) or '' for name in CLASSES)}]")
_BYTE = 0xFF
_WIDE = 0xFFFF


class Dialect(StrEnum):
    PYTHON = "python"
    PLAIN = "plain"


_MARKS = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Accents and the like, which are part of a word and which `\\w` does not take."""

_PLACES: dict[Dialect, dict[Place, str]] = {
    Dialect.PYTHON: {
        Place.TEXT_BEGINS: r"\A",
        Place.TEXT_ENDS: r"\Z",
        Place.LINE_BEGINS: "(?m:^)",
        Place.LINE_ENDS: "(?m:$)",
        Place.WORD_EDGE: r"(?a:\b)",
        Place.NO_WORD_EDGE: r"(?!(?a:\b))",  # \B does not fit an empty text there
        Place.NO_LETTER_BEFORE: rf"(?<![\w{_MARKS}])",
        Place.NO_LETTER_AFTER: rf"(?![\w{_MARKS}])",
        Place.NO_ASCII_BEFORE: "(?<![0-9A-Za-z])",
        Place.NO_ASCII_AFTER: "(?![0-9A-Za-z])",
    },
    Dialect.PLAIN: {
        Place.TEXT_BEGINS: "^",
        Place.TEXT_ENDS: "$",
        Place.WORD_EDGE: r"\b",
        Place.NO_WORD_EDGE: r"\B",
        Place.NO_LETTER_BEFORE: r"\b",
        Place.NO_LETTER_AFTER: r"\b",
        Place.NO_ASCII_BEFORE: r"\b",
        Place.NO_ASCII_AFTER: r"\b",
    },
}

_PYTHON = {charsets.SPACES: r"\s", charsets.complement(charsets.SPACES): r"\S"}


def write(node: Node, dialect: Dialect) -> str:
    """Raises:
    NotExportable: The dialect cannot say it.
    """
    return "".join(_written(node, dialect))


def _written(node: Node, dialect: Dialect) -> Iterator[str]:
    if isinstance(node, Chars):
        yield _characters(node.ranges, dialect)
    elif isinstance(node, Edge):
        if node.place not in _PLACES[dialect]:
            raise NotExportable(f"its pattern asks where a {node.place}")
        yield _PLACES[dialect][node.place]
    elif isinstance(node, Chain):
        for part in node.parts:
            yield from _grouped(part, dialect, isinstance(part, Choice))
    elif isinstance(node, Choice):
        yield "|".join(write(option, dialect) for option in node.options)
    else:
        yield from _grouped(node.part, dialect, not isinstance(node.part, Chars))
        yield _times(node)


def _grouped(node: Node, dialect: Dialect, together: bool) -> Iterator[str]:
    inner = write(node, dialect)
    yield f"(?:{inner})" if together else inner


def _times(node: Repeat) -> str:
    bounds = (node.least, node.most)
    sign = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get(bounds)
    if sign is None:
        most = "" if node.most is None else str(node.most)
        same = node.least == node.most
        sign = f"{{{node.least}}}" if same else f"{{{node.least},{most}}}"
    return sign if node.greedy else f"{sign}?"


def _characters(ranges: Ranges, dialect: Dialect) -> str:
    if ranges == charsets.ANYTHING:
        return r"[\s\S]"
    if dialect is Dialect.PYTHON and ranges in _PYTHON:
        return _PYTHON[ranges]
    if not ranges:
        if dialect is Dialect.PLAIN:
            raise NotExportable("its pattern has a place that nothing fits")
        return "(?!)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _character(ranges[0][0])
    others = charsets.complement(ranges)
    if len(others) < len(ranges) or ranges[-1][1] == charsets.LAST:
        return f"[^{_members(others)}]"
    return f"[{_members(ranges)}]"


def _members(ranges: Ranges) -> str:
    return "".join(
        _member(low)
        if low == high
        else f"{_member(low)}{'-' if high > low + 1 else ''}{_member(high)}"
        for low, high in ranges
    )


def _member(number: int) -> str:
    """A mark has no letter to stand on there, and would be drawn on a bracket."""
    is_mark = unicodedata.category(chr(number)).startswith("M")
    return _escape(number) if is_mark else _character(number)


def _character(number: int) -> str:
    """What nobody would see is escaped, so that whoever reads the export sees it."""
    character = chr(number)
    if number in _NAMED:
        return _NAMED[number]
    if character in _SPECIAL:
        return f"\\{character}"
    if character.isprintable() and not _HIDDEN.match(character):
        return character
    return _escape(number)


def _escape(number: int) -> str:
    if number <= _BYTE:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= _WIDE else f"\\U{number:08x}"
