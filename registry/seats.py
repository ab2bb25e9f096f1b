"""Seats: who may speak in one, about what, and from when on.

* Whoever holds a seat at this moment, is active and no administrator, and holds it
  for every document in question: a limit to environments or names has to cover all
  of them.  A limit to names covers no policy, which is about every name.
* A seat that was given, or a password that somebody else has set, cools down
  first, for as long as the environment's policy says.  Such a password waits a day at
  least in production, whatever the policy says: whoever set it could vote with it.
* For managing people it waits a day at least, and as long as the longest of these,
  but no more than a week: the policy of one environment locks nobody out of the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.errors import NotAllowed
from registry.floors import PRODUCTION, RESET_HOURS
from registry.people import Actor, Limit, Person, Role
from registry.state import State
from registry.times import said

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """A seat that speaks in *environment* from *until* on."""

    seat: str
    environment: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Soon:
    """Somebody who speaks from *until* on, and then about what."""

    handle: str
    until: datetime
    about: tuple[str, ...]


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
    return holds_seat(state, handle, seat) and len(found) == len(because)


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
    if not has_cooled(state, handle, seat, environment, now):
        return ()
    return held_for(state, handle, seat, environment=environment, because=because)


def held_for(
    state: State, handle: str, seat: str, *, environment: str, because: tuple[str, ...]
) -> tuple[str, ...]:
    """Those of *because* for which *handle* holds *seat*, cooled down or not."""
    if not holds_seat(state, handle, seat):
        return ()
    limit = _limit(state.people[handle], seat)
    if limit is None:
        return because
    return tuple(what for what in because if _covers(limit, environment, what))


def holds_seat(state: State, handle: str, seat: str) -> bool:
    """Whether *handle* holds *seat* for anything at all."""
    person = state.people.get(handle)
    return (
        person is not None
        and person.active
        and seat in person.seats
        and Role.ADMIN not in person.roles
    )


def cools_until(
    state: State, handle: str, seat: str, environment: str
) -> datetime | None:
    """When a seat that was given speaks; `None` where nothing cools down.

    What somebody held when the registry began never did.
    """
    since = state.held_since.get((handle, seat))
    return _end(since, _cooling(state, environment))


def speaking_soon(
    state: State,
    seats: Mapping[str, Iterable[str]],
    *,
    environment: str,
    because: tuple[str, ...],
    now: datetime,
) -> tuple[Soon, ...]:
    """Those who will speak about some of *because* once a seat has cooled down.

    Args:
        seats: In which of theirs, by handle.
    """
    found = []
    for handle, held in sorted(seats.items()):
        first: Soon | None = None
        for seat in held:
            until = cools_until(state, handle, seat, environment)
            about = held_for(
                state, handle, seat, environment=environment, because=because
            )
            if until is None or now >= until or not about:
                continue
            if first is None or until < first.until:
                first = Soon(handle=handle, until=until, about=about)
        if first is not None:
            found.append(first)
    return tuple(found)


def has_cooled(
    state: State, handle: str, seat: str, environment: str, now: datetime
) -> bool:
    until = cools_until(state, handle, seat, environment)
    return until is None or now >= until


def refuse_cooling(
    state: State, actor: Actor, environment: str, seat: str, now: datetime
) -> None:
    """Raises:
    NotAllowed: The actor's seat, or their password, is too new.
    """
    since = state.held_since.get((actor.handle, seat))
    wait = _cooling(state, environment)
    _refuse_new(f"the seat {seat}", actor, since, wait, now)
    refuse_reset(state, actor, environment, now)


def refuse_reset(state: State, actor: Actor, environment: str, now: datetime) -> None:
    """Raises:
    NotAllowed: Somebody else has just set the actor's password.
    """
    wait = _reset_wait(state, environment)
    _refuse_new("the password", actor, actor.reset_at, wait, now)


def refuse_reset_anywhere(state: State, actor: Actor, now: datetime) -> None:
    """For what is about the registry as a whole: the longest wait up to a week counts.

    Raises:
        NotAllowed: Somebody else has just set the actor's password.
    """
    longest = max([_DAY, *(_cooling(state, name) for name in state.environments)])
    _refuse_new("the password", actor, actor.reset_at, min(longest, _WEEK), now)


def cooling_seats(state: State, actor: Actor, now: datetime) -> tuple[Cooling, ...]:
    """The seats of *actor* that do not speak yet, each where it is held."""
    found = []
    limits = {one.held: one.environments for one in actor.limits}
    for seat in actor.seats:
        held_in = limits.get(seat) or tuple(state.environments)
        for environment in filter(held_in.__contains__, state.environments):
            given = cools_until(state, actor.handle, seat, environment)
            reset = _end(actor.reset_at, _reset_wait(state, environment))
            until = max(filter(None, (given, reset)), default=now)
            if now < until:
                found.append(Cooling(seat=seat, environment=environment, until=until))
    return tuple(sorted(found, key=lambda one: (one.seat, one.environment)))


def _refuse_new(
    what: str, actor: Actor, since: datetime | None, wait: timedelta, now: datetime
) -> None:
    until = _end(since, wait)
    if since is not None and until is not None and now < until:
        raise NotAllowed(
            f"{what} of {actor.handle} was given by somebody else at "
            f"{said(since)}, and cools down",
            hint=f"It speaks from {said(until)} on; until then somebody else has to.",
        )


def _end(since: datetime | None, wait: timedelta) -> datetime | None:
    """When the *wait* is over; `None` where nothing cools down."""
    return since + wait if since is not None and wait else None


def _limit(person: Person, seat: str) -> Limit | None:
    return next((one for one in person.limits if one.held == seat), None)


def _covers(limit: Limit, environment: str, what: str) -> bool:
    kind, _, name = what.partition("/")
    if kind == "policy" and limit.names:
        return False
    return limit.covers(environment, name)


def _reset_wait(state: State, environment: str) -> timedelta:
    """How long a password waits that somebody else has set."""
    floor = RESET_HOURS if environment == PRODUCTION else 0
    return max(timedelta(hours=floor), _cooling(state, environment))


def _cooling(state: State, environment: str) -> timedelta:
    return timedelta(hours=state.environment(environment).policy.seat_hours)
