"""Times as sentences say them: the rules at the top of `registry/times.py`."""

from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from registry.times import end_of, last_day, said, said_end, said_exactly

MOMENT = datetime(2026, 5, 3, 16, 7, 9, 123_456, timezone(timedelta(hours=2)))
days = st.dates(date(1900, 1, 1), date(9000, 1, 1))


def test_a_moment_is_said_to_the_minute_and_in_utc():
    assert said(MOMENT) == "2026-05-03 14:07 UTC"
    assert said_exactly(MOMENT) == "2026-05-03 14:07:09 UTC"


def test_what_ends_within_a_day_is_said_with_its_time():
    assert said_end(MOMENT) == "2026-05-03 14:07 UTC"


@given(days)
def test_what_ends_with_a_day_is_said_by_that_day(day: date):
    assert said_end(end_of(day)) == day.isoformat()


@given(days, st.timedeltas(timedelta(0), timedelta(days=1, microseconds=-1)))
def test_the_last_day_is_over_and_the_next_one_is_not(day: date, after: timedelta):
    assert last_day(end_of(day) + after) == day
