"""Events as bytes, and the chain that they make."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import LedgerBroken
from registry.events import (
    Event,
    FileEdit,
    dump,
    file_edits,
    next_time,
    parse,
    path_of,
)
from registry.names import digest_of
from registry.payloads import NAMES, TYPES
from tests.rules.assembly import Registry
from tests.rules.bench import NOON
from tests.rules.strategies import values
from tests.rules.texts import make_prompt

MICROSECOND = timedelta(microseconds=1)


def any_event(payload) -> st.SearchStrategy[Event]:
    others = {
        field.name: values(field.type)
        for field in fields(Event)
        if field.name != "payload"
    }
    return st.builds(Event, payload=values(payload), **others)


@pytest.mark.parametrize("payload", TYPES.values(), ids=list(TYPES))
@settings(max_examples=30)
@given(data=st.data())
def test_an_event_is_what_its_bytes_say(payload, data):
    event = data.draw(any_event(payload))

    again = parse(dump(event))

    assert again == event
    assert dump(again) == dump(event)


def test_every_payload_has_its_own_name():
    assert {NAMES[payload]: payload for payload in TYPES.values()} == TYPES


def test_an_events_bytes_are_canonical(registry):
    body = dump(registry.events[-1])

    assert rfc8785.dumps(json.loads(body)) == body


def test_an_event_says_its_type(registry):
    assert json.loads(dump(registry.events[0]))["type"] == "registry-created"


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: b"",
        lambda body: b"\xff" + body,
        lambda body: body[:-1],
        lambda body: body.replace(b'"registry-created"', b'"registry-invented"'),
        lambda body: body.replace(b'"number":1', b'"number":"1"'),
        lambda body: body.replace(b'"repository"', b'"repositories"'),
        lambda body: b"[]",
        lambda body: body.replace(b'"open":true', b'"open":false'),
    ],
)
def test_what_is_no_event_of_this_format_is_refused(registry, damage):
    body = damage(dump(registry.events[0]))

    with pytest.raises(LedgerBroken):
        parse(body)


def test_an_event_names_the_one_before_and_every_file(registry):
    text = make_prompt("1.0.0")
    registry.submit(text)

    first, second = registry.events
    assert second.number == 2
    assert second.previous == digest_of(dump(first))
    assert second.edits == (
        FileEdit(
            path="proposals/000/1/1/prompts/acme/refunds.yaml", digest=text.digest
        ),
    )


def test_an_event_says_what_its_actor_held(registry):
    registry.vote(registry.submit(make_prompt("1.0.0")), "product")

    actor = registry.events[-1].actor
    assert (actor.handle, actor.roles, actor.seats, actor.via) == (
        *("product", ("author",), ("product",), "session"),
    )


def test_the_message_names_change_digest_and_actor(registry):
    change = registry.put(make_prompt("1.0.0"))

    digest = registry.change(change).revision.review_digest
    assert registry.events[-1].message == (
        "Activate change 1 in production: Say it better\n\n"
        f"Change: 1\nSeq: 1\nReview-Digest: {digest}\nActor: operator"
    )


def test_files_of_an_event_are_in_order_and_deletions_have_no_digest():
    edits = file_edits({"b": b"text", "a": None})

    assert edits == (
        FileEdit(path="a", digest=None),
        FileEdit(path="b", digest=digest_of(b"text")),
    )


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (1, "events/000/000001.json"),
        (1000, "events/001/001000.json"),
        (1_234_567, "events/1234/1234567.json"),
    ],
)
def test_events_stand_a_thousand_to_a_folder(number, path):
    assert path_of(number) == path


@given(
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5))])),
    st.datetimes(
        max_value=datetime(9999, 1, 1),  # noqa: DTZ001 (Hypothesis adds the zone)
        timezones=st.just(UTC),
    ),
)
def test_times_strictly_increase_and_are_utc(now, last):
    found = next_time(now, last)

    assert found > last
    assert found in {now, last + MICROSECOND}
    assert found.utcoffset() == timedelta(0)


def test_the_clock_counts_if_it_has_moved_on():
    assert next_time(NOON + MICROSECOND, NOON) == NOON + MICROSECOND
    assert next_time(NOON, None) == NOON


def test_events_of_a_clock_that_stands_still_are_a_microsecond_apart():
    registry = Registry()
    registry.put(make_prompt("1.0.0"))

    times = [event.at for event in registry.events]
    assert times == [NOON + n * MICROSECOND for n in range(len(times))]
