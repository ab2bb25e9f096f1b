"""The chain: what somebody did to it is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.chain import BEGINNING, Link, explain, follows
from registry.names import digest_of

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


def link(number: int, before: Link, text: str = "") -> Link:
    return Link(
        number=number,
        digest=digest_of(f"{number} {before.digest} {text}".encode()),
        previous=before.digest,
        at=NOON + timedelta(seconds=number),
    )


def chain(length: int) -> list[Link]:
    links = [BEGINNING]
    for number in range(1, length + 1):
        links.append(link(number, links[-1]))
    return links[1:]


def first_wrong(links: list[Link]) -> str | None:
    """What is said of the first one that does not follow."""
    earlier, before = None, BEGINNING
    for place, found in enumerate(links):
        if not follows(found, before):
            following = links[place + 1] if place + 1 < len(links) else None
            return explain(earlier, before, found, following)
        earlier, before = before, found
    return None


def test_a_chain_that_holds_is_told_nothing_of():
    assert first_wrong(chain(9)) is None


@given(length=st.integers(2, 12), data=st.data())
def test_a_changed_event_is_named(length, data):
    links = chain(length)
    place = data.draw(st.integers(0, length - 2))
    links[place] = replace(links[place], digest=digest_of(b"changed"))

    said = first_wrong(links)

    assert said is not None
    assert said.startswith(f"event {place + 1} was changed")


@given(length=st.integers(2, 12), data=st.data())
def test_a_removed_event_is_named(length, data):
    links = chain(length)
    place = data.draw(st.integers(0, length - 2))
    del links[place]

    assert first_wrong(links) == (
        f"event {place + 1} was removed: event {place + 2} stands in its place"
    )


@given(length=st.integers(1, 12), data=st.data())
def test_an_event_that_was_put_in_is_named(length, data):
    links = chain(length)
    place = data.draw(st.integers(0, length - 1))
    before = links[place - 1] if place else BEGINNING
    links.insert(place, link(place + 1, before, "mine"))

    said = first_wrong(links)

    assert said is not None
    assert said.startswith(f"event {place + 1} was put in")


@given(length=st.integers(2, 12), data=st.data())
def test_events_that_changed_places_are_named(length, data):
    links = chain(length)
    place = data.draw(st.integers(0, length - 2))
    links[place], links[place + 1] = links[place + 1], links[place]

    assert first_wrong(links) == (
        f"events {place + 1} and {place + 2} have changed places"
    )


def test_an_event_that_is_not_later_is_named():
    links = chain(3)
    links[2] = replace(links[2], at=links[1].at)

    assert first_wrong(links) == (
        "event 3 was changed: it is not later than the one before it"
    )


@pytest.mark.parametrize("length", [1, 5])
def test_what_was_cut_off_the_chain_itself_cannot_tell(length):
    assert first_wrong(chain(6)[:length]) is None
