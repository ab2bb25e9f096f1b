"""Bisection: which of many steps broke something, in few tries.

    good . . . . . . . . . . bad        the ends are known
                  ^                     the middle is tried, and half is left

The rules:

 * The steps stand in their order; the first is good and the last is bad.
 * It is taken to have broken once and stayed broken: whatever comes before a good
   step is good, whatever comes after a bad one is bad.
 * Of n steps that could have broken it, at most log2 n, rounded up, are tried.
 * A step that cannot be judged is skipped, and one beside it is tried instead.
   Skipped steps next to the one that broke it leave several that could have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What trying a step came to."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Where it broke: after the step `good`, at the step `bad` at the latest.

    Both are places in the list of steps.
    """

    good: int
    bad: int

    @property
    def suspects(self) -> range:
        """The steps that could have broken it."""
        return range(self.good + 1, self.bad + 1)


def narrowed(steps: int, verdicts: Mapping[int, Verdict]) -> Range:
    """What is left of *steps* steps after what is known of some of them."""
    bad = min(
        (n for n, found in verdicts.items() if found is Verdict.BAD), default=steps - 1
    )
    goods = (n for n, found in verdicts.items() if found is Verdict.GOOD and n < bad)
    return Range(good=max(goods, default=0), bad=bad)


def next_step(steps: int, verdicts: Mapping[int, Verdict]) -> int | None:
    """Which step to try next; `None` if there is nothing more to find out."""
    left = narrowed(steps, verdicts)
    middle = (left.good + left.bad) // 2
    untried = [n for n in range(left.good + 1, left.bad) if n not in verdicts]
    return min(untried, key=lambda n: (abs(n - middle), n), default=None)


def tries_left(steps: int, verdicts: Mapping[int, Verdict]) -> int:
    """How many tries it takes at most, if none of them is skipped."""
    left = narrowed(steps, verdicts)
    untried = sum(1 for n in range(left.good + 1, left.bad) if n not in verdicts)
    return untried.bit_length()


def skipped_among(left: Range, verdicts: Mapping[int, Verdict]) -> Iterator[int]:
    """The skipped ones of those that could have broken it."""
    return (n for n in left.suspects if verdicts.get(n) is Verdict.SKIP)
