"""Administrators: what takes a second one, and who that may be.

* What gives power is confirmed by an administrator who neither asked for it nor is
  given it.
* What would leave one administrator is asked for as well: with one of them nobody
  could be given anything any more.  Whom it is about may confirm it, where it gives
  them nothing: else there would be nobody.
"""

from registry.people import Person, Role, gains
from registry.state import AskedFor, State

_POWERS = {Role.EVALUATOR, Role.OPERATOR, Role.ADMIN}
"""The roles that take a second administrator; all seats do."""


def takes_two(role: Role) -> bool:
    """Whether giving it takes a second administrator."""
    return role in _POWERS


def powers_gained(before: Person | None, after: Person) -> tuple[str, ...]:
    """What *after* holds that needs a second administrator, and *before* did not."""
    had = before or Person(handle=after.handle, roles=(), seats=(), active=False)
    held = (*filter(takes_two, after.roles), *after.seats)
    return tuple(one for one in held if gains(had, after, one))


def leaves_one(state: State, person: Person) -> bool:
    """Whether one administrator would be left, where there are more now."""
    there = [one for one in state.people.values() if administers(one)]
    left = [one for one in there if one.handle != person.handle]
    return len(left) == 1 < len(there) and not administers(person)


def administers(person: Person) -> bool:
    return person.active and Role.ADMIN in person.roles


def could_confirm(state: State, asked: AskedFor) -> tuple[str, ...]:
    """The administrators who may agree to what was asked for."""
    whom, before = asked.person, state.people.get(asked.person.handle)
    agrees = leaves_one(state, whom) and not powers_gained(before, whom)
    return tuple(
        handle
        for handle, one in sorted(state.people.items())
        if administers(one) and handle != asked.by and (handle != whom.handle or agrees)
    )
