"""Patterns as trees: what they say, whoever is to read them next.

A tree has no flags.  What one step takes is a set of characters, so that no engine's
own idea of `\\d`, `\\w` or `(?i)` matters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from registry.exports import charsets
from registry.exports.charsets import Ranges


class Place(StrEnum):
    """Where in a text, taking nothing of it."""

    TEXT_BEGINS = "text begins"
    TEXT_ENDS = "text ends"
    LINE_BEGINS = "line begins"
    LINE_ENDS = "line ends"
    WORD_EDGE = "word edge"
    NO_WORD_EDGE = "no word edge"
    NO_LETTER_BEFORE = "no letter or digit comes before"
    NO_LETTER_AFTER = "no letter or digit comes after"
    NO_ASCII_BEFORE = "no letter or digit of ASCII comes before"
    NO_ASCII_AFTER = "no letter or digit of ASCII comes after"


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Edge:
    place: Place


@dataclass(frozen=True, slots=True)
class Chain:
    """One after the other; of nothing, the empty text."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first that fits."""

    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Attributes:
    most: None for as often as it fits.
    """

    part: "Node"
    least: int
    most: int | None
    greedy: bool


Node: TypeAlias = Chars | Edge | Chain | Choice | Repeat


def literal(text: str, *, case_sensitive: bool) -> Node:
    """*text* itself, with nothing special in it."""
    sets = (((ord(character), ord(character)),) for character in text)
    return Chain(
        tuple(Chars(s if case_sensitive else charsets.either_case(s)) for s in sets)
    )


def leaves(node: Node) -> Iterator[Chars | Edge]:
    """What a tree is made of, in the order of the pattern."""
    if isinstance(node, Chain):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Choice):
        for option in node.options:
            yield from leaves(option)
    elif isinstance(node, Repeat):
        yield from leaves(node.part)
    else:
        yield node


def fits_nothing(node: Node) -> bool:
    """Whether the empty text can fit, wherever it would have to be."""
    if isinstance(node, Chain):
        return all(map(fits_nothing, node.parts))
    if isinstance(node, Choice):
        return any(map(fits_nothing, node.options))
    if isinstance(node, Repeat):
        return node.least == 0 or fits_nothing(node.part)
    return isinstance(node, Edge)
