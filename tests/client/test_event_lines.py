"""Events taken apart as the standard says, however they are cut into pieces."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placet.errors import BadAnswer
from placet.event_lines import (
    MAX_EVENT_BYTES,
    MAX_LINE_BYTES,
    Event,
    EventLines,
    place_of,
)

WHOLE = b'\xef\xbb\xbfretry: 1500\nid: 1.7\nevent: seq\ndata: {"epoch":1,"seq":7}\n\n'
SEQ = Event(kind="seq", data='{"epoch":1,"seq":7}', id="1.7")


def events(*pieces):
    lines = EventLines()
    return [event for piece in pieces for event in lines.feed(piece)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_end_in_three_ways(end):
    assert events(WHOLE.replace(b"\n", end)) == [SEQ]


@given(st.lists(st.integers(0, 200)), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_however_it_is_cut_it_says_the_same(cuts, end):
    whole = WHOLE.replace(b"\n", end) + b": hello" + end + b"data: x" + end + end
    places = [0, *sorted(cuts), len(whole)]
    pieces = [whole[a:b] for a, b in pairwise(places)]

    assert events(*pieces) == [SEQ, Event(kind="message", data="x", id="1.7")]


@given(st.lists(st.binary(max_size=200)))
def test_whatever_comes_is_taken_or_refused(pieces):
    for event in events(*pieces):
        place_of(event)


def test_what_was_not_finished_is_no_event():
    assert events(b"event: seq\ndata: {}\n") == []


def test_a_comment_is_a_line_and_no_event():
    lines = EventLines()

    assert lines.feed(b":\n\n") == []
    assert lines.lines == 2


def test_data_of_several_lines_is_joined():
    assert events(b"data: a\ndata:b\ndata\n\n")[0].data == "a\nb\n"


def test_what_is_no_utf_8_is_replaced():
    assert events(b"data: \xff\n\n")[0].data == "\ufffd"


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", "", "9" * 19, "²"])
def test_a_pause_that_is_no_number_is_ignored(value):
    lines = EventLines()
    lines.feed(f"retry: 7\nretry: {value}\n".encode())

    assert lines.retry_ms == 7


@pytest.mark.parametrize(
    "endless",
    [b"x" * (MAX_LINE_BYTES + 1), b"data: " + b"x" * MAX_LINE_BYTES + b"\n"],
)
def test_a_line_without_an_end_is_refused(endless):
    with pytest.raises(BadAnswer):
        events(endless)


def test_an_event_without_an_end_is_refused():
    line = b"data: " + b"x" * 1000 + b"\n"

    with pytest.raises(BadAnswer):
        events(*[line] * (MAX_EVENT_BYTES // 1000 + 1))


@pytest.mark.parametrize(
    "data",
    [
        "",
        "7",
        "[]",
        "{}",
        "nonsense",
        '{"epoch":1}',
        '{"epoch":1,"seq":"7"}',
        '{"epoch":1,"seq":-7}',
        '{"epoch":true,"seq":7}',
        '{"epoch":1,"seq":7.0}',
        "[" * 4000,
    ],
)
def test_what_says_no_place_is_none(data):
    assert place_of(Event(kind="seq", data=data, id="")) is None


def test_an_event_of_another_kind_says_no_place():
    assert place_of(Event(kind="message", data=SEQ.data, id="")) is None
    assert place_of(SEQ) == (1, 7)
