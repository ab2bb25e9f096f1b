"""People: who holds which role and seat, and how they sign in.

Roles, seats and activity are governed; names, e-mail addresses and passwords
are not, and never reach the ledger.
"""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from registry import commands, people
from registry.api import appointing
from registry.api.access import is_active
from registry.api.appointing import Called, appoint
from registry.api.deps import (
    IdempotencyKey,
    Now,
    Parts,
    PartsDep,
    Reader,
    SignedIn,
    StateDep,
)
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.passwords import MAX_CHARS
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.people import PersonView, person_view
from registry.api.writing import WRITES, Text
from registry.appointments import still_asked
from registry.authorization import Action, may
from registry.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyTries,
    WrongPassword,
)
from registry.names import parse_digest
from registry.people import Role

router = APIRouter(
    prefix="/v1/people",
    tags=["people"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

Handle = Annotated[str, Path(max_length=64, examples=["author"])]
NamePattern = Annotated[
    str,
    Field(pattern=r"^[a-z0-9*][a-z0-9*._/-]{0,199}$", examples=["acme-air/**"]),
]
Segment = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Line = Annotated[str | None, Field(default=None, pattern=r"^[^\x00-\x1f\x7f]{0,200}$")]


class LimitBody(Body):
    held: str = Field(description="A role or a seat.", examples=["risk"])
    environments: list[Segment] = Field(max_length=50, description="Empty for all.")
    names: list[NamePattern] = Field(
        max_length=50,
        description="Patterns of documents' names, `*` within a segment and `**` "
        "across them; empty for all.",
    )


class PersonBody(Body):
    """Everything that somebody is to hold from now on."""

    roles: list[Role] = Field(max_length=20)
    seats: list[str] = Field(max_length=50, examples=[["risk"]])
    limits: list[LimitBody] = Field(
        default_factory=list,
        max_length=50,
        description="Where a role or seat is held; one that is not here is held "
        "everywhere.",
    )
    active: bool = Field(description="False takes everything and keeps the past.")
    name: Line
    email: Line
    expected: str | None = Field(
        default=None,
        description="`digest` of the person as you read them: if they hold something "
        "else by now, or something else is asked for them, nothing is set.",
    )


class ConfirmationBody(Body):
    proposed: int = Field(description="The number of the event that asked for it.")


class RefusalBody(ConfirmationBody):
    reason: Text


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
    now: Now,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[PersonView]:
    """List everybody, and what they hold."""
    may_see = may(caller.actor, Action.MANAGE_PEOPLE)
    accounts = parts.operations.list_accounts() if may_see else None
    asked = {one.person.handle for one in still_asked(state, now)}
    items = (
        (handle, person_view(state, handle, accounts, now))
        for handle in sorted({*state.people, *asked})
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
    """Let somebody hold roles and seats, or nothing any more.

    What is taken away is gone at once. A seat, the roles evaluator, operator and
    admin, and being active again are asked for, and another administrator has to
    confirm it within seven days: see `asked_for`. So is an account for a handle that
    something live names: its owner, deputy, on-call or risk partner. So is what would
    leave one administrator. An administrator holds no seat. With `expected` it is
    refused if they hold something else by now than what was read.
    """
    person = people.person(
        handle,
        roles=tuple(body.roles),
        seats=tuple(body.seats),
        active=body.active,
        limits=tuple(
            people.Limit(
                held=one.held,
                environments=tuple(sorted(set(one.environments))),
                names=tuple(sorted(set(one.names))),
            )
            for one in body.limits
        ),
    )
    expected = None if body.expected is None else parse_digest(body.expected)
    called = Called(name=body.name, email=body.email)
    appoint(parts, caller, person, called, expected=expected, key=key)
    return _seen(parts, handle)


@router.post("/{handle}/confirmation", responses=WRITES)
def confirm_person(
    handle: Handle,
    body: ConfirmationBody,
    caller: SignedIn,
    parts: PartsDep,
    key: IdempotencyKey = None,
) -> PersonView:
    """Let somebody hold what another administrator has asked for.

    It takes another one than who asked, and not the person; but where two are left,
    whoever is to go confirms that.
    """
    command = commands.ConfirmPerson(handle=handle, proposed=body.proposed)
    parts.opened.writer.write(command, by=caller.identity, key=key)
    if not is_active(parts.opened.writer.state.people, handle):
        parts.access.end_everything(handle)
    return _seen(parts, handle)


@router.post("/{handle}/refusal", responses=WRITES)
def refuse_person(
    handle: Handle,
    body: RefusalBody,
    caller: SignedIn,
    parts: PartsDep,
    key: IdempotencyKey = None,
) -> PersonView:
    """Refuse what is asked for somebody, or take it back."""
    command = commands.RefusePerson(
        handle=handle, proposed=body.proposed, reason=body.reason
    )
    parts.opened.writer.write(command, by=caller.identity, key=key)
    return _seen(parts, handle)


@router.post(
    "/{handle}/password",
    status_code=204,
    responses=problems(NotFound, WrongPassword, TooManyTries),
)
def set_password(
    handle: Handle, body: PasswordBody, caller: SignedIn, parts: PartsDep
) -> None:
    """Set a password: one's own with the present one, or as an administrator.

    All sessions of the person end. When an administrator sets it, so do their tokens,
    but for those with the scope `read`; the person and the other administrators are
    told, and the person's seats cool down.
    """
    appointing.set_password(parts, caller, handle, body.password, old=body.current)


def _seen(parts: Parts, handle: str) -> PersonView:
    """As an administrator sees somebody."""
    accounts = parts.operations.list_accounts()
    writer = parts.opened.writer
    return person_view(writer.state, handle, accounts, writer.now())
