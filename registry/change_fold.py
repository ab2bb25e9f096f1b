"""What proposals, votes and results of checks do to the changes of a state.

Like `registry.fold`, which calls these, they trust the event.
"""

from dataclasses import replace

from registry import conditions
from registry.authorization import holds
from registry.authorship import origins_with
from registry.changes import Change, Outcome, Verdict, Vote, contributors
from registry.changes import Comment as ChangeComment
from registry.check_results import QUOTA_TIME, Attached, Waiver, totals
from registry.events import Event
from registry.people import Role
from registry.resources import of_revision
from registry.review_payloads import (
    CheckAttached,
    CheckWaived,
    Closed,
    Commented,
    ConditionMet,
    Revised,
    Submitted,
    VetoCleared,
    Voted,
)
from registry.state import State


def submitted(state: State, event: Event, payload: Submitted) -> State:
    change = Change(
        id=payload.change,
        environment=payload.environment,
        type=payload.type,
        revisions=(payload.revision,),
        votes=(),
        comments=(),
        contributors=contributors(payload.contributors),
        vetoes=(),
        cleared_at=None,
        attached=(),
        waivers=(),
        met=(),
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


def revised(state: State, event: Event, payload: Revised) -> State:
    change = state.changes[payload.change]
    change = replace(
        change,
        revisions=(*change.revisions, payload.revision),
        contributors=contributors((*change.contributors, *payload.contributors)),
        moved=None,
    )
    return with_change(origins_with(state, change), change)


def commented(state: State, event: Event, payload: Commented) -> State:
    change = state.changes[payload.change]
    comment = ChangeComment(
        by=event.actor.handle,
        at=event.at,
        revision=payload.revision,
        text=payload.text,
    )
    return with_change(state, replace(change, comments=(*change.comments, comment)))


def voted(state: State, event: Event, payload: Voted) -> State:
    change = state.changes[payload.change]
    vote = Vote(
        by=event.actor.handle,
        at=event.at,
        revision=payload.revision,
        review_digest=payload.review_digest,
        verdict=payload.verdict,
        seat=payload.seat,
        reason=payload.reason,
        condition=payload.condition,
    )
    vetoes = tuple(v for v in change.vetoes if v.by != vote.by)
    if vote.verdict is Verdict.VETO:
        vetoes = (*vetoes, vote)
    change = replace(change, votes=(*change.votes, vote), vetoes=vetoes)
    if vote.verdict is Verdict.REJECT:
        return close(state, change, event, Outcome.REJECTED, seq=None)
    return with_change(state, change)


def veto_cleared(state: State, event: Event, payload: VetoCleared) -> State:
    change = state.changes[payload.change]
    vetoes = tuple(v for v in change.vetoes if v.by != payload.veto_by)
    return with_change(state, replace(change, vetoes=vetoes, cleared_at=event.at))


def closed(state: State, event: Event, payload: Closed) -> State:
    change = state.changes[payload.change]
    return close(state, change, event, payload.outcome, seq=None)


def condition_met(state: State, event: Event, payload: ConditionMet) -> State:
    change = state.changes[payload.change]
    met = conditions.ConditionMet(
        voter=payload.voter, by=event.actor.handle, at=event.at, note=payload.note
    )
    return with_change(state, replace(change, met=(*change.met, met)))


def check_attached(state: State, event: Event, payload: CheckAttached) -> State:
    change = state.changes[payload.change]
    tried = change.revisions[payload.revision - 1]
    attached = Attached(
        by=event.actor.handle,
        at=event.at,
        by_evaluator=holds(event.actor, Role.EVALUATOR, of_revision(change, tried)),
        revision=payload.revision,
        event=event.number,
        result=totals(payload.result),
    )
    change = replace(change, attached=(*change.attached, attached))
    before = state.attached_at.get(attached.by, ())
    lately = (*(at for at in before if event.at - at < QUOTA_TIME), event.at)
    attached_at = state.attached_at.insert(attached.by, lately)
    return with_change(replace(state, attached_at=attached_at), change)


def check_waived(state: State, event: Event, payload: CheckWaived) -> State:
    change = state.changes[payload.change]
    waiver = Waiver(
        check=payload.check,
        by=event.actor.handle,
        at=event.at,
        seat=payload.seat,
        reason=payload.reason,
        review_digest=payload.review_digest,
        expires=payload.expires,
    )
    return with_change(state, replace(change, waivers=(*change.waivers, waiver)))


def with_change(state: State, change: Change) -> State:
    return replace(state, changes=state.changes.insert(change.id, change))


def close(
    state: State, change: Change, event: Event, outcome: Outcome, *, seq: int | None
) -> State:
    change = replace(
        change,
        outcome=outcome,
        closed_at=event.at,
        closed_by=event.actor.handle,
        seq=seq,
    )
    state = with_change(state, change)
    return replace(state, open_changes=state.open_changes.discard(change.id))
