"""What differs between two decisions on one change, in sentences.

The change, its documents and its votes are the same; the policies are two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from registry.changes import Change
from registry.policies import Matched, Policy
from registry.quorums import Standing
from registry.timing import tiers_of


class Difference(StrEnum):
    """What another policy would make of a change."""

    ASKED_OF_OTHERS = "asked-of-others"
    NOT_AGREED = "not-agreed"
    AGREED = "agreed"
    BLOCKED = "blocked"
    NOBODY_ELIGIBLE = "nobody-eligible"
    NEEDS_WAIVER = "needs-waiver"
    FROZEN = "frozen"
    ACTIVATED_BY_ANOTHER = "activated-by-another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One difference, in a sentence."""

    difference: Difference
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A change as one policy decides on it.

    Attributes:
        unchecked: The required checks that are not met, and why.
        frozen: The freeze window that keeps it back.
    """

    change: Change
    policy: Policy
    asked: tuple[Matched, ...]
    stand: tuple[Standing, ...]
    agreed: bool
    unchecked: tuple[tuple[str, str], ...]
    frozen: str | None


def differences(before: Decided, after: Decided) -> Iterator[Told]:
    yield from _asked(before, after)
    yield from _stuck(before, after)
    known = {name for name, _ in before.unchecked}
    for name, why in after.unchecked:
        if name not in known:
            yield Told(
                difference=Difference.NEEDS_WAIVER,
                sentence=f"The check {name} would be missing: {why}",
            )
    if after.frozen is not None and before.frozen is None:
        yield Told(
            difference=Difference.FROZEN,
            sentence=f"The freeze window {after.frozen!r} would keep it back.",
        )
    yield from _activator(before, after)
    yield from _agreement(before, after)


def _asked(before: Decided, after: Decided) -> Iterator[Told]:
    for words, more, fewer in (
        ("It would also ask", after.asked, before.asked),
        ("It would no longer ask", before.asked, after.asked),
    ):
        for one in more:
            if one.seat is not None and not any(_includes(two, one) for two in fewer):
                yield Told(
                    difference=Difference.ASKED_OF_OTHERS,
                    sentence=f"{words} {one.count} of {one.seat} ({one.name}), for "
                    f"{_some(one.because)}.",
                )


def _includes(one: Matched, other: Matched) -> bool:
    """Whether whoever meets *one* meets *other*."""
    return (
        one.seat == other.seat
        and one.count >= other.count
        and set(one.because) >= set(other.because)
    )


def _stuck(before: Decided, after: Decided) -> Iterator[Told]:
    """What nobody could meet, or ever agree to."""
    bare = {what for one in before.asked if not one.covered for what in one.because}
    for one in after.asked:
        left = sorted(set(one.because) - bare)
        if not one.covered and left:
            yield Told(
                difference=Difference.BLOCKED,
                sentence=f"No requirement would cover {_some(tuple(left))}, so nobody "
                "could agree to it.",
            )
    known = {(one.seat, one.count) for one in before.stand if _is_hopeless(one)}
    for stand in after.stand:
        if _is_hopeless(stand) and (stand.seat, stand.count) not in known:
            yield Told(
                difference=Difference.NOBODY_ELIGIBLE,
                sentence=f"{stand.name}: {stand.why}",
            )


def _is_hopeless(one: Standing) -> bool:
    """Whether too few people are left to meet it."""
    if one.met or one.seat is None:
        return False
    return len(one.by) + len(one.could) < one.count or not one.could


def _activator(before: Decided, after: Decided) -> Iterator[Told]:
    change = after.change
    by = change.closed_by
    if by is None or by not in change.contributors:
        return
    tiers = tiers_of(change)
    separated = tiers & set(after.policy.separate_tiers)
    if separated and not tiers & set(before.policy.separate_tiers):
        yield Told(
            difference=Difference.ACTIVATED_BY_ANOTHER,
            sentence=f"{by} has worked on it and activated it; somebody else would "
            "have to.",
        )
    allowed = before.policy.authors_activate and not after.policy.authors_activate
    if allowed and by == change.author:
        yield Told(
            difference=Difference.ACTIVATED_BY_ANOTHER,
            sentence=f"{by} wrote it and activated it; an operator would have to.",
        )


def _agreement(before: Decided, after: Decided) -> Iterator[Told]:
    if before.agreed and not after.agreed:
        left = ", ".join(one.name for one in after.stand if not one.met)
        yield Told(
            difference=Difference.NOT_AGREED,
            sentence=f"With the votes that it has it would wait for: {left}.",
        )
    if after.agreed and not before.agreed:
        yield Told(
            difference=Difference.AGREED,
            sentence="With the votes that it has it would be agreed to.",
        )


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"
