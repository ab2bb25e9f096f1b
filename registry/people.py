"""People: who may act, and in which capacity they vote.

A *role* lets somebody do things; a *seat* lets them vote in that capacity.
Neither implies the other: an administrator manages people and has no vote
because of it.  A person is known by a handle, a pseudonym; names and e-mail
addresses are operational and never reach the ledger.

    viewer      reads what is live and what was decided
    author      submits, revises, withdraws and comments
    operator    activates what was agreed to, rolls back, stops, and proposes
                promotions, rollbacks and resumptions
    auditor     reads everything, the ledger included
    admin       manages people and tokens
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.errors import Invalid, NotAllowed, NotSignedIn

SESSION = "session"
"""How somebody is recognised who signed in with a password."""

_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")


class Role(StrEnum):
    """What somebody may do; the module's docstring says what each allows."""

    VIEWER = "viewer"
    AUTHOR = "author"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody, as the ledger knows them.

    Attributes:
        roles: Sorted, each once.
        seats: Sorted, each once.
        active: An inactive person keeps their past and can do nothing more.
    """

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something, with what they held at that moment.

    Attributes:
        handle: The person; for a token, the person who answers for it.
        via: How they were recognised: `session`, `token:<id>` or `local`
            (somebody with the registry's files in their hands).
    """

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    via: str

    @property
    def in_person(self) -> bool:
        """Whether it is the person, and not one of their tokens."""
        return not self.via.startswith("token:")

    def require(self, doing: str, *roles: Role) -> None:
        """Raises:
        NotAllowed: The actor holds none of *roles*.
        """
        if not set(roles) & set(self.roles):
            raise NotAllowed(
                f"{self.handle} may not {doing}",
                hint=f"It takes the role {' or '.join(roles)}; an administrator can "
                "grant it.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who sends a command, before it is looked up what they hold.

    Attributes:
        via: As in `Actor`.
        roles: What the session or token may use of the person's roles;
            `None` for all.  Only a session brings seats along.
    """

    handle: str
    via: str
    roles: frozenset[Role] | None


def recognise(identity: Identity, people: Mapping[str, Person]) -> Actor:
    """The actor, with what the person holds at this moment.

    Raises:
        NotSignedIn: Nobody is called so, or the person is not active.
    """
    person = people.get(identity.handle)
    if person is None or not person.active:
        raise NotSignedIn(
            f"{identity.handle} is not active here",
            hint="An administrator can activate the person again.",
        )
    allowed = frozenset(Role) if identity.roles is None else identity.roles
    return Actor(
        handle=person.handle,
        roles=tuple(role for role in person.roles if role in allowed),
        seats=person.seats if identity.via == SESSION else (),
        via=identity.via,
    )


def check_handle(text: str) -> str:
    """Return *text* if somebody may be called so, else raise `Invalid`."""
    if not _HANDLE.match(text):
        raise Invalid(
            f"{text[:80]!r} cannot be a handle or a seat",
            hint="Up to 64 lower-case letters, digits, `.`, `_` and `-`.",
        )
    return text


def check_person(given: Person) -> Person:
    """Return *given* as the ledger takes it.

    Raises:
        Invalid: Handle or seats are not well formed.
    """
    return person(
        given.handle, roles=given.roles, seats=given.seats, active=given.active
    )


def person(
    handle: str, *, roles: tuple[Role, ...], seats: tuple[str, ...], active: bool
) -> Person:
    """Make a person whose handle and seats are well formed."""
    return Person(
        handle=check_handle(handle),
        roles=tuple(sorted(set(roles))),
        seats=tuple(sorted({check_handle(seat) for seat in seats})),
        active=active,
    )
