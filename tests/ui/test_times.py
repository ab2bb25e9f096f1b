"""Times have one form each, on every page."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from registry.times import end_of
from ui.parts import times

UI = Path(__file__).parents[2] / "ui"
AT = datetime(2026, 5, 4, 14, 7, tzinfo=UTC)


def test_a_moment_names_its_zone():
    assert times.moment(AT) == "Mon 4 May 2026, 14:07 UTC"


@pytest.mark.parametrize("given", [AT, date(2026, 5, 4)])
def test_a_day_is_written_in_one_way(given):
    assert times.day(given) == "4 May 2026"


def test_what_ends_with_a_day_is_said_by_that_day():
    assert times.ends(end_of(date(2026, 5, 4))) == "4 May 2026"
    assert times.ends(AT) == "Mon 4 May 2026, 14:07 UTC"


def test_how_long_it_is_until_then_is_told():
    assert times.ago(times.now() - timedelta(days=3)) == "3 days ago"
    assert times.ago(times.now() + timedelta(days=3, minutes=1)) == "in 3 days"


def test_no_page_writes_times_in_a_way_of_its_own():
    of_its_own = re.compile(r"%[aAbBdmyY]|registry\.times import .*\bsaid")
    found = {
        str(path.relative_to(UI))
        for path in UI.rglob("*.py")
        if path.name != "times.py" and of_its_own.search(path.read_text())
    }

    # The name of a file, what a field takes, and the months of an axis.
    assert found == {
        "parts/time/then.py",
        "parts/playground/choosing.py",
        "parts/catalogue/calendar.py",
    }
