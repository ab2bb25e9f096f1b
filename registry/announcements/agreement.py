"""Agreement: what is told of changes while people decide on them."""

from collections.abc import Iterable
from datetime import datetime

from registry.announcements.happenings import Happened, called, count
from registry.changes import Change, ChangeType, Verdict
from registry.notices import Notice, Urgency, audience
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
from registry.standing import is_agreed, requirements
from registry.state import State


def submitted(it: Happened, payload: Submitted | Revised) -> Iterable[Notice]:
    change = it.change(payload.change)
    revision = payload.revision
    asked = requirements(it.after, change, it.event.at)
    is_new = isinstance(payload, Submitted)
    who = f"{it.event.actor.handle} proposes"
    if not is_new:
        who = f"{it.event.actor.handle} proposes, and the voting starts again"
    yield it.notice(
        "change-submitted" if is_new else "change-revised",
        f"Change {change.id} in {change.environment} waits for votes: {revision.title}",
        f"{who}: {_extent(change)}.",
        *(f"{one.name}: {one.why}" for one in asked),
        to=audience(*(handle for one in asked for handle in one.could)),
        environment=change.environment,
        change=change.id,
        due=revision.expires,
    )


def commented(it: Happened, payload: Commented) -> Iterable[Notice]:
    change = it.change(payload.change)
    voters = (vote.by for vote in change.votes)
    yield it.notice(
        "change-commented",
        f"{it.event.actor.handle} has commented on {called(change)}",
        to=audience(*change.contributors, *voters),
        environment=change.environment,
        change=change.id,
        urgency=Urgency.LOW,
    )


def voted(it: Happened, payload: Voted) -> Iterable[Notice]:
    change = it.change(payload.change)
    if payload.verdict in _OBJECTIONS:
        kind, words, urgency = _OBJECTIONS[payload.verdict]
        yield it.notice(
            kind,
            f"{it.event.actor.handle} {words} {called(change)}",
            f"As {payload.seat}: {payload.reason}",
            to=audience(*it.concerned(change)),
            environment=change.environment,
            change=change.id,
            urgency=urgency,
        )
    if payload.condition is not None:
        yield it.notice(
            "condition-set",
            f"{it.event.actor.handle} agrees to {called(change)}, on a condition",
            f"{payload.condition.owner} answers for it: {payload.condition.text}",
            to=audience(payload.condition.owner),
            environment=change.environment,
            change=change.id,
            due=payload.condition.due,
        )
    yield from _agreed(it, change)


_OBJECTIONS = {
    Verdict.ASK: ("changes-requested", "asks for changes to", Urgency.NORMAL),
    Verdict.VETO: ("vetoed", "has vetoed", Urgency.HIGH),
    Verdict.REJECT: ("change-rejected", "has rejected", Urgency.NORMAL),
}


def _agreed(it: Happened, change: Change) -> Iterable[Notice]:
    """If this event is what it was still waiting for."""
    at = it.event.at
    if not _is_agreed(it.after, change, at):
        return
    if _is_agreed(it.before, it.before.changes[change.id], at):
        return
    earliest = change.revision.earliest
    yield it.notice(
        "change-approved",
        f"{called(change, 'Change')} is agreed to",
        "It can be activated now."
        if earliest is None
        else f"It goes live by itself, from {earliest:%Y-%m-%d %H:%M} UTC on.",
        to=audience(*it.operators(), *change.contributors),
        environment=change.environment,
        change=change.id,
        due=change.revision.expires,
    )


def _is_agreed(state: State, change: Change, at: datetime) -> bool:
    return change.outcome is None and is_agreed(change, requirements(state, change, at))


def condition_met(it: Happened, payload: ConditionMet) -> Iterable[Notice]:
    change = it.change(payload.change)
    yield it.notice(
        "condition-met",
        f"A condition of {called(change)} is met",
        f"{it.event.actor.handle}: {payload.note}",
        to=audience(payload.voter, *change.contributors),
        environment=change.environment,
        change=change.id,
        urgency=Urgency.LOW,
    )


def completed(it: Happened, payload: CheckAttached | CheckWaived) -> Iterable[Notice]:
    """What is told only if the change is agreed to with it."""
    yield from _agreed(it, it.change(payload.change))


def veto_cleared(it: Happened, payload: VetoCleared) -> Iterable[Notice]:
    change = it.change(payload.change)
    yield it.notice(
        "veto-cleared",
        f"The veto of {payload.veto_by} on {called(change)} is cleared",
        f"{it.event.actor.handle}: {payload.reason}",
        to=audience(payload.veto_by, *it.concerned(change)),
        environment=change.environment,
        change=change.id,
    )
    yield from _agreed(it, change)


def closed(it: Happened, payload: Closed) -> Iterable[Notice]:
    change = it.change(payload.change)
    yield it.notice(
        f"change-{payload.outcome}",
        f"{it.event.actor.handle} has {payload.outcome} {called(change)}",
        payload.reason,
        to=audience(*(vote.by for vote in change.votes)),
        environment=change.environment,
        change=change.id,
        urgency=Urgency.LOW,
    )


def _extent(change: Change) -> str:
    revision = change.revision
    if change.type is ChangeType.POLICY:
        return "another policy"
    if revision.resumption is not None:
        return f"that {revision.resumption.bot} answers again"
    edited = count(len(revision.edits), "document")
    return f"{edited} edited, {count(len(revision.effect), 'document')} affected"
