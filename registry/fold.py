"""Folding events into the state.

`apply` takes a state and the next event and gives the state after it.  It
trusts the event: everything was decided before the event was written, and what
has been written is applied for ever after in the same way.  It parses no YAML
and reads no file; whatever it needs stands in the event.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rpds import HashTrieMap

from registry import change_fold, payloads, review_payloads
from registry.change_fold import close, with_change
from registry.changes import Outcome
from registry.environments import activate, regoverned, resume, stop
from registry.errors import LedgerBroken
from registry.events import NOTHING_BEFORE, Event
from registry.names import Digest, Ref
from registry.people import gains
from registry.ratification import Ratification, RatificationVote
from registry.staleness import moved
from registry.state import Answered, AskedFor, Certified, Environment, Head, State

EMPTY = State(
    head=Head(number=0, digest=NOTHING_BEFORE, at=None),
    repository="",
    epoch=0,
    environments=HashTrieMap(),
    people=HashTrieMap(),
    changes=HashTrieMap(),
    open_changes=HashTrieMap(),
    claims=HashTrieMap(),
    origins=HashTrieMap(),
    recalled=HashTrieMap(),
    asked_for=HashTrieMap(),
    attached_at=HashTrieMap(),
    held_since=HashTrieMap(),
    ratifications=HashTrieMap(),
    open_ratifications=HashTrieMap(),
    certified=HashTrieMap(),
    answered=HashTrieMap(),
)
"""The state before the first event."""


def apply(state: State, event: Event, digest: Digest) -> State:
    """The state after *event*, whose canonical bytes have *digest*.

    Raises:
        LedgerBroken: It is not the event that comes next.
    """
    if (event.number, event.previous) != (state.head.number + 1, state.head.digest):
        raise LedgerBroken(
            f"event {event.number} does not follow event {state.head.number}: "
            "the chain of digests is broken"
        )
    if state.head.at is not None and event.at <= state.head.at:
        raise LedgerBroken(f"event {event.number} is not later than the one before")
    after = _APPLY[type(event.payload)](state, event, event.payload)
    after = _opened(after, event, digest)
    answered = after.answered
    if event.key is not None:
        answered = answered.insert(
            (event.actor.handle, event.key),
            Answered(command=event.command, number=event.number),
        )
    head = Head(number=event.number, digest=digest, at=event.at)
    return replace(after, head=head, answered=answered)


def _created(state: State, event: Event, payload: payloads.RegistryCreated) -> State:
    environments: HashTrieMap[str, Environment] = HashTrieMap()
    for made in payload.environments:
        environments = environments.insert(
            made.environment,
            Environment(
                name=made.environment,
                seq=0,
                policy=made.policy,
                policy_digest=made.digest,
                policy_since=event.number,
                live=HashTrieMap(),
                used_by=HashTrieMap(),
                bots=HashTrieMap(),
                moments=HashTrieMap(),
                was_live=HashTrieMap(),
                gone=HashTrieMap(),
            ),
        )
    return replace(
        state,
        repository=payload.repository,
        epoch=payload.epoch,
        environments=environments,
        people=HashTrieMap({person.handle: person for person in payload.people}),
    )


def _person_set(state: State, event: Event, payload: payloads.PersonSet) -> State:
    person = payload.person
    before = state.people.get(person.handle)
    held_since = state.held_since
    for held in (*person.roles, *person.seats):
        if before is None or gains(before, person, held):
            held_since = held_since.insert((person.handle, held), event.at)
    return replace(
        state,
        people=state.people.insert(person.handle, person),
        held_since=held_since,
        asked_for=state.asked_for.discard(person.handle),
    )


def _person_proposed(
    state: State, event: Event, payload: payloads.PersonProposed
) -> State:
    asked = AskedFor(
        person=payload.person,
        by=event.actor.handle,
        at=event.at,
        number=event.number,
    )
    asked_for = state.asked_for.insert(payload.person.handle, asked)
    return replace(state, asked_for=asked_for)


def _person_refused(
    state: State, event: Event, payload: payloads.PersonRefused
) -> State:
    return replace(state, asked_for=state.asked_for.discard(payload.handle))


def _activated(state: State, event: Event, payload: payloads.Activated) -> State:
    before = state.environments[payload.environment]
    environment = activate(before, event, payload)
    claims = state.claims
    for document in payload.documents:
        claims = claims.insert((document.document, document.version), document.digest)
    state = replace(_with_environment(state, environment), claims=claims)
    if payload.change is not None:
        change = state.changes[payload.change]
        state = close(state, change, event, Outcome.ACTIVATED, seq=payload.seq)
    return _with_moved(state, environment, regoverned(before, payload))


def _opened(state: State, event: Event, digest: Digest) -> State:
    """The state with the ratification that *event* opens, if it opens one."""
    payload = event.payload
    if not isinstance(payload, payloads.Activated) or payload.ratification is None:
        return state
    ratification = Ratification(
        id=event.number,
        activated=digest,
        environment=payload.environment,
        seq=payload.seq,
        change=payload.change,
        by=event.actor.handle,
        at=event.at,
        opened=payload.ratification,
        votes=(),
        outcome=None,
        closed_at=None,
    )
    return replace(
        state,
        ratifications=state.ratifications.insert(ratification.id, ratification),
        open_ratifications=state.open_ratifications.insert(ratification.id, None),
    )


def _judged(state: State, event: Event, payload: payloads.Judged) -> State:
    ratification = state.ratifications[payload.ratification]
    vote = RatificationVote(
        by=event.actor.handle,
        at=event.at,
        judgement=payload.judgement,
        seat=payload.seat,
        reason=payload.reason,
    )
    ratification = replace(
        ratification,
        votes=(*ratification.votes, vote),
        outcome=payload.outcome,
        closed_at=event.at if payload.outcome is not None else None,
    )
    still_open = state.open_ratifications
    if payload.outcome is not None:
        still_open = still_open.discard(ratification.id)
    return replace(
        state,
        ratifications=state.ratifications.insert(ratification.id, ratification),
        open_ratifications=still_open,
    )


def _certified(state: State, event: Event, payload: payloads.Certified) -> State:
    certified = Certified(
        digest=payload.digest,
        by=event.actor.handle,
        at=event.at,
        until=payload.until,
        seat=payload.seat,
        reason=payload.reason,
    )
    key = (payload.environment, payload.document)
    before = state.certified.get(key)
    if before and before.digest == certified.digest and before.until > certified.until:
        return state
    return replace(state, certified=state.certified.insert(key, certified))


def _policy_activated(
    state: State, event: Event, payload: payloads.PolicyActivated
) -> State:
    environment = replace(
        state.environments[payload.environment],
        policy=payload.policy,
        policy_digest=payload.digest,
        policy_since=event.number,
    )
    state = _with_environment(state, environment)
    change = state.changes[payload.change]
    return close(state, change, event, Outcome.ACTIVATED, seq=None)


def _stopped(state: State, event: Event, payload: payloads.Stopped) -> State:
    environment = stop(state.environments[payload.environment], event, payload)
    return _with_environment(state, environment)


def _resumed(state: State, event: Event, payload: payloads.Resumed) -> State:
    change = state.changes[payload.change]
    title = change.revision.title
    environment = state.environments[payload.environment]
    environment = resume(environment, event, payload, title=title)
    state = _with_environment(state, environment)
    return close(state, change, event, Outcome.ACTIVATED, seq=payload.seq)


def _recalled(state: State, event: Event, payload: payloads.Recalled) -> State:
    return replace(
        state, recalled=state.recalled.insert(payload.digest, payload.reason)
    )


_APPLY: dict[type[payloads.Payload], Callable[[State, Event, Any], State]] = {
    payloads.RegistryCreated: _created,
    payloads.PersonSet: _person_set,
    review_payloads.Submitted: change_fold.submitted,
    review_payloads.Revised: change_fold.revised,
    review_payloads.Commented: change_fold.commented,
    review_payloads.Voted: change_fold.voted,
    review_payloads.VetoCleared: change_fold.veto_cleared,
    review_payloads.Closed: change_fold.closed,
    payloads.Activated: _activated,
    payloads.PolicyActivated: _policy_activated,
    payloads.Stopped: _stopped,
    payloads.Resumed: _resumed,
    payloads.Recalled: _recalled,
    payloads.PersonProposed: _person_proposed,
    payloads.PersonRefused: _person_refused,
    review_payloads.ConditionMet: change_fold.condition_met,
    review_payloads.CheckAttached: change_fold.check_attached,
    review_payloads.CheckWaived: change_fold.check_waived,
    payloads.Judged: _judged,
    payloads.Certified: _certified,
    payloads.EpochRaised: lambda state, _, raised: replace(state, epoch=raised.epoch),
}


def _with_environment(state: State, environment: Environment) -> State:
    return replace(
        state, environments=state.environments.insert(environment.name, environment)
    )


def _with_moved(
    state: State, environment: Environment, touched: frozenset[Ref]
) -> State:
    """Note which open changes are stale for good now.

    Only those whose effect has a document of *touched* can have become so.
    """
    for number in state.open_changes if touched else ():
        change = state.changes[number]
        revision = change.revision
        if (
            change.environment == environment.name
            and change.moved is None
            and revision.edits
            and not touched.isdisjoint(a.document for a in revision.effect)
        ):
            found = moved(environment, revision)
            why = found.undone if found else None
            state = with_change(state, replace(change, moved=why))
    return state
