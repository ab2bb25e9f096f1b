"""Times as people type them."""

from datetime import UTC, datetime

import pytest

from registry.cli.times import parse_end, parse_time, show_end, show_time
from registry.errors import Invalid

MOMENT = datetime(2026, 5, 3, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-03 14:07",
        "2026-05-03T14:07:00Z",
        "2026-05-03T16:07:00+02:00",
        " 2026-05-03 14:07:00 ",
    ],
)
def test_a_time_without_a_zone_is_utc(text: str):
    assert parse_time(text) == MOMENT


@pytest.mark.parametrize("text", ["yesterday", "20260503", "", "2026-13-01"])
def test_what_is_no_time_is_refused(text: str):
    with pytest.raises(Invalid, match="is not a time"):
        parse_time(text)


def test_a_day_as_an_end_is_in_time_until_it_is_over():
    end = parse_end("2026-12-31")

    assert end == datetime(2027, 1, 1, tzinfo=UTC)
    assert show_end(end) == "2026-12-31"


def test_an_end_within_a_day_has_its_time():
    assert parse_end("2026-05-03T14:07:00Z") == MOMENT
    assert show_end(MOMENT) == "2026-05-03 14:07"
    assert show_end(None) == ""


def test_what_is_no_day_is_no_end():
    with pytest.raises(Invalid, match="is not a time"):
        parse_end("20260503")


def test_what_is_shown_can_be_typed_again():
    assert parse_time(show_time(MOMENT)) == MOMENT
