"""Stages: whom a reminder goes to first, and whom when nothing has come of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from registry.notices import (
    Audience,
    Notice,
    Urgency,
    audience,
    notice_id,
    sentence,
    sentences,
)
from registry.people import Role
from registry.policies import Policy, match, policy_subject
from registry.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Attributes:
    name: What tells it from the other stages of a matter.
    at: When its people are told.
    """

    name: str
    at: datetime
    to: Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that people are reminded of, for as long as it is not settled.

    Attributes:
        cause: What makes it one matter and no other.
        stages: In the order of their times.
        bot: As in `Notice`; so are path and due.
    """

    kind: str
    cause: tuple[str, ...]
    environment: str | None
    subject: str
    body: tuple[str, ...]
    path: str
    due: datetime
    stages: tuple[Stage, ...]
    change: int | None = None
    bot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The notices of a matter whose time has come; the newest is the last."""

    notices: tuple[Notice, ...]


def stage(name: str, at: datetime, *handles: str, seats: tuple[str, ...] = ()) -> Stage:
    return Stage(name=name, at=at, to=audience(*handles, seats=seats))


def board(policy: Policy) -> tuple[str, ...]:
    """The seats that have the last word in an environment."""
    governing = match(policy, [policy_subject(policy.environment)])
    return policy.rejecters or tuple(one.seat for one in governing if one.seat)


def administrators(state: State) -> tuple[str, ...]:
    return tuple(
        person.handle
        for person in state.people.values()
        if person.active and Role.ADMIN in person.roles
    )


def operators(state: State) -> tuple[str, ...]:
    return tuple(
        person.handle
        for person in state.people.values()
        if person.active and Role.OPERATOR in person.roles
    )


def reminder(state: State, matter: Matter, now: datetime) -> Reminder | None:
    """What is to be told of *matter* by now; `None` if nothing is yet."""
    stages = _reaching(state, matter.stages)
    notices = tuple(_notice(state, matter, one, now) for one in stages if now >= one.at)
    return Reminder(notices=notices) if notices else None


def unsaid(reminder: Reminder, told: Collection[str]) -> Notice | None:
    """The one notice that is still to go out, if one is.

    Args:
        told: The ids of notices that went out.
    """
    left: list[Notice] = []
    before: set[str] = set()
    for one in reminder.notices:
        left.append(one)
        if one.id in told:  # it has spoken for those before it
            before.update(handle for each in left for handle in each.audience.handles)
            left = []
    if not left:
        return None
    newest = left[-1]
    handles = {handle for one in left for handle in one.audience.handles}
    seats = {seat for one in left for seat in one.audience.seats}
    reminded = f"Reminded before: {', '.join(sorted(before))}." if before else ""
    return replace(
        newest,
        body=sentences(*newest.body, reminded),
        audience=audience(*handles, seats=tuple(seats)),
    )


def _reaching(state: State, stages: tuple[Stage, ...]) -> Iterator[Stage]:
    """The stages that reach somebody; the next one speaks for one that does not."""
    waiting: datetime | None = None
    for one in stages:
        at = one.at if waiting is None else min(waiting, one.at)
        waiting = None if _reaches(state, one.to) else at
        if waiting is None:
            yield replace(one, at=at)
    if waiting is not None:
        yield stage("administrators", waiting, *administrators(state))


def _reaches(state: State, to: Audience) -> bool:
    if any(h in state.people and state.people[h].active for h in to.handles):
        return True
    return any(
        person.active and not set(to.seats).isdisjoint(person.seats)
        for person in state.people.values()
        if to.seats
    )


def _notice(state: State, matter: Matter, one: Stage, now: datetime) -> Notice:
    return Notice(
        id=notice_id(state.repository, matter.kind, *matter.cause, one.name),
        at=now,
        kind=matter.kind,
        environment=matter.environment,
        subject=sentence(matter.subject),
        body=sentences(*matter.body),
        change=matter.change,
        bot=matter.bot,
        path=matter.path,
        audience=one.to,
        urgency=Urgency.NORMAL if one.at < matter.due else Urgency.HIGH,
        by="",
        due=matter.due,
    )
