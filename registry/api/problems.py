"""Problems: every error as one shape of answer (RFC 9457).

`type` names the error by its class, `content-moved` for `ContentMoved`; `hint`
says what to do next.  The status is that of the nearest family in `STATUS`, and
it is decided here and nowhere else.  What is nobody's mistake but ours says
nothing of the inside.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from registry.api.request_words import mistake
from registry.errors import (
    BumpTooSmall,
    Conflict,
    Deleted,
    Invalid,
    InvalidDocument,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RegistryError,
    TooLarge,
    TooManyTries,
    Unavailable,
)
from registry.snapshots import Headers, headers_of

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[RegistryError], HTTPStatus] = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Deleted: HTTPStatus.GONE,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
}

_WORDS = re.compile(r"(?<!^)(?=[A-Z])")
_MAX_MISTAKES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, and what to do about it.

    Attributes:
        type: `urn:placet:problem:` and the error's name.
        title: The error's name in words.
    """

    type: str
    title: str
    status: int
    detail: str
    hint: str


def status_of(error: RegistryError) -> int:
    """The status of the nearest family; 500 for an error without one."""
    families = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(families, HTTPStatus.INTERNAL_SERVER_ERROR)


def plain_problem(error: RegistryError) -> tuple[int, tuple[Headers, ...], bytes]:
    """Status, headers and body, for what answers without the framework."""
    response = respond(error)
    headers = headers_of(*response.raw_headers)
    return response.status_code, (headers,), bytes(response.body)


def respond(error: RegistryError) -> Response:
    name = _WORDS.sub("-", type(error).__name__).lower()
    headers = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Unavailable) and error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    return _response(
        name,
        status_of(error),
        str(error),
        error.hint,
        more=_more(error),
        headers=headers,
    )


def install(app: FastAPI) -> None:
    """Have *app* answer every error with a problem."""
    app.add_exception_handler(RegistryError, _of_registry)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(SQLAlchemyError, _of_database)
    app.add_exception_handler(Exception, _of_anything)


def problems(*errors: type[RegistryError]) -> dict[int | str, dict[str, Any]]:
    """What a route says of the errors that it can end in, for OpenAPI."""
    told: dict[int | str, list[str]] = {}
    for error in errors:
        words = (error.__doc__ or "").partition("\n")[0]
        told.setdefault(status_of(error.__new__(error)), []).append(words)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": " ".join(words), "content": content}
        for status, words in told.items()
    }


def _more(error: RegistryError) -> dict[str, object]:
    if error.unmet:
        return {"unmet": msgspec.to_builtins(error.unmet)}
    if isinstance(error, Deleted):
        head = {"head": msgspec.Raw(error.head)} if error.head else {}
        return {"epoch": error.epoch, "seq": error.seq, **head}
    if isinstance(error, BumpTooSmall):
        return {
            "document": error.document,
            "bump": error.bump,
            "smallest": error.smallest,
            "reasons": list(error.reasons),
        }
    if isinstance(error, InvalidDocument):
        return {
            "findings": [
                {**msgspec.to_builtins(finding), "document": error.document}
                for finding in error.findings
            ]
        }
    return {}


def _response(
    name: str,
    status: int,
    detail: str,
    hint: str,
    *,
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = Problem(
        type=f"urn:placet:problem:{name}",
        title=name.replace("-", " ").capitalize(),
        status=status,
        detail=detail,
        hint=hint,
    )
    body = {**msgspec.to_builtins(problem), **(more or {})}
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _of_registry(_: Request, error: Exception) -> Response:
    assert isinstance(error, RegistryError)  # noqa: S101 (narrows)
    return respond(error)


def _of_validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (narrows)
    mistakes = [mistake(one) for one in error.errors()]
    told = "; ".join(mistakes[:_MAX_MISTAKES])
    if len(mistakes) > _MAX_MISTAKES:
        told += f"; and {len(mistakes) - _MAX_MISTAKES} more"
    hint = "Correct the request and send it again; `/docs` says what each one takes."
    return respond(Invalid(told, hint=hint))


def _of_http(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself."""
    assert isinstance(error, HTTPException)  # noqa: S101 (narrows)
    if error.status_code == HTTPStatus.NOT_FOUND:
        hint = "`/docs` lists every address of a registry."
        return respond(NotFound("there is nothing at this address", hint=hint))
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        hint = "Send less at once; a change may have 32 MiB, everything else 1 MiB."
        return respond(TooLarge("the request is too large", hint=hint))
    words = HTTPStatus(error.status_code).phrase
    hint = "`/docs` says how each address is used."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        hint = f"{request.method} means nothing here. {hint}"
    return _response(
        words.lower().replace(" ", "-"),
        error.status_code,
        str(error.detail),
        hint,
        headers=error.headers,
    )


def _of_database(_: Request, __: Exception) -> Response:
    hint = "Try again; if it goes on, the registry's own log says why."
    return respond(Unavailable("the database did not answer", hint=hint))


def _of_anything(_: Request, __: Exception) -> Response:
    hint = RegistryError.hint
    return _response("fault", 500, "the registry made a mistake", hint)
