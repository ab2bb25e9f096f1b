"""Explanations: a policy in words with who holds each seat, and whom an edit needs.

The rules:

 * A policy is explained with the people there are now: who holds each seat that it
   names, for what, and from when on they speak; and with its gaps, also those that
   only the people make.
 * An edit that nobody has made yet is asked about as if it were there: for the
   document and for everything live that uses it, with what is said of the edit, and
   otherwise as what is live says.  The floors hold.
 * Whoever worked on an edit does not agree to it, and nobody knows yet who that is:
   so this says who could at most.
 * A policy that is not in force is explained like one that is: with its own times.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from registry.documents import Tier
from registry.effects import dependents
from registry.floors import floor
from registry.names import Ref, parse_ref
from registry.policies import Matched, Policy, match, policy_subject, subject, union
from registry.policy_gaps import (
    Gap,
    Holder,
    empty_seats,
    gaps,
    holders,
    named_seats,
    quiet_seats,
)
from registry.policy_rules import FactName, Subject
from registry.policy_words import asked, parts, powers_of
from registry.seats import cools_until, held_for
from registry.state import Environment, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """A requirement: its name, and in words whom it asks for what."""

    name: str
    asks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a policy says about one thing, a sentence each."""

    about: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSeat:
    """Attributes:
    powers: What the policy asks of it, and lets it do.
    """

    seat: str
    powers: tuple[str, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A policy in words.

    Attributes:
        settings: What it says beside its requirements.
        seats: Every one that it names.
    """

    environment: str
    requirements: tuple[Asks, ...]
    settings: tuple[Part, ...]
    seats: tuple[HeldSeat, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """An edit that nobody has made yet.

    Attributes:
        document: Or `policy/` and the environment.
        tier: `None`: as what is live says, or `high` if nothing is.
        owners: Beside whoever owns what is live.
    """

    document: str
    tier: Tier | None
    facts: tuple[FactName, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Somebody who could agree, unless they worked on it.

    Attributes:
        seat: In which they could.
        documents: To which of those that are asked about.
    """

    handle: str
    seat: str
    documents: tuple[str, ...]
    speaks_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A requirement that an edit would have.

    Attributes:
        seat: `None`: any, or nobody is asked.
        because: What it is asked for.
        covered: False for what no requirement covers, which never goes live.
        could: Who could meet it.
        enough: Whether for each document as many could as it asks for.
    """

    name: str
    seat: str | None
    count: int
    because: tuple[str, ...]
    covered: bool
    could: tuple[Voice, ...]
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Whom an edit would need.

    Attributes:
        is_live: Whether there is something to edit; else it would be new.
    """

    environment: str
    document: str
    is_live: bool
    tier: Tier
    needs: tuple[Need, ...]


def explain(state: State, policy: Policy, now: datetime) -> Explanation:
    """Raises:
    NotFound: There is no such environment.
    """
    state = _under(state, policy)
    seats = tuple(
        HeldSeat(
            seat=seat,
            powers=powers_of(policy, seat),
            holders=tuple(_holders(state, policy, seat, now)),
        )
        for seat in named_seats(policy)
    )
    people = state.people.values()
    return Explanation(
        environment=policy.environment,
        requirements=tuple(Asks(name=n, asks=words) for n, words in asked(policy)),
        settings=tuple(
            Part(about=what, sentences=told) for what, told in parts(policy)
        ),
        seats=seats,
        gaps=(
            *gaps(policy, now),
            *empty_seats(policy, people),
            *quiet_seats(policy, {one.seat: one.holders for one in seats}),
        ),
    )


def needs(state: State, policy: Policy, edit: Supposed, now: datetime) -> Needs:
    """Raises:
    NotFound: There is no such environment.
    Invalid: The document's name is none.
    """
    in_force = state.environment(policy.environment)
    state = _under(state, policy)
    if edit.document == f"policy/{policy.environment}":
        about = [policy_subject(policy.environment)]
        wanted = union(match(in_force.policy, about), match(policy, about))
        is_live, tier = True, Tier.HIGH
    else:
        name = parse_ref(edit.document)
        live, is_live = in_force.live.get(name), name in in_force.live
        tier = edit.tier or (live.document.tier if live else Tier.HIGH)
        wanted = match(policy, _subjects(in_force, name, tier, edit))
    least = floor(policy.environment, wanted)
    every = (*wanted, *([least] if least else []))
    return Needs(
        environment=policy.environment,
        document=edit.document,
        is_live=is_live,
        tier=tier,
        needs=tuple(_need(state, policy, one, now) for one in every),
    )


def _under(state: State, policy: Policy) -> State:
    """*state* as if the policy were in force."""
    name = policy.environment
    environment = replace(state.environment(name), policy=policy)
    return replace(state, environments=state.environments.insert(name, environment))


def _holders(
    state: State, policy: Policy, seat: str, now: datetime
) -> Iterator[Holder]:
    for handle in holders(policy, state.people.values(), seat):
        limits = state.people[handle].limits
        yield Holder(
            handle=handle,
            names=next((one.names for one in limits if one.held == seat), ()),
            speaks_from=_speaks_from(state, handle, seat, policy.environment, now),
        )


def _speaks_from(
    state: State, handle: str, seat: str, environment: str, now: datetime
) -> datetime | None:
    until = cools_until(state, handle, seat, environment)
    return until if until is not None and now < until else None


def _subjects(
    environment: Environment, name: Ref, tier: Tier, edit: Supposed
) -> Iterator[Subject]:
    """The document and what uses it, of which everything is true as well."""
    for each in dependents(environment, [name]):
        live = environment.live.get(each)
        owners = {live.document.owner} if live else set()
        if each == name:
            owners |= set(edit.owners)
            yield subject(each, tier, edit.facts, tuple(sorted(owners)))
        elif live is not None:
            yield subject(each, live.document.tier, edit.facts, tuple(sorted(owners)))


def _need(state: State, policy: Policy, one: Matched, now: datetime) -> Need:
    could = tuple(_voices(state, policy, one, now)) if one.covered else ()
    return Need(
        name=one.name,
        seat=one.seat,
        count=one.count,
        because=one.because,
        covered=one.covered,
        could=could,
        enough=one.covered
        and all(
            len({v.handle for v in could if what in v.documents}) >= one.count
            for what in one.because
        ),
    )


def _voices(
    state: State, policy: Policy, one: Matched, now: datetime
) -> Iterator[Voice]:
    if not one.count:
        return
    environment = policy.environment
    for handle in sorted(state.people):
        seats = state.people[handle].seats if one.seat is None else (one.seat,)
        for seat in seats:
            found = held_for(
                state, handle, seat, environment=environment, because=one.because
            )
            if found:
                yield Voice(
                    handle=handle,
                    seat=seat,
                    documents=found,
                    speaks_from=_speaks_from(state, handle, seat, environment, now),
                )
                break
