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

from registry import payloads
from registry.authorship import origins_with
from registry.changes import Change, Outcome, Verdict, Vote, contributors
from registry.changes import Comment as ChangeComment
from registry.effects import moved
from registry.environments import activate, regoverned, resume, stop
from registry.errors import LedgerBroken
from registry.events import NOTHING_BEFORE, Event
from registry.names import Digest, Ref
from registry.state import Answered, Environment, Head, State

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
    people = state.people.insert(payload.person.handle, payload.person)
    return replace(state, people=people)


def _submitted(state: State, event: Event, payload: payloads.Submitted) -> State:
    change = Change(
        id=payload.change,
        environment=payload.environment,
        type=payload.type,
        revisions=(payload.revision,),
        votes=(),
        comments=(),
        contributors=contributors(payload.contributors),
        vetoes=(),
        moved=None,
        outcome=None,
        closed_at=None,
        closed_by=None,
        seq=None,
    )
    state = origins_with(state, change)
    return replace(
        state,
        changes=state.changes.insert(change.id, change),
        open_changes=state.open_changes.insert(change.id, None),
    )


def _revised(state: State, event: Event, payload: payloads.Revised) -> State:
    change = state.changes[payload.change]
    change = replace(
        change,
        revisions=(*change.revisions, payload.revision),
        contributors=contributors((*change.contributors, *payload.contributors)),
        moved=None,
    )
    return _with_change(origins_with(state, change), change)


def _commented(state: State, event: Event, payload: payloads.Commented) -> State:
    change = state.changes[payload.change]
    comment = ChangeComment(
        by=event.actor.handle,
        at=event.at,
        revision=payload.revision,
        text=payload.text,
    )
    return _with_change(state, replace(change, comments=(*change.comments, comment)))


def _voted(state: State, event: Event, payload: payloads.Voted) -> State:
    change = state.changes[payload.change]
    vote = Vote(
        by=event.actor.handle,
        at=event.at,
        revision=payload.revision,
        review_digest=payload.review_digest,
        verdict=payload.verdict,
        seat=payload.seat,
        reason=payload.reason,
    )
    vetoes = tuple(v for v in change.vetoes if v.by != vote.by)
    if vote.verdict is Verdict.VETO:
        vetoes = (*vetoes, vote)
    change = replace(change, votes=(*change.votes, vote), vetoes=vetoes)
    if vote.verdict is Verdict.REJECT:
        return _close(state, change, event, Outcome.REJECTED, seq=None)
    return _with_change(state, change)


def _veto_cleared(state: State, event: Event, payload: payloads.VetoCleared) -> State:
    change = state.changes[payload.change]
    vetoes = tuple(v for v in change.vetoes if v.by != payload.veto_by)
    return _with_change(state, replace(change, vetoes=vetoes))


def _closed(state: State, event: Event, payload: payloads.Closed) -> State:
    change = state.changes[payload.change]
    return _close(state, change, event, payload.outcome, seq=None)


def _activated(state: State, event: Event, payload: payloads.Activated) -> State:
    before = state.environments[payload.environment]
    environment = activate(before, event, payload)
    claims = state.claims
    for document in payload.documents:
        claims = claims.insert((document.document, document.version), document.digest)
    state = replace(_with_environment(state, environment), claims=claims)
    if payload.change is not None:
        change = state.changes[payload.change]
        state = _close(state, change, event, Outcome.ACTIVATED, seq=payload.seq)
    return _with_moved(state, environment, regoverned(before, payload))


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
    return _close(state, change, event, Outcome.ACTIVATED, seq=None)


def _stopped(state: State, event: Event, payload: payloads.Stopped) -> State:
    environment = stop(state.environments[payload.environment], event, payload)
    return _with_environment(state, environment)


def _resumed(state: State, event: Event, payload: payloads.Resumed) -> State:
    change = state.changes[payload.change]
    title = change.revision.title
    environment = state.environments[payload.environment]
    environment = resume(environment, event, payload, title=title)
    state = _with_environment(state, environment)
    return _close(state, change, event, Outcome.ACTIVATED, seq=payload.seq)


def _recalled(state: State, event: Event, payload: payloads.Recalled) -> State:
    return replace(
        state, recalled=state.recalled.insert(payload.digest, payload.reason)
    )


_APPLY: dict[type[payloads.Payload], Callable[[State, Event, Any], State]] = {
    payloads.RegistryCreated: _created,
    payloads.PersonSet: _person_set,
    payloads.Submitted: _submitted,
    payloads.Revised: _revised,
    payloads.Commented: _commented,
    payloads.Voted: _voted,
    payloads.VetoCleared: _veto_cleared,
    payloads.Closed: _closed,
    payloads.Activated: _activated,
    payloads.PolicyActivated: _policy_activated,
    payloads.Stopped: _stopped,
    payloads.Resumed: _resumed,
    payloads.Recalled: _recalled,
}


def _with_environment(state: State, environment: Environment) -> State:
    return replace(
        state, environments=state.environments.insert(environment.name, environment)
    )


def _with_change(state: State, change: Change) -> State:
    return replace(state, changes=state.changes.insert(change.id, change))


def _close(
    state: State, change: Change, event: Event, outcome: Outcome, *, seq: int | None
) -> State:
    change = replace(
        change,
        outcome=outcome,
        closed_at=event.at,
        closed_by=event.actor.handle,
        seq=seq,
    )
    state = _with_change(state, change)
    return replace(state, open_changes=state.open_changes.discard(change.id))


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
            why = moved(environment, revision)
            state = _with_change(state, replace(change, moved=why))
    return state
