"""Appointments: beginning a registry, and who holds which role and seat.

* A registry begins with its policies and its first people, in one event.
* An administrator takes roles and seats away at once, and never changes their own:
  so there is always one administrator left.
* Where only one would be left, it is asked for like power, and whom it is about may
  confirm it: with one administrator nobody could be given anything any more.
* Whatever lets somebody agree, vouch for a change, move what is live, or manage
  people needs a second administrator: one asks for it, another one confirms it.
  Neither is the person who is given it.  Nothing else about the person may change
  in between.
* Making somebody active again is such a thing, whatever they hold; and so is an
  account for a handle that something live names already: whoever answers for a bot
  stops it and rolls it back without any role.
* Whoever asks is still an administrator when it is confirmed, within seven days.
* Whose password somebody else has just set neither asks nor confirms: it could be
  the same hand twice.
* Whoever has read what somebody holds can say so: if they hold something else by
  then, or something else is asked for them, nothing is set.
* Registering the first people of a registry takes its files in one's hands, and
  is one event.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from registry import commands
from registry.administrators import (
    administers,
    could_confirm,
    leaves_one,
    powers_gained,
)
from registry.answerable import answered_for
from registry.authorization import Action, authorize
from registry.decisions import Decision, Situation, check_text, policy_path
from registry.epochs import REGISTRY_PATH, registry_file
from registry.errors import Conflict, ContentMoved, Invalid, NotAllowed, NotFound
from registry.names import digest_of
from registry.payloads import (
    FORMAT,
    EnvironmentPolicy,
    PersonProposed,
    PersonRefused,
    PersonSet,
    RegistryCreated,
)
from registry.people import Person, check_person
from registry.people_file import PEOPLE_PATH, held_digest, people_file
from registry.seats import refuse_reset_anywhere
from registry.state import AskedFor, State
from registry.times import said

ASKED_DAYS = 7


def create(situation: Situation, command: commands.Create) -> Decision:
    if situation.state.head.number:
        raise Conflict(
            "the ledger has begun already", hint="Choose an empty folder for a new one."
        )
    people = {p.handle: p for p in map(check_person, command.people)}
    _check_first(command, people)
    payload = RegistryCreated(
        format=FORMAT,
        repository=command.repository,
        epoch=1,
        environments=tuple(
            EnvironmentPolicy(
                environment=text.policy.environment,
                policy=text.policy,
                digest=digest_of(text.source),
            )
            for text in command.policies
        ),
        people=tuple(person for _, person in sorted(people.items())),
    )
    files: dict[str, bytes | None] = {
        policy_path(text.policy.environment): text.source for text in command.policies
    }
    files[PEOPLE_PATH] = people_file(people)
    files[REGISTRY_PATH] = registry_file(epoch=1, repository=command.repository)
    return Decision(
        payload=payload,
        subject="Begin the registry",
        trailers=(("Repository", command.repository),),
        files=files,
    )


def _check_first(command: commands.Create, people: dict[str, Person]) -> None:
    if not any(map(administers, people.values())):
        raise Invalid(
            "a registry needs an administrator",
            hint="Give the role admin to at least one active person.",
        )
    if len(people) != len(command.people):
        raise Invalid("two people have the same handle", hint="Name each person once.")
    environments = [text.policy.environment for text in command.policies]
    if not environments or len(environments) != len(set(environments)):
        raise Invalid(
            "a registry needs environments, each with one policy",
            hint="Write one policy file for each environment.",
        )


def set_person(situation: Situation, command: commands.SetPerson) -> Decision:
    """What takes something away is done at once; what gives power is asked for."""
    person = check_person(command.person)
    _check_limits(situation.state, person)
    _check_appointer(situation, person.handle)
    _refuse_moved(situation.state, command)
    if situation.state.people.get(person.handle) == person:
        raise Conflict(
            f"{person.handle} holds exactly that already",
            hint="There is nothing to change.",
        )
    asks = _takes_another(situation, person)
    if asks is None:
        return _set(situation, person, proposed=None)
    refuse_reset_anywhere(situation.state, situation.actor, situation.now)
    return Decision(
        payload=PersonProposed(person=person),
        subject=f"Ask to {asks}",
        trailers=(("Person", person.handle),),
        files={},
    )


def confirm_person(situation: Situation, command: commands.ConfirmPerson) -> Decision:
    asked = _asked_for(situation, command.handle, command.proposed)
    authorize(situation.actor, Action.MANAGE_PEOPLE)
    could = could_confirm(situation.state, asked)
    if situation.actor.handle not in could:
        _check_appointer(situation, command.handle)
    refuse_reset_anywhere(situation.state, situation.actor, situation.now)
    if not is_asked(situation.state, asked, situation.now):
        raise Conflict(
            f"{asked.by} asked for it on {said(asked.at)}, and that is void",
            hint=f"It counts for {ASKED_DAYS} days, while {asked.by} is an active "
            "administrator: have it asked for again.",
        )
    if asked.by == situation.actor.handle:
        raise NotAllowed(
            f"{asked.by} asked for it, and does not confirm it as well",
            hint="Another administrator has to: "
            + (", ".join(could) or "there is none")
            + ".",
        )
    return _set(situation, asked.person, proposed=asked.number)


def refuse_person(situation: Situation, command: commands.RefusePerson) -> Decision:
    """Whoever asked for it may take it back."""
    asked = _asked_for(situation, command.handle, command.proposed)
    authorize(situation.actor, Action.MANAGE_PEOPLE)
    return Decision(
        payload=PersonRefused(
            handle=command.handle,
            proposed=asked.number,
            reason=check_text(command.reason, "refusing"),
        ),
        subject=f"Refuse what was asked for {command.handle}",
        trailers=(("Person", command.handle),),
        files={},
    )


def open_until(asked: AskedFor) -> datetime:
    """From then on what was asked for has to be asked for again."""
    return asked.at + timedelta(days=ASKED_DAYS)


def is_asked(state: State, asked: AskedFor, now: datetime) -> bool:
    """Whether another administrator could still confirm *asked*."""
    by = state.people.get(asked.by)
    return now < open_until(asked) and by is not None and administers(by)


def still_asked(state: State, now: datetime) -> Iterator[AskedFor]:
    """Everything that waits for another administrator."""
    return (one for one in state.asked_for.values() if is_asked(state, one, now))


def _takes_another(situation: Situation, person: Person) -> str | None:
    """What needs a second administrator, in words; `None` if it is done at once."""
    handle = person.handle
    known = situation.state.people.get(handle)
    given = powers_gained(known, person)
    if given:
        return f"let {handle} hold {', '.join(given)}"
    if leaves_one(situation.state, person):
        return f"leave one administrator, without {handle}"
    if not person.active or (known is not None and known.active):
        return None
    if known is not None:
        return f"make {handle} active again"
    live = answered_for(situation.state, situation.documents, handle)
    first = next(live, None)
    return None if first is None else f"let {handle} be there, who answers for {first}"


def _set(situation: Situation, person: Person, *, proposed: int | None) -> Decision:
    people = {**situation.state.people, person.handle: person}
    held = ", ".join([*person.roles, *person.seats]) or "nothing"
    return Decision(
        payload=PersonSet(person=person, proposed=proposed),
        subject=f"Let {person.handle} hold {held}"
        if person.active
        else f"Deactivate {person.handle}",
        trailers=(("Person", person.handle),),
        files={PEOPLE_PATH: people_file(people)},
    )


def _refuse_moved(state: State, command: commands.SetPerson) -> None:
    handle = command.person.handle
    if command.expected not in {None, held_digest(state, handle)}:
        raise ContentMoved(
            f"{handle} holds something else now than what you read, or something else "
            "is asked for them",
            hint="Read again what they hold, and decide on that.",
        )


def _check_appointer(situation: Situation, handle: str) -> None:
    authorize(situation.actor, Action.MANAGE_PEOPLE)
    if handle == situation.actor.handle:
        raise NotAllowed(
            "nobody changes their own roles or seats",
            hint="Another administrator has to do it.",
        )


def _check_limits(state: State, person: Person) -> None:
    held = {*person.roles, *person.seats}
    named = [limit.held for limit in person.limits]
    twice = sorted({one for one in named if named.count(one) > 1})
    if twice:
        raise Invalid(
            f"{twice[0]} is limited twice",
            hint="Put all environments and all names into one limit.",
        )
    for one in sorted(set(named) - held):
        raise Invalid(
            f"{person.handle} is not to hold {one[:64]!r}, which is limited",
            hint="Leave the limit out, or give the role or seat with it.",
        )
    for limit in person.limits:
        if not limit.environments and not limit.names:
            raise Invalid(
                f"the limit of {limit.held} says nothing",
                hint="Name environments or patterns of names, or leave it out.",
            )
        for environment in limit.environments:
            state.environment(environment)


def _asked_for(situation: Situation, handle: str, proposed: int) -> AskedFor:
    """Void or not: what is void can be refused, and be gone."""
    asked = situation.state.asked_for.get(handle)
    if asked is None or asked.number != proposed:
        raise NotFound(
            f"nothing is asked for {handle[:64]} in event {proposed}",
            hint="`placet people list` shows what waits for another administrator.",
        )
    return asked
