"""Sessions: signing in and out."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field

from registry.api.deps import Known, PartsDep, SignedIn
from registry.api.passwords import MAX_CHARS
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.errors import (
    Invalid,
    NotAllowed,
    NotSignedIn,
    SessionNeeded,
    TooManyTries,
    WrongPassword,
)
from registry.people import Role, recognise

router = APIRouter(prefix="/v1/sessions", tags=["sessions"], route_class=StrictRoute)


class SignIn(Body):
    handle: str = Field(max_length=64)
    password: str = Field(max_length=MAX_CHARS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """Attributes:
    token: The session's secret; it is told this once.
    ends: Earlier if it lies idle for half an hour.
    """

    token: str
    handle: str
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentSession:
    """Whom the registry takes you for.

    Attributes:
        roles: What you may do with this session or token.
        seats: In which you vote; none for a token.
        via: `session` or `token:<id>`.
        ends: For a session, if it is not used again.
    """

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    via: str
    ends: datetime


@router.post(
    "", status_code=201, responses=problems(WrongPassword, Invalid, TooManyTries)
)
def begin_session(body: SignIn, request: Request, parts: PartsDep) -> NewSession:
    """Sign in with a password, and get a session's token."""
    address = request.client.host if request.client else ""
    secret, session = parts.access.sign_in(body.handle, body.password, address=address)
    return NewSession(token=secret, handle=session.handle, ends=session.ends)


@router.get("/current", responses=problems(NotSignedIn, NotAllowed))
def get_session(caller: Known, parts: PartsDep) -> CurrentSession:
    """Read who you are here, and what you may do."""
    actor = recognise(caller.identity, parts.opened.writer.state.people)
    return CurrentSession(
        handle=actor.handle,
        roles=actor.roles,
        seats=actor.seats,
        via=actor.via,
        ends=caller.grant.expires,
    )


@router.delete(
    "/current", status_code=204, responses=problems(NotSignedIn, SessionNeeded)
)
def end_session(caller: SignedIn, parts: PartsDep) -> None:
    """Sign out: the session's token is refused from now on."""
    parts.access.sign_out(caller.secret)
