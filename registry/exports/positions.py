"""The ways through a pattern: which character it takes after which.

A backtracking engine tries every way there is, so ways are counted: none, one, or
several.  The tree is walked once (Glushkov's construction); each `Chars` in it
becomes a position.

What is bounded is written out while it is short.  What is longer becomes a loop, so
that the ways are rather too many than too few:

 * One character, `a` times at least and `b` at most: a position with a loop of its
   own that weighs `b - a + 1`.
 * Anything else that is repeated more than a few times: a loop, as if unbounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.errors import NotExportable
from registry.exports.charsets import Ranges
from registry.exports.steps import Steps
from registry.exports.trees import (
    Chain,
    Chars,
    Choice,
    Edge,
    Node,
    Repeat,
    fits_nothing,
)

MAX_POSITIONS = 3_000
MAX_WRITTEN_OUT = 8
UNBOUNDED = 10_000
"""Characters of the text that costs are reckoned for."""

SEVERAL = 2

Ways = Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Attributes:
    takes: By position, the characters that fit there.
    weighs: How often a loop through it can go round.
    first: The positions that a match may begin with.
    follow: By position, what may come next, and in how many ways.
    ends: Where a match may end.
    """

    takes: tuple[Ranges, ...]
    weighs: tuple[int, ...]
    first: Ways
    follow: tuple[Ways, ...]
    ends: frozenset[int]


def positions(node: Node, steps: Steps) -> Positions:
    """Raises:
    NotExportable: There are too many of them, or ways from one to another.
    """
    walk = _Walk(steps)
    part = walk.walk(node, 1)
    return Positions(
        takes=tuple(walk.takes),
        weighs=tuple(walk.weighs),
        first=part.first,
        follow=tuple(walk.follow),
        ends=frozenset(part.last),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Attributes:
    empty: In how many ways it takes nothing.
    """

    empty: int
    first: Ways
    last: Ways


class _Walk:
    """One walk through a tree, as far as it has come."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.takes: list[Ranges] = []
        self.weighs: list[int] = []
        self.follow: list[dict[int, int]] = []

    def walk(self, node: Node, weight: int) -> _Part:
        if isinstance(node, Chars):
            return self._position(node.ranges, weight)
        if isinstance(node, Edge):
            return _Part(1, {}, {})
        if isinstance(node, Chain):
            part = _Part(1, {}, {})
            for inner in node.parts:
                part = self._then(part, self.walk(inner, weight))
            return part
        if isinstance(node, Choice):
            options = [self.walk(option, weight) for option in node.options]
            return _Part(
                _few(sum(option.empty for option in options)),
                self._added(*(option.first for option in options)),
                self._added(*(option.last for option in options)),
            )
        return self._repeat(node, weight)

    def _position(self, ranges: Ranges, weight: int) -> _Part:
        if len(self.takes) >= MAX_POSITIONS:
            raise NotExportable("its pattern is too long to be judged")
        number = len(self.takes)
        self.takes.append(ranges)
        self.weighs.append(weight)
        self.follow.append({})
        return _Part(0, {number: 1}, {number: 1})

    def _repeat(self, node: Repeat, weight: int) -> _Part:
        if node.most == 0:
            return _Part(1, {}, {})
        if node.most is not None and node.most <= MAX_WRITTEN_OUT:
            return self._written_out(node, weight, node.most)
        if isinstance(node.part, Chars):
            return self._of_one(node, weight)
        if node.most is not None and fits_nothing(node.part):
            raise NotExportable("its pattern counts something that may be nothing")
        times = UNBOUNDED if node.most is None else min(node.most, UNBOUNDED)
        part = self.walk(node.part, min(weight * times, UNBOUNDED))
        self._link(part.last, part.first)
        return part if node.least else _Part(1, part.first, part.last)

    def _of_one(self, node: Repeat, weight: int) -> _Part:
        choices = UNBOUNDED if node.most is None else node.most - node.least + 1
        part = self.walk(node.part, min(weight * choices, UNBOUNDED))
        if choices > 1:
            self._link(part.last, part.first)
        if node.least > 1:
            before = self.walk(node.part, weight)
            self._link(before.last, part.first)
            return _Part(0, before.first, part.last)
        return part if node.least else _Part(1, part.first, part.last)

    def _written_out(self, node: Repeat, weight: int, most: int) -> _Part:
        """`x{1,3}` as `x(?:x(?:x)?)?`."""
        copies = [self.walk(node.part, weight) for _ in range(most)]
        tail = _Part(1, {}, {})
        for number in range(most - 1, -1, -1):
            tail = self._then(copies[number], tail)
            if number >= node.least:
                tail = _Part(_few(tail.empty + 1), tail.first, tail.last)
        return tail

    def _then(self, one: _Part, other: _Part) -> _Part:
        self._link(one.last, other.first)
        return _Part(
            _few(one.empty * other.empty),
            self._added(one.first, _times(other.first, one.empty)),
            self._added(other.last, _times(one.last, other.empty)),
        )

    def _link(self, ends: Ways, begins: Ways) -> None:
        for end, ways in ends.items():
            self.follow[end] = self._added(self.follow[end], _times(begins, ways))

    def _added(self, *several: Ways) -> dict[int, int]:
        self._steps.take(5 + 2 * sum(map(len, several)))
        total: dict[int, int] = {}
        for ways in several:
            for number, count in ways.items():
                total[number] = _few(total.get(number, 0) + count)
        return total


def _times(ways: Ways, factor: int) -> Ways:
    if factor == 1:
        return ways
    return {number: _few(count * factor) for number, count in ways.items() if factor}


def _few(count: int) -> int:
    return min(count, SEVERAL)
