"""People: who may act, and in which capacity they vote.

A *role* lets somebody do things; a *seat* lets them vote in that capacity.
Neither implies the other, and no seat is called like a role.  Whoever gives
seats has none: an administrator agrees to nothing, or one hand could make an
author and approve of what that one writes.  A person is known by a handle, a
pseudonym; names and e-mail addresses are operational and never reach the ledger.

    viewer      reads what is live and what was decided
    author      submits, revises, withdraws and comments
    operator    activates what was agreed to, rolls back, stops, and proposes
                promotions, rollbacks and resumptions
    evaluator   attaches results of checks to changes, and vouches for them
    auditor     reads everything, the ledger included
    admin       manages people and tokens
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from registry.errors import Invalid, NotSignedIn
from registry.name_patterns import fits_any

SESSION = "session"
"""How somebody is recognised who signed in with a password."""

TIMER = "timer"
"""How the registry itself is recognised, when it does what was agreed to do now."""

LOCAL = "local"
"""How somebody is recognised who has the registry's files in their hands."""

REGISTRY = "placet"
"""The handle of the registry itself, which nobody else may have."""

_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")


class Role(StrEnum):
    """What somebody may do; the module's docstring says what each allows."""

    VIEWER = "viewer"
    AUTHOR = "author"
    OPERATOR = "operator"
    EVALUATOR = "evaluator"
    AUDITOR = "auditor"
    ADMIN = "admin"


_EVERYWHERE = {Role.VIEWER, Role.AUDITOR, Role.ADMIN}
"""Roles that read, or manage the registry as a whole."""


class Limited(Protocol):
    """A limit, as the ledger has it or as the API tells it."""

    @property
    def held(self) -> str: ...
    @property
    def environments(self) -> tuple[str, ...]: ...
    @property
    def names(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Where a role or a seat is held, if not everywhere.

    Attributes:
        held: The role or the seat.
        environments: Empty for every environment.
        names: Patterns over documents' names; empty for every document.
    """

    held: str
    environments: tuple[str, ...]
    names: tuple[str, ...]

    def covers(self, environment: str, name: str) -> bool:
        """Whether it is held for the document called *name* there."""
        return (not self.environments or environment in self.environments) and (
            not self.names or fits_any(self.names, name)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody, as the ledger knows them.

    Attributes:
        roles: Sorted, each once.
        seats: Sorted, each once.
        active: An inactive person keeps their past and can do nothing more.
        limits: Sorted; at most one for a role or seat.  A role or seat without
            one is held everywhere.  Older events lack it.
    """

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    active: bool
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something, with what they held at that moment.

    Attributes:
        handle: The person; for a token, the person who answers for it.
        via: How they were recognised: `session`, `token:<id>`, `local`
            (somebody with the registry's files in their hands) or `timer` (the
            registry itself, at the time that was agreed to).
        limits: Of the roles and seats, as in `Person`.  Older events lack it.
        reset_at: When somebody else last set the password that they signed in
            with, or that the token's person does; `None` if nobody did.  Older
            events lack it, and tokens of older events have none.
    """

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    via: str
    limits: tuple[Limit, ...] = ()
    reset_at: datetime | None = None

    @property
    def in_person(self) -> bool:
        """Whether it is the person, and not one of their tokens."""
        return not self.via.startswith("token:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who sends a command, before it is looked up what they hold.

    Attributes:
        via: As in `Actor`.
        roles: What the session or token may use of the person's roles;
            `None` for all.  Only a session brings seats along.
        reset_at: As in `Actor`.
        signed_in_at: When they gave the password of the session; `None` for a
            token, and where nobody knows.
    """

    handle: str
    via: str
    roles: frozenset[Role] | None
    reset_at: datetime | None = None
    signed_in_at: datetime | None = None


def recognise(identity: Identity, people: Mapping[str, Person]) -> Actor:
    """The actor, with what the person holds at this moment.

    Raises:
        NotSignedIn: Nobody is called so, or the person is not active.
    """
    if identity.via == TIMER or (identity.handle, identity.via) == (REGISTRY, LOCAL):
        return Actor(handle=REGISTRY, roles=(), seats=(), via=identity.via)
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
        limits=person.limits,
        reset_at=identity.reset_at,
    )


def has(one: Person | Actor, held: Role | str) -> bool:
    """Whether *held* is among the roles of *one*, or among the seats if it is none.

    Older ledgers have seats that are called like roles.
    """
    return held in (one.roles if isinstance(held, Role) else one.seats)


def gains(before: Person, after: Person, held: Role | str) -> bool:
    """Whether *after* holds the role or seat *held* where *before* did not.

    A limit that is lifted or moved counts as a gain: nobody compares patterns.
    """
    if not has(after, held) or not after.active:
        return False
    had = before.active and has(before, held)
    limit = _limit(after, held)
    return not had or limit != _limit(before, held)


def held_in_words(held: Iterable[str], limits: Iterable[Limited]) -> str:
    """What somebody holds, each with where, if that is not everywhere."""
    where = {one.held: _where(one) for one in limits}
    return ", ".join(f"{one} ({where[one]})" if one in where else one for one in held)


def _where(limit: Limited) -> str:
    told = [f"in {', '.join(limit.environments)}"] if limit.environments else []
    told += [f"for {', '.join(limit.names)}"] if limit.names else []
    return " ".join(told)


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
        Invalid: Handle or seats are not well formed, the handle is the
            registry's own, or a role is limited that has no place.  Or somebody
            active is to hold a seat that is called like a role, or a seat as an
            administrator.
    """
    if given.active:
        _check_active(given)
    for limit in given.limits:
        if limit.held in _EVERYWHERE:
            raise Invalid(
                f"the role {limit.held} is held everywhere or not at all",
                hint="Leave the limit out: "
                f"{', '.join(sorted(_EVERYWHERE))} have no place.",
            )
    return person(
        given.handle,
        roles=given.roles,
        seats=given.seats,
        active=given.active,
        limits=given.limits,
    )


def _check_active(given: Person) -> None:
    """What older ledgers may have can still be deactivated."""
    if given.handle == REGISTRY:
        raise Invalid(
            f"{REGISTRY} is the registry itself", hint="Give the person another handle."
        )
    named = sorted(set(given.seats) & set(Role))
    if named:
        raise Invalid(
            f"no seat is called {named[0]}, which is a role",
            hint="Give the role instead, or call the seat something else.",
        )
    if Role.ADMIN in given.roles and given.seats:
        raise Invalid(
            f"{given.handle} cannot be an administrator and hold a seat",
            hint="Whoever gives seats agrees to nothing: give the seat to another "
            "account, held by another person.",
        )


def person(
    handle: str,
    *,
    roles: tuple[Role, ...],
    seats: tuple[str, ...],
    active: bool,
    limits: tuple[Limit, ...] = (),
) -> Person:
    """Make a person whose handle and seats are well formed."""
    return Person(
        handle=check_handle(handle),
        roles=tuple(sorted(set(roles))),
        seats=tuple(sorted({check_handle(seat) for seat in seats})),
        active=active,
        limits=tuple(sorted(limits, key=lambda limit: limit.held)),
    )


def _limit(person: Person, held: str) -> Limit | None:
    return next((limit for limit in person.limits if limit.held == held), None)
