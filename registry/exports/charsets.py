"""Sets of characters, as ranges of code points: what one step of a pattern takes.

* Ranges are sorted, do not touch each other, and include both ends.
* Upper and lower case belong together as RE2 sees it: character by character, so
  that `ß` is `ẞ` and not `ss`, and `k` is also the Kelvin sign.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache

Ranges = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
_LAST_CASED = 0x1FFFF

NOTHING: Ranges = ()
ANYTHING: Ranges = ((0, LAST),)
NOT_A_NEWLINE: Ranges = ((0, 9), (11, LAST))
DIGITS: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACE: Ranges = ((9, 10), (12, 13), (32, 32))

SPACES: Ranges = (
    (9, 13),
    (28, 32),
    (0x85, 0x85),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
)
"""White space as Python knows it."""

POSIX: dict[str, Ranges] = {
    "alnum": ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    "alpha": ((0x41, 0x5A), (0x61, 0x7A)),
    "ascii": ((0, 0x7F),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 0x1F), (0x7F, 0x7F)),
    "digit": DIGITS,
    "graph": ((0x21, 0x7E),),
    "lower": ((0x61, 0x7A),),
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((9, 13), (32, 32)),
    "upper": ((0x41, 0x5A),),
    "word": WORD,
    "xdigit": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
}


def union(*sets: Iterable[tuple[int, int]]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for low, high in sorted(one for each in sets for one in each):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def complement(ranges: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if start < low:
            found.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        found.append((start, LAST))
    return tuple(found)


def meet(one: Ranges, other: Ranges) -> Ranges:
    """What is in both."""
    found: list[tuple[int, int]] = []
    left = right = 0
    while left < len(one) and right < len(other):
        low = max(one[left][0], other[right][0])
        high = min(one[left][1], other[right][1])
        if low <= high:
            found.append((low, high))
        if one[left][1] <= other[right][1]:
            left += 1
        else:
            right += 1
    return tuple(found)


def overlap(one: Ranges, other: Ranges) -> bool:
    """Whether anything is in both."""
    left = right = 0
    while left < len(one) and right < len(other):
        if one[left][1] < other[right][0]:
            left += 1
        elif other[right][1] < one[left][0]:
            right += 1
        else:
            return True
    return False


def cased(ranges: Ranges) -> int:
    """How many letters of *ranges* have another case."""
    letters = _cases()[1]
    return sum(
        bisect_right(letters, high) - bisect_left(letters, low) for low, high in ranges
    )


def either_case(ranges: Ranges) -> Ranges:
    """*ranges* with the other cases of every letter in it."""
    others, letters = _cases()
    more: list[tuple[int, int]] = []
    for low, high in ranges:
        for at in range(bisect_left(letters, low), bisect_right(letters, high)):
            more += ((one, one) for one in others[letters[at]])
    return union(ranges, more)


@cache
def _cases() -> tuple[dict[int, tuple[int, ...]], list[int]]:
    """Every letter that has another case, with all that it is the same as."""
    alike: dict[str, list[int]] = {}
    for number in range(_LAST_CASED + 1):
        alike.setdefault(chr(number).casefold(), []).append(number)
    others = {
        number: tuple(members)
        for members in alike.values()
        if len(members) > 1
        for number in members
    }
    return others, sorted(others)
