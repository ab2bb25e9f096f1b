"""Which rules are worth running on a text, told in one pass over it.

Most rules need some letters to be in a text before they can trigger. RE2 looks for
those of all rules at once; only rules that could trigger, or may without any
letters, are run one by one. Nothing is decided here, so that the answers are those
of each rule run alone.

Looking for very much at once, RE2 may run out of memory; it then finds nothing, and
says nothing. So every text ends with a word that has to be found: where it is not,
every rule is run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from placet.guardrails.findings import Need
from placet.guardrails.patterns import options, re2

MAX_GROUP_CHARS = 25_000

_WORD = "placet-was-here"
_ENDING = f"\n{_WORD}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Attributes:
    rules: For each pattern, the number of the rule that needs it.
    """

    filter: Any
    rules: Sequence[int]

    def possible(self, data: bytes) -> set[int] | None:
        """None if RE2 could not tell."""
        found = self.filter.Match(data, potential=True)
        if not found or found[-1] != len(self.rules):
            return None
        return {self.rules[number] for number in found[:-1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilter:
    """Attributes:
    always: The rules that may trigger on any text.
    """

    always: frozenset[int]
    groups: Sequence[_Group]

    def possible(self, data: bytes) -> list[int]:
        """Return the numbers of the rules that could trigger, in order."""
        rules = set(self.always)
        ended = data + _ENDING
        for group in self.groups:
            found = group.possible(ended)
            rules.update(group.rules if found is None else found)
        return sorted(rules)


def prefilter_of(needs: Iterable[tuple[int, Sequence[Need] | None]]) -> Prefilter:
    """Args:
    needs: The number of each rule, with what it needs; None for nothing.
    """
    always: set[int] = set()
    wanted: list[tuple[int, Need]] = []
    for rule, patterns in needs:
        if patterns is None:
            always.add(rule)
        else:
            wanted.extend((rule, pattern) for pattern in patterns)
    groups = [group for few in _grouped(wanted) for group in _groups(few)]
    lost = Counter(rule for rule, _ in wanted)
    lost.subtract(rule for group in groups for rule in group.rules)
    always.update(rule for rule, number in lost.items() if number)
    return Prefilter(always=frozenset(always), groups=groups)


def _grouped(
    wanted: Sequence[tuple[int, Need]],
) -> Iterator[Sequence[tuple[int, Need]]]:
    few: list[tuple[int, Need]] = []
    chars = 0
    for rule, need in wanted:
        if few and chars + len(need.pattern) > MAX_GROUP_CHARS:
            yield few
            few, chars = [], 0
        few.append((rule, need))
        chars += len(need.pattern)
    if few:
        yield few


def _groups(wanted: Sequence[tuple[int, Need]]) -> list[_Group]:
    """In halves if RE2 cannot hold that many; none for one that it cannot hold."""
    engine = re2()
    filtering = engine.Filter()
    try:
        for _, need in wanted:
            given = options(case_sensitive=need.case_sensitive)
            filtering.Add(need.pattern, given)
        filtering.Add(_WORD)
        filtering.Compile()
    except engine.error:
        half = len(wanted) // 2
        return _groups(wanted[:half]) + _groups(wanted[half:]) if half else []
    return [_Group(filter=filtering, rules=[rule for rule, _ in wanted])]
