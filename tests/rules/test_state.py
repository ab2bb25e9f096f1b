"""Finding things in the state, and what was live when."""

from datetime import timedelta

import pytest

from registry.errors import NotFound, NotSettled
from registry.state import seq_at
from tests.rules.texts import make_prompt

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def grown(registry):
    """Production at seq 1 to 5, a day each."""
    for number in range(5):
        registry.wait(days=1)
        registry.put(make_prompt(f"1.{number}.0"))
    registry.wait(days=1)
    return registry


@pytest.mark.parametrize("seq", range(1, 6))
def test_a_moment_falls_into_the_seq_that_began_before_it(grown, seq):
    environment = grown.environment()
    began = environment.moments[seq].at

    assert environment.seq_at(began) == seq
    assert environment.seq_at(began - MICROSECOND) == seq - 1
    assert environment.seq_at(began + timedelta(hours=1)) == seq


@pytest.mark.parametrize("ahead", [timedelta(0), MICROSECOND, timedelta(days=9)])
def test_a_moment_that_is_not_over_has_no_seq_yet(grown, ahead):
    with pytest.raises(NotSettled):
        seq_at(grown.environment(), grown.now + ahead, grown.now)


def test_before_the_first_seq_nothing_was_live(grown):
    first = grown.environment().moments[1].at

    with pytest.raises(NotFound, match="nothing was live in production"):
        seq_at(grown.environment(), first - MICROSECOND, grown.now)


def test_the_last_moment_that_is_over_is_of_the_last_seq(grown):
    assert seq_at(grown.environment(), grown.now - MICROSECOND, grown.now) == 5


@pytest.mark.parametrize("seq", [-1, 0, 6])
def test_a_seq_that_never_was_is_refused(grown, seq):
    with pytest.raises(NotFound, match=f"production has no seq {seq}"):
        grown.environment().moment(seq)


def test_what_is_not_there_is_refused_with_what_is(registry):
    state = registry.state

    with pytest.raises(NotFound) as refused:
        state.environment("moon")
    assert refused.value.hint == "There are development, production, staging."
    with pytest.raises(NotFound, match="there is no change 1"):
        state.change(1)
    with pytest.raises(NotFound, match="there is nobody called 'nobody'"):
        state.person("nobody")
