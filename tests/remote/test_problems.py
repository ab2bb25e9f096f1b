"""What a registry refuses is raised here as the error that it raised there."""

from typing import Any

import msgspec
import pytest

from registry import errors
from registry.api.problems import plain_problem
from registry.errors import BumpTooSmall, Deleted, InvalidDocument, RegistryError
from registry.mistakes import Finding
from registry.remote.problems import parse_problem

FINDINGS = (
    Finding(line=3, where="/version", message="no text", hint="Put quotes around it."),
    Finding(line=0, where="", message="no owner", hint="Name one."),
)
LEAVES = [
    value
    for value in vars(errors).values()
    if isinstance(value, type)
    and issubclass(value, RegistryError)
    and value is not errors.InvalidDocuments  # told to git alone
]


def made(kind: type[RegistryError]) -> RegistryError:
    special: dict[type[RegistryError], Any] = {
        Deleted: lambda: Deleted("gone", epoch=2, seq=7),
        InvalidDocument: lambda: InvalidDocument("prompts/a", FINDINGS),
    }
    return special.get(kind, lambda: kind("what is wrong", hint="What to do."))()


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_an_error_is_the_same_on_both_sides(kind: type[RegistryError]):
    error = made(kind)

    status, _, body = plain_problem(error)
    raised = parse_problem(status, body)

    assert type(raised) is kind
    assert (str(raised), raised.hint) == (str(error), error.hint)


def test_what_is_told_to_git_alone_is_its_family_here():
    told = b'{"type": "urn:placet:problem:invalid-documents", "detail": "mistakes"}'

    raised = parse_problem(422, told)

    assert (type(raised), str(raised)) == (errors.Invalid, "mistakes")


def test_findings_come_with_their_lines():
    raised = parse_problem(*plain_problem(made(InvalidDocument))[::2])

    assert isinstance(raised, InvalidDocument)
    assert (raised.document, raised.findings) == ("prompts/a", FINDINGS)


def test_a_step_that_is_too_small_comes_with_what_would_do():
    error = BumpTooSmall(
        "too small",
        document="prompts/a",
        bump="major",
        smallest="2.0.0",
        reasons=["the input `x` was removed"],
    )

    raised = parse_problem(*plain_problem(error)[::2])

    assert isinstance(raised, BumpTooSmall)
    assert (raised.document, raised.bump) == ("prompts/a", "major")
    assert (raised.smallest, raised.reasons) == ("2.0.0", error.reasons)


def test_a_deletion_comes_with_its_epoch_and_seq():
    raised = parse_problem(*plain_problem(made(Deleted))[::2])

    assert isinstance(raised, Deleted)
    assert (raised.epoch, raised.seq) == (2, 7)


@pytest.mark.parametrize(
    ("status", "family"),
    [
        (401, errors.NotSignedIn),
        (403, errors.NotAllowed),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (422, errors.Invalid),
        (503, errors.Unavailable),
    ],
)
def test_an_error_of_a_newer_registry_is_of_its_family(
    status: int, family: type[RegistryError]
):
    body = msgspec.json.encode({"type": "urn:placet:problem:too-cold", "detail": "brr"})

    raised = parse_problem(status, body)

    assert type(raised) is family
    assert str(raised) == "brr"


@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"[]", b"\xff"])
def test_an_answer_that_is_no_problem_is_one_still(body: bytes):
    raised = parse_problem(502, body)

    assert type(raised) is errors.Unavailable
    assert "the answer was 502" in str(raised)


@pytest.mark.parametrize("findings", [None, [], [{}], [{"line": "x"}], "no"])
def test_findings_that_are_none_leave_the_sentence(findings: object):
    body = {
        "type": "urn:placet:problem:invalid-document",
        "detail": "prompts/a: wrong",
        "findings": findings,
    }

    raised = parse_problem(422, msgspec.json.encode(body))

    assert type(raised) is errors.Invalid
    assert str(raised) == "prompts/a: wrong"
