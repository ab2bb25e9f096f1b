"""People: who holds which role and seat, and how they sign in.

Roles, seats and activity are governed; names, e-mail addresses and passwords
are not, and never reach the ledger.
"""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from registry import people
from registry.api.access import is_admin
from registry.api.appointing import Called, appoint
from registry.api.deps import IdempotencyKey, PartsDep, Reader, SignedIn, StateDep
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.passwords import MAX_CHARS
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.people import PersonView, person_view
from registry.api.writing import WRITES
from registry.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyTries,
    WrongPassword,
)
from registry.people import SESSION, Role

router = APIRouter(
    prefix="/v1/people",
    tags=["people"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

Handle = Annotated[str, Path(max_length=64, examples=["author"])]
Line = Annotated[str | None, Field(default=None, pattern=r"^[^\x00-\x1f\x7f]{0,200}$")]


class PersonBody(Body):
    """Everything that somebody is to hold from now on."""

    roles: list[Role] = Field(max_length=20)
    seats: list[str] = Field(max_length=50, examples=[["risk"]])
    active: bool = Field(description="False takes everything and keeps the past.")
    name: Line
    email: Line


class PasswordBody(Body):
    password: str = Field(max_length=MAX_CHARS)
    current: str | None = Field(
        default=None, max_length=MAX_CHARS, description="Needed for one's own."
    )


@router.get("")
def list_people(
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[PersonView]:
    """List everybody, and what they hold."""
    may_see = is_admin(caller.person) and caller.grant.via == SESSION
    accounts = parts.operations.list_accounts() if may_see else None
    items = (
        (handle, person_view(state.people[handle], accounts))
        for handle in sorted(state.people)
    )
    return sorted_page(items, limit, cursor)


@router.put("/{handle}", responses=WRITES)
def set_person(
    handle: Handle,
    body: PersonBody,
    caller: SignedIn,
    parts: PartsDep,
    key: IdempotencyKey = None,
) -> PersonView:
    """Let somebody hold roles and seats, or nothing any more."""
    person = people.person(
        handle, roles=tuple(body.roles), seats=tuple(body.seats), active=body.active
    )
    called = Called(name=body.name, email=body.email)
    appoint(parts, caller, person, called, key)
    return person_view(person, parts.operations.list_accounts())


@router.post(
    "/{handle}/password",
    status_code=204,
    responses=problems(NotFound, WrongPassword, TooManyTries),
)
def set_password(
    handle: Handle, body: PasswordBody, caller: SignedIn, parts: PartsDep
) -> None:
    """Set a password: one's own with the present one, or as an administrator.

    All sessions of the person end.
    """
    parts.access.set_password(caller.person, handle, body.password, old=body.current)
