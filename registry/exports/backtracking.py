"""What a pattern may cost where it is not run by RE2.

RE2 reads a text once, whatever the pattern.  Python's `re` and its like try one way
after the other, and a text can be made for which there are very many.  The rules:

 * Two ways round one loop over the same characters, as in `(a+)+` or `(a|a)*`: with
   every character the time doubles.  Such a pattern is refused.
 * Loops one after the other that may take the same characters, as in `a*a*b`: the
   cost is reckoned as the product of how often each goes round, for a text of
   10,000 characters.  Over 1,000 million steps it is refused, which are three loops
   without a bound.
 * Looking for a pattern at every place of a text is a loop like any other, and comes
   first.  So one loop within the pattern makes two, as in `[a-z]+@`: this is common,
   takes seconds for the worst of such texts, and is told and not refused.

Where this errs it refuses: what is between two loops is taken to fit if each
character of it fits, and what `^`, `$` and `\\b` forbid is not counted on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.errors import NotExportable
from registry.exports.charsets import ANYTHING, NOTHING, Ranges, meet, overlap, union
from registry.exports.graphs import components
from registry.exports.positions import SEVERAL, UNBOUNDED, Positions, positions
from registry.exports.steps import INTRICATE, Steps
from registry.exports.trees import (
    Chain,
    Chars,
    Choice,
    Edge,
    Node,
    Place,
    Repeat,
    leaves,
)

MAX_COST = 10**9
SLOW_COST = UNBOUNDED**2
MAX_PAIRS = 4_000
STEPS_OF_LEAF = 4
STEPS_OF_WAY = 8

EXPLODES = (
    "its pattern lets an engine that backtracks try twice as many ways with every "
    "further character, so that a short text can stop it for hours"
)
GROWS = (
    "its pattern has loops that take the same characters one after the other, so "
    "that a long text can stop an engine that backtracks for hours"
)

_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loop:
    members: frozenset[int]
    takes: Ranges
    weighs: int


def is_slow(node: Node, steps: Steps) -> bool:
    """Whether the time may grow with the square of a text's length, or nearly.

    Raises:
        NotExportable: It grows faster than that, or finding out takes too long.
    """
    steps.take(STEPS_OF_LEAF * sum(map(_size, leaves(node))))
    return _is_slow(node, steps)


def _is_slow(node: Node, steps: Steps) -> bool:
    if isinstance(node, Choice):  # tried one after the other, and never again
        slow = [
            _is_slow(option, steps) for option in node.options
        ]  # each, or one is missed
        return any(slow)
    if not _repeats(node):
        return False
    ways = positions(node, steps)
    steps.take(STEPS_OF_WAY * (len(ways.follow) + sum(map(len, ways.follow))))
    loops = tuple(_loops(ways))
    for loop in loops:
        if _goes_two_ways(ways, loop.members, steps):
            raise NotExportable(EXPLODES)
    chained = _Chained(ways, loops, steps)
    cost = chained.cost(anchored=_is_anchored(node), ends=_ends_freely(node))
    if cost > MAX_COST:
        raise NotExportable(GROWS)
    return cost >= SLOW_COST


def _size(leaf: Chars | Edge) -> int:
    return len(leaf.ranges) + 1 if isinstance(leaf, Chars) else 1


def _loops(ways: Positions) -> Iterator[_Loop]:
    """In the order in which a text comes to them."""
    follow = [set(after) for after in ways.follow]
    for members in components(range(len(follow)), follow.__getitem__):
        if len(members) > 1 or any(one in follow[one] for one in members):
            yield _Loop(
                members=members,
                takes=union(*(ways.takes[one] for one in members)),
                weighs=max(ways.weighs[one] for one in members),
            )


def _goes_two_ways(ways: Positions, members: frozenset[int], steps: Steps) -> bool:
    """Whether some text leads round the loop in two ways, from one place to it."""
    follow = {
        one: {to: n for to, n in ways.follow[one].items() if to in members}
        for one in members
    }
    if any(n >= SEVERAL for after in follow.values() for n in after.values()):
        return True
    if all(len(after) == 1 for after in follow.values()):
        return False
    graph = _pairs(ways, follow, steps)
    for component in components(graph, graph.__getitem__):
        same = any(one == other for one, other in component)
        if same and any(one != other for one, other in component):
            return True
    return False


def _pairs(
    ways: Positions, follow: dict[int, dict[int, int]], steps: Steps
) -> dict[_Pair, set[_Pair]]:
    """Two ways at once, over the same text, from every place where they are one."""
    graph: dict[_Pair, set[_Pair]] = {}
    waiting = [(one, one) for one in follow]
    tried = 0
    while waiting:
        pair = waiting.pop()
        if pair in graph:
            continue
        tried += len(follow[pair[0]]) * len(follow[pair[1]])
        if tried > MAX_PAIRS:
            raise NotExportable(INTRICATE)
        graph[pair] = {
            (min(one, other), max(one, other))
            for one in follow[pair[0]]
            for other in follow[pair[1]]
            if one == other or _overlap(ways.takes[one], ways.takes[other], steps)
        }
        waiting += graph[pair] - graph.keys()
    return graph


def _overlap(one: Ranges, other: Ranges, steps: Steps) -> bool:
    steps.take(STEPS_OF_WAY + len(one) + len(other))
    return overlap(one, other)


class _Chained:
    """Loops in the order in which a text comes to them, one leading to another."""

    def __init__(self, ways: Positions, loops: tuple[_Loop, ...], steps: Steps) -> None:
        self._ways, self._loops, self._steps = ways, loops, steps

    def cost(self, *, anchored: bool, ends: bool) -> int:
        """The most that loops which can take the same characters multiply to."""
        start = _Loop(members=frozenset(), takes=ANYTHING, weighs=UNBOUNDED)
        mattering = [
            loop
            for loop in self._loops
            # Others can stop anywhere, and then the pattern has been found.
            if not (ends and loop.members <= self._ways.ends)
        ]
        costs = [0 if anchored else UNBOUNDED, *(loop.weighs for loop in mattering)]
        begun = 1 if anchored else 0
        chain = [start, *mattering]
        for at in range(begun, len(chain)):
            self._lead_on(chain, costs, at)
        return max(*costs, UNBOUNDED)

    def _lead_on(self, chain: list[_Loop], costs: list[int], at: int) -> None:
        """Raise the costs of the loops that the loop *at* a place leads to.

        One search finds all loops that the same characters lead to.
        """
        earlier = chain[at]
        reached = self._reached(earlier, ANYTHING)
        by_taking: dict[Ranges, set[int]] = {NOTHING: set()}
        for number in range(at + 1, len(chain)):
            later = chain[number]
            self._steps.take(STEPS_OF_WAY + len(earlier.takes) + len(later.takes))
            if later.members.isdisjoint(reached):
                continue
            both = meet(earlier.takes, later.takes)
            if both not in by_taking:
                by_taking[both] = self._reached(earlier, both)
            multiplies = not later.members.isdisjoint(by_taking[both])
            factor = later.weighs if multiplies else 1
            costs[number] = max(costs[number], costs[at] * factor)

    def _reached(self, earlier: _Loop, takes: Ranges) -> set[int]:
        """The positions behind a loop that only *takes* leads to."""
        ways = self._ways
        waiting = list(ways.first)
        if earlier.members:
            after = {to for one in earlier.members for to in ways.follow[one]}
            waiting = list(after - earlier.members)
        self._steps.take(STEPS_OF_WAY * (len(earlier.members) + len(waiting)))
        seen: set[int] = set()
        while waiting:
            one = waiting.pop()
            if one in seen or not _overlap(ways.takes[one], takes, self._steps):
                continue
            seen.add(one)
            waiting += ways.follow[one]
            self._steps.take(len(ways.follow[one]))
        return seen


def _repeats(node: Node) -> bool:
    if isinstance(node, Chain):
        return any(map(_repeats, node.parts))
    if isinstance(node, Choice):
        return any(map(_repeats, node.options))
    return isinstance(node, Repeat)


def _is_anchored(node: Node) -> bool:
    """Whether it is tried at the text's beginning alone."""
    if isinstance(node, Chain):
        return bool(node.parts) and _is_anchored(node.parts[0])
    if isinstance(node, Choice):
        return all(map(_is_anchored, node.options))
    if isinstance(node, Repeat):
        return node.least > 0 and _is_anchored(node.part)
    return isinstance(node, Edge) and node.place is Place.TEXT_BEGINS


def _ends_freely(node: Node) -> bool:
    """Whether nothing is asked for behind the last character, `$` for one."""
    return not any(isinstance(part, Edge) for part in _after_first(node))


def _after_first(node: Node) -> Iterator[Chars | Edge]:
    """Every leaf but an edge that the pattern begins with."""
    parts = node.parts if isinstance(node, Chain) else (node,)
    for number, part in enumerate(parts):
        if number or not isinstance(part, Edge):
            yield from leaves(part)
