"""RE2's syntax, read: from a pattern to its tree.

* The pattern was taken by RE2 before; here it is read, and not judged again.
* Flags are worked in: a tree has no case to ignore and no newline to mind.  What
  one step takes is a set of characters, so that no other engine's idea of `\\d`,
  `\\w` or `(?i)` matters.
* What cannot be said with sets of characters is refused: properties of Unicode
  (each engine has its own tables), and single bytes.
"""

import re
from dataclasses import dataclass, replace

from registry.errors import NotExportable
from registry.exports import charsets
from registry.exports.charsets import Ranges
from registry.exports.steps import Steps
from registry.exports.trees import (
    Chain,
    Chars,
    Choice,
    Edge,
    Node,
    Place,
    Repeat,
    fits_nothing,
)

MAX_DEPTH = 40
STEPS_OF_CASE = 4

_REPEAT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_FLAGS = re.compile(r"\?([imsU]*)(?:-([imsU]*))?([:)])")
_NAMED = re.compile(r"\?P?<\w+>")
_POSIX = re.compile(r"\[:(\^?)(\w+):\]")
_HEX = re.compile(r"x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))")
_OCTAL = re.compile(r"[0-7]{1,3}")
_CONTROLS = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_CLASSES = {"d": charsets.DIGITS, "s": charsets.SPACE, "w": charsets.WORD}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flags:
    i: bool
    m: bool
    s: bool
    U: bool


def parse(pattern: str, *, case_sensitive: bool, steps: Steps | None = None) -> Node:
    """Args:
        steps: What other cases of letters may take; without it, as for one pattern.

    Raises:
    NotExportable: It cannot be said with sets of characters.
    """
    reading = _Reading(pattern, case_sensitive, steps or Steps())
    node = reading.choice(0)
    if reading.at < len(pattern):
        raise NotExportable("its pattern has a bracket too many")
    if reading.inside and fits_nothing(node):
        # RE2 finds such a place between the bytes of one character as well.
        raise NotExportable("its pattern asks for the inside of a word and no more")
    return node


class _Reading:
    """One reading of a pattern, as far as it has come."""

    def __init__(self, pattern: str, case_sensitive: bool, steps: Steps) -> None:
        self.at = 0
        self.inside = False
        self._pattern, self._steps = pattern, steps
        self._flags = _Flags(i=not case_sensitive, m=False, s=False, U=False)

    def choice(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise NotExportable("its pattern is nested too deeply")
        options = [self._chain(depth)]
        while self._takes("|"):
            options.append(self._chain(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _chain(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.at < len(self._pattern) and self._pattern[self.at] not in "|)":
            atom = self._atom(depth)
            if atom is not None:
                parts.append(self._repeated(atom))
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def _atom(self, depth: int) -> Node | None:
        character = self._pattern[self.at]
        self.at += 1
        if character == "(":
            return self._group(depth)
        if character == "[":
            return Chars(self._class())
        if character == "\\":
            return self._escaped()
        if character == ".":
            flags = self._flags
            return Chars(charsets.ANYTHING if flags.s else charsets.NOT_A_NEWLINE)
        if character in "^$":
            return Edge(self._edge(character))
        return self._one(ord(character))

    def _edge(self, character: str) -> Place:
        if self._flags.m:
            return Place.LINE_BEGINS if character == "^" else Place.LINE_ENDS
        return Place.TEXT_BEGINS if character == "^" else Place.TEXT_ENDS

    def _repeated(self, node: Node) -> Node:
        while (bounds := self._bounds()) is not None:
            greedy = self._takes("?") == self._flags.U
            node = Repeat(node, *bounds, greedy)
        return node

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._takes(sign):
                return bounds
        found = self._match(_REPEAT)
        if found is None:
            return None
        least = int(found[1])
        if found[3]:
            return least, int(found[3])
        return least, None if found[2] else least

    def _group(self, depth: int) -> Node | None:
        """None for flags that hold for what comes after them in the same group."""
        outer = self._flags
        if self._match(_NAMED) is None and (found := self._match(_FLAGS)):
            self._flags = replace(
                outer,
                **dict.fromkeys(found[1], True),
                **dict.fromkeys(found[2] or "", False),
            )
            if found[3] == ")":
                return None
        node = self.choice(depth + 1)
        if not self._takes(")"):
            raise NotExportable("its pattern uses a kind of group that is not known")
        self._flags = outer
        return node

    def _escaped(self) -> Node:
        character = self._pattern[self.at]
        places = {
            "A": Place.TEXT_BEGINS,
            "z": Place.TEXT_ENDS,
            "b": Place.WORD_EDGE,
            "B": Place.NO_WORD_EDGE,
        }
        if character in places:
            self.at += 1
            self.inside |= character == "B"
            return Edge(places[character])
        if character == "Q":
            return self._quoted()
        shorthand = self._shorthand()
        return self._one(self._escape()) if shorthand is None else Chars(shorthand)

    def _quoted(self) -> Node:
        end = self._pattern.find("\\E", self.at)
        text = self._pattern[self.at + 1 : None if end < 0 else end]
        self.at = len(self._pattern) if end < 0 else end + 2
        *first, last = [self._one(ord(character)) for character in text] or [Chain(())]
        return Chain((*first, self._repeated(last)))

    def _shorthand(self) -> Ranges | None:
        """A class of characters after a backslash, if one is there."""
        character = self._pattern[self.at]
        if character in "pP":
            raise NotExportable(
                "its pattern uses a property of Unicode, for which every engine has "
                "tables of its own"
            )
        if character == "C":
            raise NotExportable("its pattern takes single bytes")
        ranges = _CLASSES.get(character.lower())
        if ranges is None:
            return None
        self.at += 1
        if self._flags.i:
            ranges = self._cased(ranges)
        return ranges if character.islower() else charsets.complement(ranges)

    def _escape(self) -> int:
        """The code point of an escape; the backslash is behind already."""
        if found := self._match(_HEX):
            return int(found[1] or found[2], 16)
        if found := self._match(_OCTAL):
            return int(found[0], 8)
        character = self._pattern[self.at]
        self.at += 1
        return _CONTROLS.get(character, ord(character))

    def _class(self) -> Ranges:
        negated = self._takes("^")
        found: list[Ranges] = []
        begin = self.at
        while self._pattern[self.at] != "]" or self.at == begin:
            found.append(self._member())
        self.at += 1
        ranges = charsets.union(*found)
        return charsets.complement(ranges) if negated else ranges

    def _member(self) -> Ranges:
        if named := self._match(_POSIX):
            ranges = self._cased(charsets.POSIX[named[2]])
            return charsets.complement(ranges) if named[1] else ranges
        if self._pattern[self.at] == "\\":
            self.at += 1
            shorthand = self._shorthand()
            if shorthand is not None:
                return shorthand
            self.at -= 1
        low = high = self._end_of_range()
        if self._pattern[self.at] == "-" and self._pattern[self.at + 1] != "]":
            self.at += 1
            high = self._end_of_range()
        return self._cased(((low, high),))

    def _end_of_range(self) -> int:
        character = self._pattern[self.at]
        self.at += 1
        return self._escape() if character == "\\" else ord(character)

    def _one(self, number: int) -> Node:
        return Chars(self._cased(((number, number),)))

    def _cased(self, ranges: Ranges) -> Ranges:
        if not self._flags.i:
            return ranges
        self._steps.take(1 + STEPS_OF_CASE * charsets.cased(ranges))
        return charsets.either_case(ranges)

    def _takes(self, text: str) -> bool:
        if not self._pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def _match(self, what: re.Pattern[str]) -> re.Match[str] | None:
        found = what.match(self._pattern, self.at)
        if found is not None:
            self.at = found.end()
        return found
