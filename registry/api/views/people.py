"""People and policies as people see them."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.db.operations import Account
from registry.names import Digest
from registry.people import Person, Role
from registry.policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody, and what they hold.

    Attributes:
        name: Only administrators see it, and `email`; `None` for others.
    """

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    active: bool
    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """The policy in force in one environment.

    Attributes:
        since: The number of the event that put it in force.
        source: As its author wrote it.
        policy: What it means.
    """

    environment: str
    digest: Digest
    since: int
    source: str
    policy: Policy


def person_view(person: Person, accounts: Mapping[str, Account] | None) -> PersonView:
    """Args:
    accounts: `None` for whoever may not see them.
    """
    account = accounts.get(person.handle) if accounts is not None else None
    return PersonView(
        handle=person.handle,
        roles=person.roles,
        seats=person.seats,
        active=person.active,
        name=account.name if account else None,
        email=account.email if account else None,
    )
