"""People and policies as people see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.appointments import is_asked
from registry.db.operations import Account
from registry.names import Digest
from registry.people import SESSION, Identity, Limit, Role, recognise
from registry.people_file import held_digest
from registry.policies import Policy
from registry.seats import Cooling, cooling_seats
from registry.state import AskedFor, State


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody, and what they hold.

    Attributes:
        limits: Where a role or seat is held, if not everywhere.
        digest: Of what they hold and of what is asked for them, whoever reads it.
        name: Only administrators see it, and `email`; `None` for others.
        asked_for: What waits for another administrator; `None` for nothing.
        cooling: Seats that were given lately, and from when on each speaks where; not
            what cools down because somebody else has set the password.
    """

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    active: bool
    limits: tuple[Limit, ...]
    digest: Digest
    name: str | None
    email: str | None
    asked_for: AskedFor | None
    cooling: tuple[Cooling, ...]


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


def person_view(
    state: State,
    handle: str,
    accounts: Mapping[str, Account] | None,
    now: datetime,
) -> PersonView:
    """Somebody who is known, or for whom something is asked.

    Args:
        accounts: `None` for whoever may not see them.
    """
    account = accounts.get(handle) if accounts is not None else None
    person = state.people.get(handle)
    asked = state.asked_for.get(handle)
    waits = asked is not None and is_asked(state, asked, now)
    return PersonView(
        handle=handle,
        roles=person.roles if person else (),
        seats=person.seats if person else (),
        active=person.active if person else False,
        limits=person.limits if person else (),
        digest=held_digest(state, handle),
        name=account.name if account else None,
        email=account.email if account else None,
        asked_for=asked if waits else None,
        cooling=_cooling(state, handle, now),
    )


def _cooling(state: State, handle: str, now: datetime) -> tuple[Cooling, ...]:
    person = state.people.get(handle)
    if person is None or not person.active:
        return ()
    identity = Identity(handle=handle, via=SESSION, roles=None)
    return cooling_seats(state, recognise(identity, state.people), now)
