"""Seats: who may speak in one, about what, and from when on.

* Whoever holds a seat at this moment, is active, and holds it for every document
  in question: a limit to environments or names has to cover all of them.  A limit
  to names covers no policy, which is about every name.
* A seat that was given, or a password that somebody else has set, cools down
  first, for as long as the environment's policy says.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from registry.errors import NotAllowed
from registry.people import Actor, Limit, Person
from registry.state import State


def speaks(
    state: State,
    handle: str,
    seat: str,
    *,
    environment: str,
    because: Iterable[str],
    now: datetime,
) -> bool:
    """Whether *handle* speaks for *seat* about all of *because*."""
    because = tuple(because)
    found = spoken_for(
        state, handle, seat, environment=environment, because=because, now=now
    )
    return holds(state, handle, seat) and len(found) == len(because)


def spoken_for(
    state: State,
    handle: str,
    seat: str,
    *,
    environment: str,
    because: tuple[str, ...],
    now: datetime,
) -> tuple[str, ...]:
    """Those of *because* about which *handle* speaks for *seat* now."""
    cooled = cools_until(state, handle, seat, environment)
    if cooled is not None and now < cooled:
        return ()
    return held_for(state, handle, seat, environment=environment, because=because)


def held_for(
    state: State, handle: str, seat: str, *, environment: str, because: tuple[str, ...]
) -> tuple[str, ...]:
    """Those of *because* for which *handle* holds *seat*, cooled down or not."""
    if not holds(state, handle, seat):
        return ()
    limit = _limit(state.people[handle], seat)
    if limit is None:
        return because
    return tuple(what for what in because if _covers(limit, environment, what))


def holds(state: State, handle: str, seat: str) -> bool:
    """Whether *handle* holds *seat* for anything at all."""
    person = state.people.get(handle)
    return person is not None and person.active and seat in person.seats


def cools_until(
    state: State, handle: str, seat: str, environment: str
) -> datetime | None:
    """When a seat that was given speaks; `None` where nothing cools down.

    What somebody held when the registry began never did.
    """
    since, cooling = state.held_since.get((handle, seat)), _cooling(state, environment)
    return since + cooling if since is not None and cooling else None


def refuse_cooling(
    state: State, actor: Actor, environment: str, seat: str, now: datetime
) -> None:
    """Raises:
    NotAllowed: The actor's seat, or their password, is too new.
    """
    cooling = _cooling(state, environment)
    for what, since in (
        (f"the seat {seat}", state.held_since.get((actor.handle, seat))),
        ("the password", actor.reset_at),
    ):
        if since is not None and cooling and now < since + cooling:
            raise NotAllowed(
                f"{what} of {actor.handle} was given by somebody else at "
                f"{since.isoformat()}, and cools down",
                hint=f"It speaks from {(since + cooling).isoformat()} on; until then "
                "somebody else has to.",
            )


def _limit(person: Person, seat: str) -> Limit | None:
    return next((one for one in person.limits if one.held == seat), None)


def _covers(limit: Limit, environment: str, what: str) -> bool:
    kind, _, name = what.partition("/")
    if kind == "policy" and limit.names:
        return False
    return limit.covers(environment, name)


def _cooling(state: State, environment: str) -> timedelta:
    return timedelta(hours=state.environment(environment).policy.seat_hours)
