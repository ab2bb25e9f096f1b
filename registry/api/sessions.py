"""Sessions: signing in and out."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field

from registry import certifications, conditional_votes, waivers
from registry.api import access
from registry.api.deps import Known, Now, PartsDep, SignedIn
from registry.api.passwords import MAX_CHARS
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.authorization import Action, may
from registry.errors import (
    Invalid,
    NotAllowed,
    NotSignedIn,
    SessionNeeded,
    TooManyTries,
    WrongPassword,
)
from registry.people import Limit, Role, recognise
from registry.seats import Cooling, cooling_seats

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
class Longest:
    """For how many days at most something can be given."""

    certification: int
    condition: int
    waiver: int
    token: int


LONGEST = Longest(
    certification=certifications.MAX_DAYS,
    condition=conditional_votes.MAX_DAYS,
    waiver=waivers.MAX_DAYS,
    token=access.MAX_DAYS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentSession:
    """Whom the registry takes you for.

    Attributes:
        roles: What you may do with this session or token.
        seats: In which you vote; none for a token.
        limits: Where a role or seat is held; one that is not here is held everywhere.
        cooling: The seats that do not speak yet, and from when on.
        via: `session` or `token:<id>`.
        ends: For a session, if it is not used again.
        began: When the password was given; null for a token.
        may: What you may do to the registry as a whole.
        longest_days: For how long something can be given here, by anybody.
    """

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    limits: tuple[Limit, ...]
    cooling: tuple[Cooling, ...]
    via: str
    ends: datetime
    began: datetime | None
    may: tuple[Action, ...]
    longest_days: Longest


@router.post(
    "", status_code=201, responses=problems(WrongPassword, Invalid, TooManyTries)
)
def begin_session(body: SignIn, request: Request, parts: PartsDep) -> NewSession:
    """Sign in with a password, and get a session's token."""
    address = request.client.host if request.client else ""
    secret, session = parts.access.sign_in(body.handle, body.password, address=address)
    return NewSession(token=secret, handle=session.handle, ends=session.ends)


@router.get("/current", responses=problems(NotSignedIn, NotAllowed))
def get_session(caller: Known, parts: PartsDep, now: Now) -> CurrentSession:
    """Read who you are here, and what you may do.

    With the header `Placet-Idle: true` asking is no use of the session.
    """
    state = parts.opened.writer.state
    actor = recognise(caller.identity, state.people)
    held = {*actor.roles, *actor.seats}
    session = parts.grants.find_session(caller.secret)
    return CurrentSession(
        handle=actor.handle,
        roles=actor.roles,
        seats=actor.seats,
        limits=tuple(one for one in actor.limits if one.held in held),
        cooling=cooling_seats(state, actor, now),
        via=actor.via,
        ends=caller.grant.expires,
        began=None if session is None else session.began,
        may=tuple(action for action in Action if may(actor, action)),
        longest_days=LONGEST,
    )


@router.delete(
    "/current", status_code=204, responses=problems(NotSignedIn, SessionNeeded)
)
def end_session(caller: SignedIn, parts: PartsDep) -> None:
    """Sign out: the session's token is refused from now on."""
    parts.access.sign_out(caller.secret)
