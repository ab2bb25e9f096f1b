"""Simulation: which changes another policy would decide differently.

The rules:

 * Asked of the open changes of an environment, and of the last ones that went live
   there: each is decided twice, by the policy in force and by the other one, with
   the same documents, facts and votes.  What differs is told, in sentences.
 * An open change is decided now, with who holds which seat now; one that went live
   is decided at the moment when it did, and everybody who voted holds the seat in
   which they voted.
 * The floors hold in a simulation, too.
 * Nothing is written.  That a policy that comes into force makes every open change
   stale is true of each, and is not told of each.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from rpds import HashTrieMap

from registry.changes import Change, Outcome
from registry.decision_differences import Decided, Told, differences
from registry.effects import Documents
from registry.errors import Invalid
from registry.people import Person
from registry.policies import Policy, match, union
from registry.required_checks import check_standings, subjects_of
from registry.standing import is_agreed, requirements
from registry.state import State
from registry.timing import frozen_by
from registry.votes import counting_votes

MAX_LAST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A change that would be decided differently.

    Attributes:
        activated_at: `None` while it is open.
    """

    change: int
    title: str
    activated_at: datetime | None
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Attributes:
    open: How many open changes were looked at.
    activated: How many that went live were.
    differing: Open ones first, then the latest first.
    """

    environment: str
    open: int
    activated: int
    differing: tuple[Differing, ...]


def simulate(
    state: State, policy: Policy, documents: Documents, now: datetime, *, last: int
) -> Simulation:
    """Args:
    policy: The other one; it names the environment.
    documents: Every text there has been.
    last: How many changes that went live are looked at, at most.

    Raises:
        NotFound: There is no such environment.
        Invalid: *last* is below 0 or above 1,000.
    """
    if not 0 <= last <= MAX_LAST:
        raise Invalid(
            f"{last:,} is no number of changes to look at",
            hint=f"Ask for 0 to {MAX_LAST:,}.",
        )
    name = state.environment(policy.environment).name
    pending = [state.changes[n] for n in sorted(state.open_changes)]
    pending = [
        one for one in pending if one.environment == name and now < one.revision.expires
    ]
    gone = _activated(state, name, last)
    found = [
        *(_differing(state, one, policy, documents, now) for one in pending),
        *(
            _differing(as_decided(state, one), one, policy, documents, now)
            for one in gone
        ),
    ]
    return Simulation(
        environment=name,
        open=len(pending),
        activated=len(gone),
        differing=tuple(one for one in found if one.told),
    )


def _activated(state: State, environment: str, last: int) -> list[Change]:
    """The latest first."""
    gone = [
        change
        for change in state.changes.values()
        if change.environment == environment and change.outcome is Outcome.ACTIVATED
    ]
    gone.sort(key=lambda change: (change.closed_at, change.id), reverse=True)
    return gone[:last]


def as_decided(state: State, change: Change) -> State:
    """*state* with everybody who voted on *change* in the seat of their vote.

    So that what was decided does not change with who holds which seat since.
    """
    people: HashTrieMap[str, Person] = state.people
    for vote in counting_votes(change):
        known = people[vote.by]
        seats = tuple(sorted({*known.seats, vote.seat}))
        people = people.insert(vote.by, replace(known, active=True, seats=seats))
    return replace(state, people=people, held_since=HashTrieMap())


def _differing(
    state: State, change: Change, policy: Policy, documents: Documents, now: datetime
) -> Differing:
    at = change.closed_at or now
    in_force = state.environments[change.environment].policy
    before = _decided(state, change, in_force, documents, at)
    after = _decided(state, change, policy, documents, at)
    return Differing(
        change=change.id,
        title=change.revision.title,
        activated_at=change.closed_at,
        told=tuple(differences(before, after)),
    )


def _decided(
    state: State, change: Change, policy: Policy, documents: Documents, at: datetime
) -> Decided:
    """What *policy* makes of *change*, which is taken as open."""
    gone = change.outcome is not None
    name = change.environment
    environment = replace(state.environments[name], policy=policy)
    state = replace(state, environments=state.environments.insert(name, environment))
    asked = match(policy, subjects_of(state, change, documents))
    proposed = change.revision.proposed_policy
    if proposed is not None:
        about = subjects_of(state, change, documents)
        asked = union(asked, match(proposed.policy, about))
    revision = replace(change.revision, requirements=asked)
    change = replace(change, revisions=(*change.revisions[:-1], revision), outcome=None)
    stand = requirements(state, change, at)
    own = () if gone else None  # what is live now says nothing of what went live then
    checks = check_standings(state, change, documents, at, own)
    windows = frozen_by(state, change, at)
    return Decided(
        change=change,
        policy=policy,
        asked=asked,
        stand=stand,
        agreed=is_agreed(change, stand),
        unchecked=tuple(
            (one.name, _without(one.why, one.could_waive))
            for one in checks
            if not one.met
        ),
        frozen=windows[0].freeze.name if windows else None,
    )


def _without(why: str, could: tuple[str, ...]) -> str:
    who = f"{', '.join(could)} could do without it" if could else "nobody may waive it"
    return f"{why} {who}."
