"""Problems: the errors that a registry answers with, as errors again.

An answer of type `application/problem+json` (RFC 9457) names a leaf of
`registry.errors` by the last part of its `type`, in lower case with hyphens:
`content-moved` is `ContentMoved`.  A type that this version does not know
becomes the family of its status, so that a newer registry can be more precise.
"""

import re
from http import HTTPStatus
from typing import Any

import msgspec

from registry import errors
from registry.errors import BumpTooSmall, Deleted, InvalidDocument, RegistryError
from registry.mistakes import Finding

_WORDS = re.compile(r"(?<!^)(?=[A-Z])")

_BY_NAME: dict[str, type[RegistryError]] = {
    _WORDS.sub("-", name).lower(): value
    for name, value in vars(errors).items()
    if isinstance(value, type)
    and issubclass(value, RegistryError)
    and value is not errors.InvalidDocuments  # told to git alone
}

_BY_STATUS: dict[int, type[RegistryError]] = {
    HTTPStatus.UNAUTHORIZED: errors.NotSignedIn,
    HTTPStatus.FORBIDDEN: errors.NotAllowed,
    HTTPStatus.NOT_FOUND: errors.NotFound,
    HTTPStatus.CONFLICT: errors.Conflict,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: errors.TooLarge,
    HTTPStatus.TOO_MANY_REQUESTS: errors.Unavailable,
}


def parse_problem(status: int, body: bytes) -> RegistryError:
    """The error that an answer with *status* stands for."""
    try:
        problem = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _silent(status)
    error = _error(status, problem)
    if isinstance(problem.get("hint"), str):
        error.hint = problem["hint"]
    return error


def _error(status: int, problem: dict[str, Any]) -> RegistryError:
    name = re.split(r"[/:#]", str(problem.get("type", "")))[-1]
    kind = _BY_NAME.get(name) or _family(status)
    detail = str(problem.get("detail") or problem.get("title") or kind.__name__)
    if kind is InvalidDocument:
        return _invalid(problem.get("findings"), detail)
    if kind is Deleted:
        epoch, seq = problem.get("epoch"), problem.get("seq")
        return Deleted(
            detail,
            epoch=epoch if isinstance(epoch, int) else 0,
            seq=seq if isinstance(seq, int) else 0,
        )
    if kind is BumpTooSmall:
        return _too_small(problem, detail)
    return kind(detail)


def _too_small(problem: dict[str, Any], detail: str) -> RegistryError:
    reasons = problem.get("reasons")
    return BumpTooSmall(
        detail,
        document=str(problem.get("document", "")),
        bump=str(problem.get("bump", "")),
        smallest=str(problem.get("smallest", "")),
        reasons=[str(one) for one in reasons] if isinstance(reasons, list) else (),
    )


def _family(status: int) -> type[RegistryError]:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.Unavailable
    return _BY_STATUS.get(status, errors.Invalid)


def _invalid(findings: object, detail: str) -> RegistryError:
    """The finding's own document stands before what is not about the first."""
    try:
        told = msgspec.convert(findings, type=list[dict[str, Any]])
        document = str(told[0].get("document", "the document"))
        return InvalidDocument(document, [_finding(one, document) for one in told])
    except (msgspec.ValidationError, IndexError, KeyError):
        return errors.Invalid(detail)


def _finding(told: dict[str, Any], document: str) -> Finding:
    message = str(told["message"])
    if told.get("document", document) != document:
        message = f"{told['document']}: {message}"
    return Finding(
        line=int(told["line"]),
        where=str(told["where"]),
        message=message,
        hint=str(told["hint"]),
        rule=str(told.get("rule", "")),
    )


def _silent(status: int) -> RegistryError:
    return _family(status)(
        f"the answer was {status}, and no explanation came with it",
        hint="Check that the address is that of a registry.",
    )
