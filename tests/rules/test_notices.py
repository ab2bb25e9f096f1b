"""Notices, and which targets take them: `registry/notices.py`, `targets.py`."""

import re
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.notices import (
    KINDS,
    MAX_LINE_CHARS,
    Urgency,
    audience,
    notice_id,
    one_line,
    recipients,
    sentences,
)
from registry.people import Role, person
from registry.targets import (
    GIVE_UP_AFTER,
    Filters,
    check_filters,
    check_target_name,
    next_try,
    takes,
)
from tests.outbox.conftest import NOON, make_notice

ROLES = (Role.VIEWER,)
PEOPLE = {
    handle: person(handle, roles=ROLES, seats=seats, active=active)
    for handle, seats, active in (
        ("author", (), True),
        ("risk", ("risk",), True),
        ("risk2", ("risk",), True),
        ("former", ("risk",), False),
        ("operator", ("risk",), True),
    )
}


def filters(**more) -> Filters:
    every = {"environments": (), "kinds": (), "urgency": Urgency.LOW}
    return Filters(**{**every, **more})


def to(*handles: str, **more) -> tuple[str, ...]:
    return recipients(make_notice(audience=audience(*handles, **more)), PEOPLE)


def test_the_same_cause_is_the_same_notice_and_another_is_another():
    made = notice_id("one", "stopped", "42", "1")

    assert made == notice_id("one", "stopped", "42", "1")
    assert made not in {
        notice_id("two", "stopped", "42", "1"),
        notice_id("one", "vetoed", "42", "1"),
        notice_id("one", "stopped", "421"),
        notice_id("one", "stopped", "42", "2"),
    }


def test_a_notice_goes_to_handles_to_seats_and_to_everybody():
    assert to("author") == ("author",)
    assert to("author", seats=("risk",)) == ("author", "risk", "risk2")
    assert to(everybody=True) == ("author", "risk", "risk2")
    assert to() == ()


def test_whoever_did_it_or_has_left_or_never_was_is_not_told():
    assert to("operator", "former", "nobody", seats=("risk",)) == ("risk", "risk2")


@given(st.text())
def test_a_line_is_one_line_of_limited_length_with_nothing_hidden(text):
    line = one_line(text)

    assert len(line) <= MAX_LINE_CHARS
    assert line == line.strip()
    assert len(line.splitlines()) <= 1
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not hidden & {unicodedata.category(character) for character in line}
    assert one_line(line) == line


def test_a_body_says_how_much_it_leaves_out():
    body = sentences(*(f"Line {number}." for number in range(25)), "", " ")

    assert len(body) == 21
    assert body[-1] == "And 5 more."


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({}, True),
        ({"environments": ("production",)}, True),
        ({"environments": ("staging",)}, False),
        ({"kinds": ("stopped",)}, True),
        ({"kinds": ("stop*",)}, True),
        ({"kinds": ("*",)}, True),
        ({"kinds": ("stop",)}, False),
        ({"kinds": ("vetoed", "recalled")}, False),
        ({"urgency": Urgency.HIGH}, True),
        ({"environments": ("production",), "kinds": ("vetoed",)}, False),
    ],
)
def test_a_target_takes_what_fits_all_of_its_filters(given: dict, taken: bool):
    assert takes(filters(**given), make_notice()) is taken


def test_a_notice_that_is_less_urgent_is_not_taken():
    notice = make_notice(urgency=Urgency.NORMAL)

    assert takes(filters(urgency=Urgency.NORMAL), notice)
    assert not takes(filters(urgency=Urgency.HIGH), notice)


def test_what_concerns_the_whole_registry_fits_every_environment():
    assert takes(filters(environments=("staging",)), make_notice(environment=None))


@pytest.mark.parametrize("kind", ["", "Stopped", "a b", "**", "a*b", "-", "x" * 70])
def test_a_kind_that_no_notice_could_have_is_refused(kind: str):
    with pytest.raises(Invalid):
        check_filters(filters(kinds=(kind,)))


@pytest.mark.parametrize("kind", ["bogus", "stoped", "reminders-*"])
def test_a_kind_that_there_is_not_is_refused_with_those_that_there_are(kind: str):
    with pytest.raises(Invalid, match=re.escape(kind)) as refused:
        check_filters(filters(kinds=("stopped", kind)))

    assert all(one in refused.value.hint for one in KINDS)


@pytest.mark.parametrize("kind", ["*", "reminder-*", "stopped", "change-c*"])
def test_a_kind_and_the_beginning_of_one_are_taken(kind: str):
    assert check_filters(filters(kinds=(kind,))).kinds == (kind,)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\u202eb", "x" * 200])
def test_a_target_is_called_one_plain_line(name: str):
    with pytest.raises(Invalid):
        check_target_name(name)


@given(st.integers(1, 1_000), st.floats(0, 1), st.integers(0, 300_000))
def test_a_pause_is_spread_and_ends_with_the_last_try(attempts, chance, after_s):
    now = NOON + timedelta(seconds=after_s)

    later = next_try(attempts, made=NOON, now=now, chance=chance)

    if now - NOON >= GIVE_UP_AFTER:
        assert later is None
    else:
        assert later is not None
        assert now < later <= NOON + GIVE_UP_AFTER
        assert later - now <= timedelta(hours=6) * 1.2


def test_what_fails_for_ever_is_tried_about_twenty_times():
    now, tries = NOON, 0
    while now is not None:
        tries += 1
        last = now
        now = next_try(tries, made=NOON, now=now, chance=0.5)

    assert 15 <= tries <= 25
    assert last - NOON == GIVE_UP_AFTER
