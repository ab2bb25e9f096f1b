"""Activations: how what was agreed to goes live.

The steps, numbered at the code:

  0. The change is open, has not expired, and the actor may activate it: an
     operator, in some environments its author, and the timer if it is due.  Of the
     tiers that the policy separates, nobody who contributed may.
  1. The actor names the review digest that they mean to activate.
  2. It is not before the moment that was agreed to.
  3. Nothing that the change is bound to has moved.
  4. Every requirement is met and nothing blocks it; a policy has cooled down.
  5. No freeze window is open over it; a rollback is never frozen, nor a policy.
  6. Every required check has passed, or is waived.
  7. Composed and compared again, the effect is what was agreed to, does what was
     told of it, and asks for nothing else.
  8. Nothing in it was recalled since, or is overdue for review where that counts.
  9. No version in it stands for another text by now.
 10. What differs between before and after is exactly what was approved.

There is no merge of texts: what was approved goes live byte for byte, or
nothing does.  A moment that was agreed to changes nothing of this: when it comes,
the timer takes the same steps as a person.
"""

from dataclasses import dataclass
from datetime import datetime

from registry import commands
from registry.authorization import Action, authorize, may
from registry.changes import Change, ChangeType
from registry.decisions import Decision, Situation, activation_trailers
from registry.errors import ContentMoved, Contributed, NotAllowed
from registry.foreseen import stale_by
from registry.going_live import as_told, put_in_place, replacements_of
from registry.made_stale import MadeStale
from registry.people import SESSION, TIMER, Actor, Identity, recognise
from registry.policy_activations import put_in_force
from registry.proposals import open_one
from registry.required_checks import refuse_unchecked
from registry.resources import of_change
from registry.resumptions import bring_back
from registry.schedules import refuse_early, refuse_unscheduled
from registry.staleness import refuse_not_current
from registry.standing import refuse_not_agreed
from registry.state import Environment, State
from registry.timing import refuse_cooling_down, refuse_frozen, tiers_of
from registry.upkeep import refuse_lapsed_reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationPreview:
    """What making a change live would do to others.

    Attributes:
        makes_stale: Open changes that could not go live any more as they are.
    """

    change: int
    environment: str
    makes_stale: tuple[MadeStale, ...]


def activate(situation: Situation, command: commands.Activate) -> Decision:
    state = situation.state
    change = open_one(situation, command.change)  # (0)
    environment = state.environment(change.environment)
    _check_activator(situation.actor, change, environment, situation.now)
    refuse_other_digest(change, command.review_digest)  # (1)
    refuse_unready(state, change, situation.now)
    refuse_unchecked(state, change, situation.documents, situation.now)  # (6)
    decision = _carried_out(situation, environment, change)
    if change.type in _OF_REVIEWED:
        replaced = replacements_of(change.revision, situation.documents)
        refuse_lapsed_reviews(situation, environment, replaced.values())  # (8)
    return decision


_OF_REVIEWED = {ChangeType.EDIT, ChangeType.PROMOTION}


def preview(situation: Situation, number: int) -> ActivationPreview:
    """What change *number* would do to others if it went live now.

    Whether it may is not asked: people who vote on it want to know that, too.

    Raises:
        Conflict: It is decided, stale, or would not be what was agreed to.
        RecalledContent: Something in it was recalled.
    """
    change = open_one(situation, number)
    refuse_not_current(situation.state, change)
    environment = situation.state.environment(change.environment)
    decision = _carried_out(situation, environment, change)
    return ActivationPreview(
        change=number,
        environment=environment.name,
        makes_stale=stale_by(situation, decision.payload),
    )


def _carried_out(
    situation: Situation, environment: Environment, change: Change
) -> Decision:
    """What comes of *change*, with nobody asked whether they agree."""
    if change.type is ChangeType.POLICY:
        return put_in_force(situation, environment, change)
    if change.type is ChangeType.RESUME:
        return bring_back(situation, environment, change)
    return _documents(situation, environment, change)


def refuse_unready(state: State, change: Change, now: datetime) -> None:
    """What can be said without composing anything.

    Raises:
        Conflict: It is too early, stale, not agreed to, frozen or not checked.
    """
    refuse_early(change.id, change.revision, now)  # (2)
    refuse_not_current(state, change)  # (3)
    refuse_not_agreed(state, change, now)  # (4)
    refuse_cooling_down(state, change, now)  # (4)
    refuse_frozen(state, change, now)  # (5)


def refuse_other_digest(change: Change, named: str) -> None:
    """Raises:
    ContentMoved: *named* is not the digest of the current revision.
    """
    if named != change.revision.review_digest:
        raise ContentMoved(
            f"change {change.id} has review digest {change.revision.review_digest}"
        )


def _documents(
    situation: Situation, environment: Environment, change: Change
) -> Decision:
    revision = change.revision
    edited = as_told(situation, environment, change)
    payload, files = put_in_place(
        situation,
        environment,
        edited,
        change=change.id,
        restored=None,
        reason=revision.title,
        ratification=None,
    )
    return Decision(
        payload=payload,
        subject=f"Activate change {change.id} in {environment.name}: {revision.title}",
        trailers=activation_trailers(change.id, payload.seq, revision.review_digest),
        files=files,
    )


def may_activate(state: State, change: Change, handle: str, now: datetime) -> bool:
    """Whether it belongs to *handle*, once nothing else is in the way."""
    if not state.people[handle].active:
        return False
    actor = recognise(Identity(handle=handle, via=SESSION, roles=None), state.people)
    return could_activate(state, change, actor, now)


def could_activate(state: State, change: Change, actor: Actor, now: datetime) -> bool:
    """Whether it belongs to *actor*, as they have come here."""
    try:
        _check_activator(actor, change, state.environments[change.environment], now)
    except NotAllowed:
        return False
    return True


def _check_activator(
    actor: Actor, change: Change, environment: Environment, now: datetime
) -> None:
    policy = environment.policy
    resource = of_change(change)
    if actor.via == TIMER:
        refuse_unscheduled(change, policy, now)
    owns = policy.authors_activate and actor.handle == change.author
    if not (owns and may(actor, Action.ACTIVATE_OWN, resource)):
        authorize(actor, Action.ACTIVATE, resource)
    separate = tiers_of(change) & set(policy.separate_tiers)
    if separate and actor.handle in change.contributors:
        raise Contributed(
            f"{actor.handle} has contributed to change {change.id}",
            hint="For its tier the policy asks for somebody else to activate it.",
        )
