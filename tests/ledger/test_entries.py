"""What may be in an entry: the rules at the top of `registry/ledger/entries.py`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.events import path_of
from registry.ledger import parse_commit
from registry.ledger.entries import check_entry, check_path

HOSTILE = [
    "",
    "/etc/passwd",
    "live/",
    "live//a",
    ".",
    "..",
    "live/../policy",
    ".git/config",
    "live/.git/hooks/post-update",
    "live/.gitmodules",
    "live/.gitattributes",
    "-a",
    "--output=x",
    "live/-x",
    "live/a b",
    "live/a\n",
    "live/a\nM 100644 inline b",
    "live/a\0b",
    'live/"a"',
    "live\\a",
    "live/git~1",
    "live/\u200c.git",
    "live/é",
    "LIVE/a",
    "live/a:b",
    "live/@{1}",
    "live/" + "a/" * 600 + "a",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_paths_are_refused(hostile, ledger, entry):
    with pytest.raises(Invalid):
        ledger.append(entry(1, {hostile: b"x"}), expected=None)

    assert ledger.head() is None


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_paths_are_not_deleted_either(hostile, entry):
    with pytest.raises(Invalid):
        check_entry(entry(1, {hostile: None}))


@given(st.text(max_size=30))
def test_a_path_that_is_let_in_is_made_of_plain_segments(text):
    try:
        check_path(text)
    except Invalid:
        return

    segments = text.split("/")
    assert text.isascii()
    assert all(segment[0].isalnum() for segment in segments)
    assert not set(text) & set("\0\n\t \"'\\:*?<>|~^@{}[]$`;&!")


@pytest.mark.parametrize(
    "path",
    [
        "registry.json",
        "policy/production.yaml",
        "live/production/prompts/acme-air/refunds.yaml",
        "versions/prompts/acme-air/refunds/2.0.0-RC.1.yaml",
        "proposals/000/42/1/prompts/acme-air/v1.2_x.yaml",
    ],
)
def test_the_paths_of_the_layout_are_let_in(path):
    assert check_path(path) == path


@pytest.mark.parametrize(
    "author", ["", "A", "-a", "a b", "a\n", "a>", "a <b@c>", "é", "a" * 65, ".a"]
)
def test_an_author_who_is_not_a_handle_is_refused(author, entry):
    with pytest.raises(Invalid, match="not a handle"):
        check_entry(entry(1, author=author))


@pytest.mark.parametrize(
    "at",
    [datetime(2026, 5, 3, 12, 0), datetime(1969, 12, 31, tzinfo=UTC)],  # noqa: DTZ001
)
def test_a_time_without_zone_or_before_1970_is_refused(at, entry):
    with pytest.raises(Invalid):
        check_entry(entry(1, at=at))


@pytest.mark.parametrize("message", ["", " \n", "a\0b", "\ud800"])
def test_a_message_that_git_cannot_keep_is_refused(message, entry):
    with pytest.raises(Invalid, match="message"):
        check_entry(entry(1, message=message))


def test_an_entry_without_event_is_refused(entry):
    with pytest.raises(Invalid, match="one event"):
        check_entry(replace(entry(1), files={"registry.json": b"{}"}))


def test_an_entry_with_two_events_is_refused(entry):
    with pytest.raises(Invalid, match="one event"):
        check_entry(entry(1, {path_of(2): b"{}"}))


def test_an_entry_cannot_delete_its_event(entry):
    with pytest.raises(Invalid, match="one event"):
        check_entry(entry(1, {path_of(1): None}))


@pytest.mark.parametrize(
    "path",
    [
        "events/000/000000.json",
        "events/001/000002.json",
        "events/000/2.json",
        "events/000/000002.yaml",
        "events/x",
    ],
)
def test_only_events_are_written_among_the_events(path, entry):
    with pytest.raises(Invalid, match="path of an event"):
        check_entry(entry(1, {path: b"{}"}))


def test_a_path_cannot_be_file_and_folder_in_one_entry(entry):
    with pytest.raises(Invalid, match="file and a folder"):
        check_entry(entry(1, {"live/a": b"x", "live/a/b": b"y"}))


@pytest.mark.parametrize(
    "text", ["", "main", "--all", "a" * 39, "A" * 40, "a" * 40 + "\n", "a" * 41]
)
def test_only_forty_hexadecimal_digits_are_a_commit(text):
    with pytest.raises(Invalid):
        parse_commit(text)
