"""Emergencies: going live without agreement, which is asked for afterwards.

The rules:

 * The environment's policy has to allow it: to the holders of some seats, in
   person, for some kinds and names.  Every edited document has to be one of them;
   what else reads differently because of it is told.
 * It names an incident and a reason.
 * The author of a change may activate it in an emergency: at night there may be
   nobody else.  Whoever did, and whoever contributed, does not ratify it.
 * It does without agreement, required checks and freeze windows, and says which.
   A review that has become overdue does not keep it back, either.
   Everything else holds: the moment that was agreed to, compare-and-swap, what was
   told of the effect, validation, claims of versions, and recalls.  What somebody
   vetoed, asked to be changed, or repudiated after it was live here, does not go
   live: that is no missing answer.
 * It opens exactly one ratification, with whom the policy would have asked, due
   after the policy's hours.  For each document about which the policy asks nobody,
   one other holder of the seat has to ratify.
 * Nobody who has a ratification overdue, and nobody in an environment that has one,
   activates in an emergency before that is decided.
"""

from datetime import timedelta

from registry import commands
from registry.activations import refuse_other_digest
from registry.authorization import Action, authorize, holds
from registry.changes import Change, ChangeType
from registry.decisions import (
    Decision,
    Situation,
    activation_trailers,
    check_text,
)
from registry.errors import Conflict, Invalid, NotAgreed, NotAllowed
from registry.going_live import Edited, as_told, put_in_place
from registry.name_patterns import fits_any
from registry.names import Ref, kind_of, name_of
from registry.policies import Matched
from registry.policy_rules import EmergencyRule
from registry.proposals import open_one
from registry.ratification import Opened, Ratified, asked_afterwards, is_overdue
from registry.required_checks import check_standings
from registry.resources import of_change
from registry.schedules import refuse_early
from registry.seats import refuse_cooling
from registry.staleness import refuse_not_current
from registry.standing import requirements
from registry.state import Environment, State
from registry.times import said
from registry.unagreed_content import unagreed
from registry.votes import blocks

_MAX_INCIDENT_CHARS = 100


def activate_in_emergency(
    situation: Situation, command: commands.ActivateInEmergency
) -> Decision:
    state = situation.state
    change = open_one(situation, command.change)
    environment = state.environment(change.environment)
    rule = _rule(environment)
    _check_actor(situation, change, rule, command.seat)
    _check_change(change, rule)
    _refuse_overdue(situation, environment)
    incident = _check_incident(command.incident)
    reason = check_text(command.reason, "an emergency's reason")
    refuse_other_digest(change, command.review_digest)
    refuse_early(change.id, change.revision, situation.now)
    refuse_not_current(state, change)
    _refuse_blocked(change)
    edited = as_told(situation, environment, change)
    _refuse_repudiated(state, environment, edited)
    payload, files = put_in_place(
        situation,
        environment,
        edited,
        change=change.id,
        restored=None,
        reason=f"{change.revision.title} ({incident})",
        ratification=Opened(
            why=(reason, *_done_without(situation, change)),
            incident=incident,
            requirements=_asked(environment, change, command.seat),
            excluded=tuple(sorted({*change.contributors, situation.actor.handle})),
            due=situation.now + timedelta(hours=rule.ratify_hours),
        ),
    )
    return Decision(
        payload=payload,
        subject=f"Activate change {change.id} in {environment.name} in an emergency "
        f"({incident}): {change.revision.title}",
        trailers=(
            *activation_trailers(change.id, payload.seq, change.revision.review_digest),
            ("Incident", incident),
        ),
        files=files,
    )


def emergency_seats(situation: Situation, change: Change) -> tuple[str, ...]:
    """The seats in which the actor could do this to *change*, as far as it is theirs.

    Whether something else is in the way, such as a veto, is told when they do.
    """
    rule = situation.state.environment(change.environment).policy.emergency
    if rule is None:
        return ()
    return tuple(
        seat for seat in rule.seats if _is_theirs(situation, change, rule, seat)
    )


def _is_theirs(
    situation: Situation, change: Change, rule: EmergencyRule, seat: str
) -> bool:
    try:
        _check_actor(situation, change, rule, seat)
        _check_change(change, rule)
    except NotAllowed:
        return False
    return True


def _rule(environment: Environment) -> EmergencyRule:
    rule = environment.policy.emergency
    if rule is None:
        raise NotAllowed(
            f"the policy of {environment.name} allows no emergency",
            hint="Stop the bot (`placet stop`), or roll back: neither needs a vote.",
        )
    return rule


def _check_actor(
    situation: Situation, change: Change, rule: EmergencyRule, seat: str
) -> None:
    actor, resource = situation.actor, of_change(change)
    authorize(actor, Action.ACTIVATE_IN_EMERGENCY, resource)
    if seat not in rule.seats:
        raise NotAllowed(
            f"the seat {seat[:64]!r} activates nothing in an emergency",
            hint=f"In {change.environment} these do: {', '.join(rule.seats)}.",
        )
    if not holds(actor, seat, resource):
        raise NotAllowed(
            f"{actor.handle} does not hold the seat {seat} for all of it",
            hint="Somebody who does has to do it; an administrator gives seats.",
        )
    refuse_cooling(
        situation.state, situation.actor, change.environment, seat, situation.now
    )


def _check_change(change: Change, rule: EmergencyRule) -> None:
    if change.type in {ChangeType.POLICY, ChangeType.RESUME}:
        raise NotAllowed(
            f"change {change.id} is a {change.type}, which no emergency makes live",
            hint="An emergency is about documents; this needs agreement.",
        )
    for edit in change.revision.edits:
        if not _allowed(edit.document, rule):
            raise NotAllowed(
                f"the policy allows no emergency for {edit.document}",
                hint=f"In {change.environment} it does for {_told(rule)}.",
            )


def _allowed(document: Ref, rule: EmergencyRule) -> bool:
    return (not rule.kinds or kind_of(document) in rule.kinds) and (
        not rule.names or fits_any(rule.names, name_of(document))
    )


def _told(rule: EmergencyRule) -> str:
    kinds = ", ".join(rule.kinds) or "every kind"
    return f"{kinds} called {', '.join(rule.names)}" if rule.names else kinds


def _refuse_overdue(situation: Situation, environment: Environment) -> None:
    state, actor = situation.state, situation.actor.handle
    for number in sorted(state.open_ratifications):
        one = state.ratifications[number]
        concerned = one.environment == environment.name or one.by == actor
        if concerned and is_overdue(one, situation.now):
            raise Conflict(
                f"ratification {one.id} in {one.environment} is overdue since "
                f"{said(one.opened.due)}",
                hint=f"Have it decided first: `placet ratifications {one.id}`.",
            )


def _check_incident(text: str) -> str:
    incident = text.strip()
    if not incident or len(incident) > _MAX_INCIDENT_CHARS or not text.isprintable():
        raise Invalid(
            "an emergency needs the id of its incident",
            hint=f"On one line, in at most {_MAX_INCIDENT_CHARS} characters: INC-7.",
        )
    return incident


def _refuse_blocked(change: Change) -> None:
    held = [f"{vote.by} ({vote.verdict}): {vote.reason}" for vote in blocks(change)]
    if held:
        raise NotAgreed(
            f"change {change.id} is held back by {'; '.join(held)}",
            hint="No emergency goes over that; ask them, or submit another change.",
        )


def _refuse_repudiated(state: State, environment: Environment, edited: Edited) -> None:
    found = unagreed(state, environment, edited.outlook)
    why = [one.why for one in found if one.outcome is Ratified.REPUDIATED]
    if why:
        raise NotAgreed(
            f"it brings back what people have said no to: {'; '.join(why)}",
            hint="No emergency goes over that; it needs votes, or other words.",
        )


def _done_without(situation: Situation, change: Change) -> tuple[str, ...]:
    """What would have kept *change* from going live, and what else it touches."""
    asked = requirements(situation.state, change, situation.now)
    checks = check_standings(
        situation.state, change, situation.documents, situation.now
    )
    edited = {edit.document for edit in change.revision.edits}
    others = [
        one.document for one in change.revision.effect if one.document not in edited
    ]
    return (
        *(f"{one.name}: {one.why}" for one in asked if not one.met),
        *(f"check {one.name}: {one.why}" for one in checks if not one.met),
        *([f"it also changes {', '.join(others)}"] if others else []),
    )


def _asked(environment: Environment, change: Change, seat: str) -> tuple[Matched, ...]:
    asked = asked_afterwards(environment.policy, change.revision.requirements)
    about = {what for one in asked for what in one.because}
    effect = (one.document for one in change.revision.effect)
    because = tuple(sorted(name for name in effect if name not in about))
    if not because:
        return asked
    somebody = Matched(
        name="somebody else agrees", seat=seat, count=1, because=because, covered=True
    )
    return (*asked, somebody)
