"""People: who may do what, and the tokens that act for them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Where a role or a seat is held; what is empty is everywhere."""

    held: str
    environments: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody is to hold."""

    handle: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    active: bool
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What waits for another administrator; `number` is the event's."""

    person: Wanted
    by: str
    at: datetime
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """A seat that speaks in *environment* from *until* on."""

    seat: str
    environment: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Attributes:
    name: As `email`, told to administrators only.
    digest: Of what they hold and of what is asked for them; empty for nobody yet.
    """

    handle: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    active: bool
    limits: tuple[Limit, ...] = ()
    name: str | None = None
    email: str | None = None
    asked_for: AskedFor | None = None
    cooling: tuple[Cooling, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Attributes:
    allows: What it lets somebody do, in words.
    takes_two: Whether another administrator has to confirm it.
    may: The acts that belong to it.
    """

    role: str
    allows: str
    takes_two: bool
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a token can be for."""

    scope: str
    allows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What people and tokens can be given.

    Attributes:
        asked_days: For so long another administrator can confirm what was asked for.
    """

    roles: tuple[Role, ...]
    scopes: tuple[Scope, ...]
    asked_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A machine's token, without its secret.

    Attributes:
        handle: The person who answers for it.
        environments: What it may read; empty for all.
        bots: The bots that it may read; empty for all.
        made_by: `None` where that was not written down.
        last_used: About when; `None` for never, as far as is known.
    """

    id: str
    handle: str
    purpose: str
    scope: str
    environments: tuple[str, ...]
    bots: tuple[str, ...]
    made: datetime
    expires: datetime
    revoked: datetime | None
    made_by: str | None
    last_used: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token as it is told once, when it is made."""

    id: str
    token: str


class People:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Person]:
        return self._connection.items("/v1/people", Person, limit=None)

    def roles(self) -> Roles:
        return self._connection.get("/v1/roles", Roles)

    def set(
        self, person: Person, *, expected: str | None = None, key: str | None = None
    ) -> Person:
        """Let *person* hold exactly what it says; `None` leaves a name as it is.

        Args:
            expected: The digest of what they held when it was read.

        Returns:
            What they hold now, and what waits for another administrator.
        """
        said = {k: v for k, v in asdict(person).items() if v is not None}
        del said["handle"]
        for told in ("asked_for", "cooling", "digest"):
            said.pop(told, None)
        if expected is not None:
            said["expected"] = expected
        path = place("v1", "people", person.handle)
        return self._connection.put(path, said, Person, key=key)

    def confirm(self, handle: str, proposed: int, *, key: str | None = None) -> Person:
        """Args:
        proposed: The number of the event in which it was asked for.
        """
        path = place("v1", "people", handle, "confirmation")
        return self._connection.post(path, {"proposed": proposed}, Person, key=key)

    def refuse(
        self, handle: str, proposed: int, reason: str, *, key: str | None = None
    ) -> Person:
        path = place("v1", "people", handle, "refusal")
        body = {"proposed": proposed, "reason": reason}
        return self._connection.post(path, body, Person, key=key)

    def set_password(
        self, handle: str, password: str, *, current: str | None = None
    ) -> None:
        """Args:
        current: The present password; needed for one's own.
        """
        path = place("v1", "people", handle, "password")
        body = {"password": password, "current": current}
        self._connection.command_once(path, body)


class Tokens:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Token]:
        return self._connection.items("/v1/tokens", Token, limit=None)

    def make(
        self,
        *,
        purpose: str,
        scope: str,
        environments: tuple[str, ...],
        bots: tuple[str, ...],
        days: int,
        handle: str | None = None,
    ) -> NewToken:
        """Args:
        handle: Who answers for it, if an administrator makes it for somebody.
        """
        body = {
            "purpose": purpose,
            "scope": scope,
            "environments": environments,
            "bots": bots,
            "days": days,
            "handle": handle,
        }
        return self._connection.post_once("/v1/tokens", body, NewToken)

    def revoke(self, token: str) -> None:
        """Args:
        token: Its id, not its secret.
        """
        self._connection.delete(place("v1", "tokens", token))
