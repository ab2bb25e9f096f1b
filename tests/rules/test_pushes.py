"""The rules at the top of `registry/pushes.py`, one test each."""

import pytest

from registry.commands import Revise, Submit
from registry.errors import Invalid, InvalidDocuments, TooLarge
from registry.names import Ref, digest_of
from registry.pushes import (
    Pushed,
    Target,
    asked,
    check_entry,
    check_sizes,
    document_at,
    parse_target,
)

TONE = Ref("fragments/acme/tone")
PATH = f"{TONE}.yaml"
DEVELOPMENT = Target(environment="development", change=None)


def text(version: str = "1.0.0") -> bytes:
    return (
        f'kind: fragment\nname: acme/tone\nversion: "{version}"\nowner: product\n'
        "description: A text.\ntier: low\ntemplate: none\ntext: Hello.\n"
    ).encode()


def pushed(message: str = "Say hello", **changes) -> Pushed:
    fields = {"files": {PATH: text("1.0.1")}, "before": {PATH: digest_of(text())}}
    return Pushed(commit="a" * 40, message=message, **{**fields, **changes})


def test_the_title_is_the_subject_of_the_commit():
    command = asked(pushed("Say hello\n\nBecause."), DEVELOPMENT, {}).command

    assert isinstance(command, Submit)
    assert command.proposal.title == "Say hello"
    assert command.environment == "development"


def test_it_was_edited_from_what_was_live_at_the_last_commit_in_common():
    proposal = asked(
        pushed(), DEVELOPMENT, {TONE: digest_of(b"other")}
    ).command.proposal

    assert proposal.edited_from == ((TONE, digest_of(text())),)


def test_what_was_not_there_was_edited_from_nothing():
    proposal = asked(pushed(before={}), DEVELOPMENT, {}).command.proposal

    assert proposal.edited_from == ((TONE, None),)


def test_what_is_live_already_is_left_out():
    files = {PATH: text("1.0.1"), "bots/acme/gone.yaml": None}

    with pytest.raises(Invalid, match="all of it is live already"):
        asked(pushed(files=files), DEVELOPMENT, {TONE: digest_of(text("1.0.1"))})


def test_a_file_that_is_gone_deletes_its_document():
    live = {TONE: digest_of(text())}

    proposal = asked(pushed(files={PATH: None}), DEVELOPMENT, live).command.proposal

    assert (proposal.documents, proposal.deleted) == ((), (TONE,))


def test_a_document_is_what_its_place_says():
    with pytest.raises(InvalidDocuments) as refused:
        asked(pushed(files={"fragments/b/c.yaml": text()}), DEVELOPMENT, {})

    (error,) = refused.value.errors
    assert "name is not what its place says" in str(error)


def test_the_same_commit_for_the_same_place_has_the_same_key():
    again = asked(pushed("In other words"), DEVELOPMENT, {})
    elsewhere = Target(environment="staging", change=None)

    assert asked(pushed(), DEVELOPMENT, {}).key == again.key
    assert asked(pushed(), elsewhere, {}).key != again.key


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("Say hello\n\nChange: 42", 42),
        ("Say hello\n\nBecause.\n\nReviewed-by: x\nChange: 42\n", 42),
        ("Say hello\n\nChange: 42\nChange: 42", 42),
        ("Say hello\n\nChange: 42\n\nBecause.", None),
        ("Change: 42 things", None),
    ],
)
def test_a_trailer_names_the_change_to_revise(message: str, change: int | None):
    command = asked(pushed(message), DEVELOPMENT, {}).command

    assert (command.change if isinstance(command, Revise) else None) == change


def test_a_place_and_a_trailer_may_say_the_same_and_not_two_things():
    target = Target(environment="development", change=42)

    assert isinstance(asked(pushed("x\n\nChange: 42"), target, {}).command, Revise)
    with pytest.raises(Invalid, match="41 and 42"):
        asked(pushed("x\n\nChange: 41"), target, {})


@pytest.mark.parametrize("number", ["0", "-1", "forty", "1e3", "9" * 5000, "٤٢"])
def test_a_trailer_that_is_no_number_is_refused(number: str):
    with pytest.raises(Invalid, match="no number"):
        asked(pushed(f"x\n\nChange: {number}"), DEVELOPMENT, {})


def test_a_place_is_that_of_the_environment_or_of_one_of_its_changes():
    assert parse_target("refs/for/staging", "staging").change is None
    assert parse_target("refs/for/staging/7", "staging").change == 7
    for place in ("refs/heads/main", "refs/for/production", "refs/for/staging/7/x"):
        with pytest.raises(Invalid):
            parse_target(place, "staging")


@pytest.mark.parametrize(
    "path",
    ["a.yaml", "prompts/.yaml", "prompts/A.yaml", "prompts/a.yml", "prompts/../x.yaml"],
)
def test_a_document_is_a_file_in_the_folder_of_its_kind(path: str):
    with pytest.raises(Invalid, match="is not a document"):
        document_at(path)


def test_an_entry_is_a_plain_folder_or_a_plain_file():
    assert check_entry("prompts", b"40000")
    assert not check_entry("prompts/a.yaml", b"100644")
    for mode in (b"100755", b"120000", b"160000", b"100664", b"0", b"\xff"):
        with pytest.raises(Invalid):
            check_entry("prompts/a.yaml", mode)


def test_a_document_and_a_change_have_the_sizes_that_they_have_elsewhere():
    check_sizes({"a": 256 * 2**10})
    with pytest.raises(TooLarge):
        check_sizes({"a": 256 * 2**10 + 1})
    with pytest.raises(TooLarge):
        check_sizes({str(n): 256 * 2**10 for n in range(129)})
