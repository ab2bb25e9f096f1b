"""Texts that a regular expression finds, made from the expression.

A pattern is a tree (`registry.exports.syntax`); walking it and taking one way at
each turn gives a text.  Whether the pattern finds it is for whoever asks to try:
edges of words and of lines are left to luck, so there are several texts.
"""

from collections.abc import Iterator

from registry.errors import RegistryError
from registry.exports.charsets import Ranges
from registry.exports.syntax import parse
from registry.exports.trees import Chain, Chars, Choice, Node, Repeat

MAX_TRIES = 24
MAX_CHARS = 400
MAX_STEPS = 4_000

_LIKED = "123456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0 -_.@/:,"


def texts_for(pattern: str) -> Iterator[str]:
    """Yield texts, likely ones first; none if the pattern is not understood."""
    try:
        tree = parse(pattern, case_sensitive=True)
    except (RegistryError, IndexError):
        return
    told: set[str] = set()
    for turn in range(MAX_TRIES):
        made = _Walk(turn).text(tree)
        if made is None:
            continue
        for text in (f"It says {made} here.", made, f" {made} ", f"\n{made}\n"):
            if text.strip() and text not in told:
                told.add(text)
                yield text


class _Walk:
    """One way through a tree; *turn* says which options are taken."""

    def __init__(self, turn: int) -> None:
        self._turn = turn
        self._steps = 0
        self._chosen = turn

    def text(self, tree: Node) -> str | None:
        """None if it would be long."""
        text = "".join(self._of(tree))
        return text if self._steps < MAX_STEPS and len(text) <= MAX_CHARS else None

    def _of(self, node: Node) -> Iterator[str]:
        self._steps += 1
        if self._steps >= MAX_STEPS:
            return
        if isinstance(node, Chars):
            yield self._character(node.ranges)
        elif isinstance(node, Chain):
            for part in node.parts:
                yield from self._of(part)
        elif isinstance(node, Choice):
            yield from self._of(node.options[self._turn % len(node.options)])
        elif isinstance(node, Repeat):
            for _ in range(self._times(node)):
                yield from self._of(node.part)

    def _times(self, node: Repeat) -> int:
        """As few as can be, on every other walk one more."""
        most = MAX_STEPS if node.most is None else node.most
        wanted = node.least + (1 if self._turn % 2 == 0 else 0)
        return min(wanted, most, MAX_STEPS)

    def _character(self, ranges: Ranges) -> str:
        """Another one each time, so that `[0-9]{4}` is no row of ones."""
        fitting = [c for c in _LIKED if _holds(ranges, ord(c))]
        if self._turn % 4 == 0 and {" ", "a"} <= set(fitting):
            return " "  # what may be anything often stands between words
        if fitting:
            self._chosen += 1
            kind = [c for c in fitting if c.isalnum()] or fitting
            return kind[(self._chosen - 1) % len(kind)]
        seen = (
            low for low, high in ranges for low in range(low, min(low + 1, high) + 1)
        )
        return chr(next((n for n in seen if not 0xD800 <= n < 0xE000), 0x20))


def _holds(ranges: Ranges, number: int) -> bool:
    return any(low <= number <= high for low, high in ranges)
