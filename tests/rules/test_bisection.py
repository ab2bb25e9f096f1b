"""The rules at the top of `registry/bisection.py`."""

from math import ceil, log2

from hypothesis import given
from hypothesis import strategies as st

from registry.bisection import (
    Range,
    Verdict,
    narrowed,
    next_step,
    skipped_among,
    tries_left,
)


def search(steps: int, culprit: int, skipped: set[int]) -> dict[int, Verdict]:
    """Try steps until nothing more is to be found out, the ends first."""
    verdicts: dict[int, Verdict] = {0: Verdict.GOOD, steps - 1: Verdict.BAD}
    while (step := next_step(steps, verdicts)) is not None:
        assert step not in verdicts
        verdicts[step] = (
            Verdict.SKIP
            if step in skipped
            else Verdict.GOOD
            if step < culprit
            else Verdict.BAD
        )
    return verdicts


@st.composite
def histories(draw):
    steps = draw(st.integers(min_value=2, max_value=300))
    return steps, draw(st.integers(min_value=1, max_value=steps - 1))


@given(histories())
def test_the_culprit_is_found_with_the_ends_and_the_logarithm_of_tries(history):
    steps, culprit = history

    verdicts = search(steps, culprit, set())

    assert narrowed(steps, verdicts) == Range(good=culprit - 1, bad=culprit)
    assert len(verdicts) <= ceil(log2(steps - 1)) + 2


@given(histories(), st.data())
def test_the_culprit_is_among_the_suspects_whatever_is_skipped(history, data):
    steps, culprit = history
    skipped = data.draw(st.sets(st.integers(min_value=1, max_value=max(1, steps - 2))))
    skipped.discard(steps - 1)

    verdicts = search(steps, culprit, skipped)
    left = narrowed(steps, verdicts)

    assert culprit in left.suspects
    assert {*left.suspects} - {left.bad} <= skipped
    assert {*skipped_among(left, verdicts)} == {*left.suspects} - {left.bad}


@given(histories())
def test_how_many_tries_are_left_is_never_told_too_low(history):
    steps, culprit = history
    verdicts: dict[int, Verdict] = {0: Verdict.GOOD, steps - 1: Verdict.BAD}
    told = tries_left(steps, verdicts)

    assert len(search(steps, culprit, set())) - 2 <= told


def test_of_two_steps_the_second_is_the_culprit_without_a_try():
    verdicts = {0: Verdict.GOOD, 1: Verdict.BAD}

    assert next_step(2, verdicts) is None
    assert narrowed(2, verdicts).suspects == range(1, 2)


def test_a_skipped_step_is_told_apart_from_a_bad_one():
    verdicts = {0: Verdict.GOOD, 1: Verdict.SKIP, 2: Verdict.BAD}

    left = narrowed(3, verdicts)

    assert list(left.suspects) == [1, 2]
    assert list(skipped_among(left, verdicts)) == [1]
