"""Roles and scopes: what somebody can be given, and what a token can be for.

They are told here, so that a form offers all that there are, each with its words.
"""

from dataclasses import dataclass

from fastapi import APIRouter

from registry.administrators import takes_two
from registry.api.bearer import Scope
from registry.api.deps import Reader
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.appointments import ASKED_DAYS
from registry.authorization import RULES, Action
from registry.errors import NotAllowed, NotSignedIn
from registry.people import Role
from registry.role_words import ALLOWS

router = APIRouter(
    prefix="/v1/roles",
    tags=["people"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed),
)

SCOPES = {
    Scope.READ: "what chatbots read, and nothing else",
    Scope.CLONE: "git clones, and what chatbots read",
    Scope.CHECK: "a pipeline that tries changes, as an evaluator",
    Scope.SUBMIT: "a pipeline that proposes, as an author",
    Scope.OPERATE: "activates and rolls back, as an operator",
}
"""What a token is for; a session is no token that somebody makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleView:
    """A role.

    Attributes:
        allows: What it lets somebody do, in words.
        takes_two: Whether another administrator has to confirm it.
        may: The acts that belong to it.
    """

    role: Role
    allows: str
    takes_two: bool
    may: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeView:
    scope: Scope
    allows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What people and tokens can be given.

    Attributes:
        asked_days: For so long another administrator can confirm what was asked for.
    """

    roles: tuple[RoleView, ...]
    scopes: tuple[ScopeView, ...]
    asked_days: int


ROLES = Roles(
    roles=tuple(
        RoleView(
            role=role,
            allows=ALLOWS[role],
            takes_two=takes_two(role),
            may=tuple(act for act in Action if role in RULES[act].roles),
        )
        for role in Role
    ),
    scopes=tuple(ScopeView(scope=one, allows=told) for one, told in SCOPES.items()),
    asked_days=ASKED_DAYS,
)


@router.get("")
def list_roles(_: Reader) -> Roles:
    """List the roles and the scopes of tokens, each with what it allows."""
    return ROLES
