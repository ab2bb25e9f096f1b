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
from registry.exports.charsets import ANYTHING, Ranges, meet, overlap, union
from registry.exports.graphs import components
from registry.exports.positions import SEVERAL, UNBOUNDED, Positions, positions
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

MAX_STEPS = 10**9
SLOW_STEPS = UNBOUNDED**2
MAX_PAIRS = 4_000

EXPLODES = (
    "its pattern lets an engine that backtracks try twice as many ways with every "
    "further character, so that a short text can stop it for hours"
)
GROWS = (
    "its pattern has loops that take the same characters one after the other, so "
    "that a long text can stop an engine that backtracks for hours"
)
INTRICATE = "its pattern is too intricate to tell what it may cost"

_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loop:
    members: frozenset[int]
    takes: Ranges
    weighs: int


def is_slow(node: Node) -> bool:
    """Whether the time may grow with the square of a text's length, or nearly.

    Raises:
        NotExportable: It grows faster than that.
    """
    if isinstance(node, Choice):  # tried one after the other, and never again
        slow = [is_slow(option) for option in node.options]  # each, or one is missed
        return any(slow)
    if not _repeats(node):
        return False
    ways = positions(node)
    loops = tuple(_loops(ways))
    for loop in loops:
        if _goes_two_ways(ways, loop.members):
            raise NotExportable(EXPLODES)
    steps = _steps(ways, loops, anchored=_is_anchored(node), ends=_ends_freely(node))
    if steps > MAX_STEPS:
        raise NotExportable(GROWS)
    return steps >= SLOW_STEPS


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


def _goes_two_ways(ways: Positions, members: frozenset[int]) -> bool:
    """Whether some text leads round the loop in two ways, from one place to it."""
    follow = {
        one: {to: n for to, n in ways.follow[one].items() if to in members}
        for one in members
    }
    if any(n >= SEVERAL for after in follow.values() for n in after.values()):
        return True
    if all(len(after) == 1 for after in follow.values()):
        return False
    graph = _pairs(ways, follow)
    for component in components(graph, graph.__getitem__):
        same = any(one == other for one, other in component)
        if same and any(one != other for one, other in component):
            return True
    return False


def _pairs(
    ways: Positions, follow: dict[int, dict[int, int]]
) -> dict[_Pair, set[_Pair]]:
    """Two ways at once, over the same text, from every place where they are one."""
    graph: dict[_Pair, set[_Pair]] = {}
    waiting = [(one, one) for one in follow]
    steps = 0
    while waiting:
        pair = waiting.pop()
        if pair in graph:
            continue
        graph[pair] = {
            (min(one, other), max(one, other))
            for one in follow[pair[0]]
            for other in follow[pair[1]]
            if one == other or overlap(ways.takes[one], ways.takes[other])
        }
        steps += len(follow[pair[0]]) * len(follow[pair[1]])
        if steps > MAX_PAIRS:
            raise NotExportable(INTRICATE)
        waiting += graph[pair] - graph.keys()
    return graph


def _steps(
    ways: Positions, loops: tuple[_Loop, ...], *, anchored: bool, ends: bool
) -> int:
    """The most that loops which can take the same characters multiply to."""
    start = _Loop(members=frozenset(), takes=ANYTHING, weighs=UNBOUNDED)
    before = [] if anchored else [start]
    cost = {id(start): UNBOUNDED}
    for loop in loops:
        if ends and loop.members <= ways.ends:
            continue  # it can stop anywhere, and then the pattern has been found
        cost[id(loop)] = loop.weighs
        for earlier in before:
            reached = _reaches(ways, earlier, loop)
            if reached is not None:
                factor = loop.weighs if reached else 1
                cost[id(loop)] = max(cost[id(loop)], cost[id(earlier)] * factor)
        before.append(loop)
    return max(cost[id(loop)] for loop in (*before, start))


def _reaches(ways: Positions, earlier: _Loop, later: _Loop) -> bool | None:
    """Whether what both take leads from one to the other; None if nothing does."""
    begins = earlier.members or None
    if begins is None:
        after = set(ways.first)
    else:
        after = {to for one in begins for to in ways.follow[one]} - begins
    both = meet(earlier.takes, later.takes)
    if _leads(ways, after, later.members, both):
        return True
    return None if not _leads(ways, after, later.members, ANYTHING) else False


def _leads(
    ways: Positions, begins: set[int], ends: frozenset[int], takes: Ranges
) -> bool:
    seen: set[int] = set()
    waiting = list(begins)
    while waiting:
        one = waiting.pop()
        if one in seen or not overlap(ways.takes[one], takes):
            continue
        if one in ends:
            return True
        seen.add(one)
        waiting += ways.follow[one]
    return False


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
