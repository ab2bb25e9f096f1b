"""The rules at the top of `registry/api/throttle.py`."""

from datetime import timedelta

import pytest

from registry.api import throttle
from registry.api.throttle import Throttle
from registry.errors import TooManyTries
from tests.conftest import NOON


def test_a_burst_is_let_through_and_the_next_try_is_told_when_to_come_back():
    tries = Throttle(burst=2, every_s=30)
    tries.take("a", NOON)
    tries.take("a", NOON + timedelta(seconds=10))

    with pytest.raises(TooManyTries) as refused:
        tries.take("a", NOON + timedelta(seconds=10))

    assert refused.value.retry_after_s == 20


def test_one_more_try_comes_in_after_each_interval():
    tries = Throttle(burst=1, every_s=30)
    tries.take("a", NOON)

    tries.take("a", NOON + timedelta(seconds=30))

    with pytest.raises(TooManyTries):
        tries.take("a", NOON + timedelta(seconds=30))


def test_keys_have_nothing_to_do_with_each_other():
    tries = Throttle(burst=1, every_s=30)
    tries.take("a", NOON)

    tries.take("b", NOON)


def test_a_try_that_was_good_does_not_count():
    tries = Throttle(burst=1, every_s=30)
    tries.take("a", NOON)
    tries.give_back("a", NOON)

    tries.take("a", NOON)


def test_waiting_gives_no_more_than_the_burst():
    tries = Throttle(burst=1, every_s=30)
    tries.take("a", NOON)
    tries.take("a", NOON + timedelta(days=1))

    with pytest.raises(TooManyTries):
        tries.take("a", NOON + timedelta(days=1))


def test_a_clock_that_goes_back_gives_nothing():
    tries = Throttle(burst=1, every_s=30)
    tries.take("a", NOON)

    with pytest.raises(TooManyTries):
        tries.take("a", NOON - timedelta(hours=1))


def test_there_is_an_end_to_what_is_remembered():
    tries = Throttle(burst=1, every_s=30)

    for number in range(throttle.MAX_KEYS + 1):
        tries.take(str(number), NOON)

    tries.take("0", NOON)
