"""Words beside a number that say what it is.

A word counts, whole and in any case, if it ends within 60 characters before a find
or begins within 30 after it.  The words of a phrase stand in that order with spaces
or punctuation between them.  Phrases may overlap: one more never hides another.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

from placet.guardrails.folding import WITHOUT_SPACES_FROM, stands_alone
from placet.guardrails.texts import Span

CHARS_BEFORE = 60
CHARS_AFTER = 30

MAX_GAP = 3

_WORD = re.compile(rf"[^\W_{WITHOUT_SPACES_FROM}-\U0010ffff]+|[^\W_]")
"""A character of a script that is written without spaces is a word by itself."""

_Tree: TypeAlias = "dict[tuple[bool, str], _Tree]"
"""Phrases by their words; each with whether it touches the one before."""
_END = False, ""


class Context:
    """Where words stand in a text; they are looked for when first asked about.

    They are looked for in the whole text: to look around each of many finds would
    cost more than all finds together.
    """

    def __init__(self, text: str, phrases: Iterable[str]) -> None:
        self._text = text
        self._phrases = frozenset(phrases)

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._phrases)

    def is_near(self, span: Span) -> bool:
        start, end = span
        after = bisect_left(self._starts, end)
        if after < len(self._starts) and self._starts[after] - end <= CHARS_AFTER:
            return True
        before = bisect_left(self._ends, start + 1) - 1
        return before >= 0 and start - self._ends[before] <= CHARS_BEFORE

    @cached_property
    def _words(self) -> list[Span]:
        spans = _spans(_tree(self._phrases), self._text)
        return [span for span in spans if stands_alone(self._text, span)]

    @cached_property
    def _starts(self) -> list[int]:
        return sorted(start for start, _ in self._words)

    @cached_property
    def _ends(self) -> list[int]:
        return sorted(end for _, end in self._words)


def phrases(written: Iterable[str]) -> frozenset[str]:
    """Those that hold a word."""
    return frozenset(each.strip() for each in written if _WORD.search(each))


def _tree(phrases: Iterable[str]) -> _Tree:
    tree: _Tree = {}
    for phrase in phrases:
        node, end = tree, None
        for word in _WORD.finditer(phrase):
            step = word.start() == end, word[0].casefold()
            node, end = node.setdefault(step, {}), word.end()
        node[_END] = {}
    return tree


def _spans(tree: _Tree, text: str) -> Iterator[Span]:
    """Every phrase that begins at any word, however they overlap."""
    words = [(*word.span(), word[0].casefold()) for word in _WORD.finditer(text)]
    for first, (start, _, word) in enumerate(words):
        node, at = tree.get((False, word)), first
        while node is not None:
            end = words[at][1]
            if _END in node:
                yield start, end
            at += 1
            if at == len(words) or words[at][0] - end > MAX_GAP:
                break
            node = node.get((words[at][0] == end, words[at][2]))
