"""When nothing goes live: the rules at the top of `registry/freezes.py`."""

from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.freezes import (
    DAYS,
    Freeze,
    check_freeze,
    open_windows,
    thaws_at,
    zones,
)

HERE = "Europe/Copenhagen"
NAME = ("acme/refunds",)


def freeze(start: str, end: str, *names: str, zone: str = HERE) -> Freeze:
    return Freeze(name="quiet", zone=zone, start=start, end=end, names=names)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def is_open(one: Freeze, at: str) -> bool:
    return bool(open_windows([one], NAME, utc(at)))


@pytest.mark.parametrize(
    ("at", "is_frozen"),
    [
        ("2026-12-20 16:59:59", False),
        ("2026-12-20 17:00", True),
        ("2027-01-04 06:59:59", True),
        ("2027-01-04 07:00", False),
    ],
)
def test_a_window_is_from_its_start_to_just_before_its_end_by_the_local_clock(
    at, is_frozen
):
    assert is_open(freeze("2026-12-20 18:00", "2027-01-04 08:00"), at) is is_frozen


@pytest.mark.parametrize(
    ("at", "is_frozen"),
    [
        ("2026-05-01 13:59", False),  # a Friday; 16:00 in summer is 14:00 UTC
        ("2026-05-01 14:00", True),
        ("2026-05-03 12:00", True),
        ("2026-05-04 05:59", True),
        ("2026-05-04 06:00", False),
        ("2026-11-06 14:59", False),  # 16:00 in winter is 15:00 UTC
        ("2026-11-06 15:00", True),
    ],
)
def test_a_weekly_window_comes_back_and_follows_the_local_clock(at, is_frozen):
    assert is_open(freeze("fri 16:00", "mon 08:00"), at) is is_frozen


def test_a_weekly_window_within_a_day_is_short():
    noon = freeze("wed 12:00", "wed 13:00", zone="UTC")

    assert is_open(noon, "2026-05-06 12:30")
    assert not is_open(noon, "2026-05-06 13:00")
    assert not is_open(noon, "2026-05-05 12:30")


def test_a_weekly_window_that_ends_earlier_on_its_day_lasts_almost_a_week():
    almost = freeze("wed 13:00", "wed 12:00", zone="UTC")

    assert is_open(almost, "2026-05-06 13:00")
    assert is_open(almost, "2026-05-13 11:59")
    assert not is_open(almost, "2026-05-13 12:30")


def test_a_time_that_comes_twice_begins_the_first_time():
    """On 2026-10-25 the clock goes from 03:00 back to 02:00, which is 01:00 UTC."""
    night = freeze("2026-10-25 02:30", "2026-10-25 06:00")

    assert not is_open(night, "2026-10-25 00:29")
    assert is_open(night, "2026-10-25 00:30")
    assert is_open(night, "2026-10-25 01:10")


def test_a_time_that_comes_twice_ends_the_second_time():
    night = freeze("2026-10-25 00:00", "2026-10-25 02:30")

    assert is_open(night, "2026-10-25 00:45")
    assert is_open(night, "2026-10-25 01:29")
    assert not is_open(night, "2026-10-25 01:30")


def test_a_window_within_the_hour_that_comes_twice_is_open_in_both():
    night = freeze("2026-10-25 02:10", "2026-10-25 02:20")

    assert is_open(night, "2026-10-25 00:15")
    assert is_open(night, "2026-10-25 01:15")
    assert not is_open(night, "2026-10-25 01:20")


def test_a_time_that_is_missing_never_makes_a_window_shorter():
    """On 2026-03-29 the clock goes from 02:00 to 03:00, at 01:00 UTC."""
    begins = freeze("2026-03-29 02:30", "2026-03-29 06:00")
    ends = freeze("2026-03-29 00:00", "2026-03-29 02:30")

    assert is_open(begins, "2026-03-29 01:00")
    assert not is_open(begins, "2026-03-29 00:29")
    assert is_open(ends, "2026-03-29 01:00")
    assert not is_open(ends, "2026-03-29 01:30")


@pytest.mark.parametrize("week", ["2026-03-26", "2026-10-22"])
def test_a_weekly_window_lasts_from_wall_to_wall_when_the_clock_is_set(week):
    weekend = freeze("fri 16:00", "mon 08:00")
    thursday = utc(week)

    (window,) = open_windows([weekend], NAME, thursday + timedelta(days=2))

    local_end = window.until.astimezone(UTC)
    assert local_end.hour == (6 if week == "2026-03-26" else 7)


def test_a_window_is_about_the_names_that_it_names():
    one = freeze("fri 16:00", "mon 08:00", "acme/**")

    (window,) = open_windows([one], ("acme/a", "bank/b"), utc("2026-05-02 12:00"))

    assert window.names == ("acme/a",)
    assert open_windows([one], ("bank/b",), utc("2026-05-02 12:00")) == ()


def test_what_a_window_freezes_is_told_in_order_and_once():
    one = freeze("fri 16:00", "mon 08:00", "acme/**")
    about = [f"acme/{letter}" for letter in "fbdacefb"]

    (window,) = open_windows([one], about, utc("2026-05-02 12:00"))

    assert window.names == tuple(f"acme/{letter}" for letter in "abcdef")


def test_windows_that_follow_each_other_are_one_wait():
    first = freeze("2026-12-20 00:00", "2026-12-24 00:00", zone="UTC")
    then = freeze("2026-12-23 00:00", "2026-12-28 00:00", zone="UTC")

    assert thaws_at([then, first], NAME, utc("2026-12-21 00:00")) == utc("2026-12-28")
    assert thaws_at([then, first], NAME, utc("2026-12-28")) == utc("2026-12-28")


def test_windows_that_leave_no_time_have_no_end():
    always = [freeze("mon 00:00", "thu 12:00"), freeze("thu 00:00", "mon 12:00")]

    assert thaws_at(always, NAME, utc("2026-05-06 12:00")) is None


@pytest.mark.parametrize(
    ("start", "end", "zone", "why"),
    [
        ("fri 16:00", "mon 08:00", "Europe/Atlantis", "no time zone"),
        ("fri 16:00", "mon 08:00", "../../etc/passwd", "no time zone"),
        ("fri 16:00", "mon 08:00", "europe/copenhagen", "no time zone"),
        ("fry 16:00", "mon 08:00", HERE, "no day of the week"),
        ("fri 24:00", "mon 08:00", HERE, "on no clock"),
        ("fri 16:60", "mon 08:00", HERE, "on no clock"),
        ("fri 16:00", "2026-12-24 08:00", HERE, "two forms"),
        ("2026-12-24 08:00", "fri 16:00", HERE, "two forms"),
        ("fri 16:00", "fri 16:00", HERE, "ends when it starts"),
        ("2026-12-24 08:00", "2026-12-24 08:00", HERE, "ends when it starts"),
        ("2026-12-24 08:00", "2026-12-20 08:00", HERE, "before it starts"),
        ("2026-02-30 08:00", "2026-03-20 08:00", HERE, "on no calendar"),
        ("0001-01-01 00:00", "2026-03-20 08:00", HERE, "on no calendar"),
        ("2026-02-20 08:00", "9999-12-31 23:59", HERE, "on no calendar"),
        ("2026-12-24T08:00", "2026-12-26 08:00", HERE, "no time of a freeze"),
        ("tomorrow", "2026-12-26 08:00", HERE, "no time of a freeze"),
    ],
)
def test_what_is_no_window_is_refused_in_words(start, end, zone, why):
    with pytest.raises(Invalid, match=why) as refused:
        check_freeze(freeze(start, end, zone=zone))

    assert refused.value.hint


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd"])
def test_no_file_is_read_of_a_zone_that_does_not_exist(zone):
    unread = freeze("fri 16:00", "mon 08:00", zone=zone)

    with pytest.raises(Invalid, match="no time zone"):
        thaws_at((unread,), NAME, utc("2026-05-06 12:00"))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-20 18:00", "2027-01-04 08:00"),
        ("2026-12-20 18:00", "2026-12-20 18:01"),
        ("fri 16:00", "mon 08:00"),
        ("wed 23:59", "wed 00:00"),
    ],
)
def test_what_is_a_window_is_taken(start, end):
    check_freeze(freeze(start, end))


def test_the_zones_are_those_of_the_package():
    assert {"UTC", HERE, "America/New_York", "Australia/Lord_Howe"} <= zones()


def of_the_package(zone: str) -> ZoneInfo:
    """The machine's own may be of another year."""
    file = resources.files("tzdata").joinpath("zoneinfo", *zone.split("/"))
    with file.open("rb") as data:
        return ZoneInfo.from_file(data)


moments = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001
    datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
some_zones = st.sampled_from(
    [
        "UTC",
        HERE,
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/Santiago",
        "Africa/Casablanca",
    ]
)
weekly_times = st.builds(
    "{} {:02}:{:02}".format,
    st.sampled_from(DAYS),
    st.integers(0, 23),
    st.integers(0, 59),
)
some_freezes = st.builds(
    Freeze,
    name=st.just("quiet"),
    zone=some_zones,
    start=weekly_times,
    end=weekly_times,
    names=st.sampled_from([(), ("acme/**",), ("bank/**",)]),
).filter(lambda one: one.start != one.end)


@given(st.lists(some_freezes, max_size=4), some_freezes, moments)
def test_another_window_opens_nothing_that_was_closed(freezes, more, at):
    """Deny wins: what is frozen stays frozen whatever is added."""
    before = {n for w in open_windows(freezes, NAME, at) for n in w.names}
    after = {n for w in open_windows([*freezes, more], NAME, at) for n in w.names}

    assert before <= after


@given(some_freezes, moments)
def test_a_window_stays_open_until_its_end_and_no_longer_than_it_says(one, at):
    found = open_windows([one], NAME, at)

    for window in found:
        last = window.until - timedelta(seconds=1)
        assert at < window.until <= at + timedelta(days=8)
        assert open_windows([one], NAME, at + (last - at) / 2)
        assert open_windows([one], NAME, last)


@given(some_freezes, moments)
def test_whoever_reads_the_wall_in_a_window_is_frozen(one, at):
    """The wall's own reading, without a thought of clocks that are set."""
    local = at.astimezone(of_the_package(one.zone))
    minute = local.weekday() * 1440 + local.hour * 60 + local.minute

    def minutes(text: str) -> int:
        day, clock = text.split()
        hours, rest = clock.split(":")
        return DAYS.index(day) * 1440 + int(hours) * 60 + int(rest)

    start, end = minutes(one.start), minutes(one.end)
    within = (minute - start) % (7 * 1440) < (end - start) % (7 * 1440)
    if within and one.concerns(NAME[0]):
        assert open_windows([one], NAME, at)


@given(st.lists(some_freezes, max_size=3), moments)
def test_when_it_thaws_nothing_is_frozen(freezes, at):
    thaws = thaws_at(freezes, NAME, at)

    if thaws is not None:
        assert thaws >= at
        assert open_windows(freezes, NAME, thaws) == ()
