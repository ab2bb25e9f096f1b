"""Appointments: beginning a registry, and who holds which role and seat.

* A registry begins with its policies and its first people, in one event.
* An administrator gives and takes roles and seats, never their own: so there
  is always another one who agreed to what somebody may do, and always one
  administrator left.
"""

from registry import commands
from registry.decisions import Decision, Situation, policy_path
from registry.documents import dump
from registry.errors import Conflict, Invalid, NotAllowed
from registry.names import digest_of
from registry.payloads import FORMAT, EnvironmentPolicy, PersonSet, RegistryCreated
from registry.people import Person, Role, check_person

PEOPLE_PATH = "people.yaml"
REGISTRY_PATH = "registry.json"


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
    files[PEOPLE_PATH] = _people_file(people)
    files[REGISTRY_PATH] = (
        f'{{"epoch": 1, "format": {FORMAT}, "repository": "{command.repository}"}}\n'
    ).encode()
    return Decision(
        payload=payload,
        subject="Begin the registry",
        trailers=(("Repository", command.repository),),
        files=files,
    )


def _check_first(command: commands.Create, people: dict[str, Person]) -> None:
    if not any(p.active and Role.ADMIN in p.roles for p in people.values()):
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
    actor = situation.actor
    actor.require("manage people", Role.ADMIN)
    person = check_person(command.person)
    if person.handle == actor.handle:
        raise NotAllowed(
            "nobody changes their own roles or seats",
            hint="Another administrator has to do it.",
        )
    if situation.state.people.get(person.handle) == person:
        raise Conflict(
            f"{person.handle} holds exactly that already",
            hint="There is nothing to change.",
        )
    people = {**situation.state.people, person.handle: person}
    held = ", ".join([*person.roles, *person.seats]) or "nothing"
    return Decision(
        payload=PersonSet(person=person),
        subject=f"Let {person.handle} hold {held}"
        if person.active
        else f"Deactivate {person.handle}",
        trailers=(("Person", person.handle),),
        files={PEOPLE_PATH: _people_file(people)},
    )


def _people_file(people: dict[str, Person]) -> bytes:
    return dump(
        {
            handle: {
                "roles": [str(role) for role in person.roles],
                "seats": list(person.seats),
                "active": person.active,
            }
            for handle, person in sorted(people.items())
        }
    )
