"""Reviews: votes, comments, and taking a change back.

The rules:

 * A vote names the review digest of what its author read.
 * Only a person who signed in votes, in a seat that they hold, and never on
   what they contributed to: of that they only take back what they asked for before.
   A seat that was just given, or a password that somebody else has just set, cools
   down first.
 * An approval may take a recent sign-in, and a reason (`registry.agreeing`), and may
   have a condition (`registry.conditional_votes`).
 * Whoever is refused is told what the change still needs, and of whom.
 * Rejecting is final, and belongs to the seats that the policy names for it, held
   for all of the change.
 * A veto is cleared by whoever cast it, unless somebody else has just set their
   password, or by somebody in a seat that the policy names for it, also when its
   author has left; with a reason, never in passing by voting again.
 * Whoever proposed a change can take it back, and so can whoever revised it and has
   the role author for all that is in it now.
 * A token comments and takes back only for an author.
"""

from collections.abc import Iterable
from dataclasses import replace

from registry import commands
from registry.agreeing import check_reason, refuse_old_sign_in
from registry.authorization import Action, Resource, authorize, holds, parts
from registry.changes import Change, Outcome, Verdict
from registry.conditional_votes import check_condition
from registry.decisions import Decision, Situation, check_text
from registry.errors import (
    Conflict,
    ContentMoved,
    Contributed,
    NotAllowed,
    NotFound,
)
from registry.mistakes import Unmet
from registry.people import Actor, Role
from registry.policies import Policy
from registry.proposals import open_one
from registry.resources import of_change, of_effect
from registry.review_payloads import Closed, Commented, VetoCleared, Voted
from registry.seats import cools_until, refuse_cooling, refuse_reset
from registry.staleness import refuse_not_current
from registry.standing import unmet
from registry.timing import tiers_of
from registry.vetoes import clearing_seats
from registry.votes import asking

_VERBS = {
    Verdict.APPROVE: "Approve",
    Verdict.ASK: "Ask for changes to",
    Verdict.VETO: "Veto",
    Verdict.REJECT: "Reject",
    Verdict.RETRACT: "Retract the vote on",
}


def vote(situation: Situation, command: commands.Vote) -> Decision:
    change = open_one(situation, command.change)
    _check_voter(situation, change, command)
    if command.review_digest != change.revision.review_digest:
        raise ContentMoved(
            f"change {change.id} is at revision {change.revision.number} now, with "
            f"review digest {change.revision.review_digest}"
        )
    _check_earlier(situation, change, command)
    if command.verdict is Verdict.APPROVE:
        refuse_not_current(situation.state, change)
        refuse_old_sign_in(situation, change.environment, tiers_of(change))
    if command.verdict is Verdict.REJECT:
        policy = situation.state.environment(change.environment).policy
        _check_named(policy.rejecters, command.seat, "reject a change")
        _check_whole(situation, change, command.seat)
    return Decision(
        payload=Voted(
            change=change.id,
            environment=change.environment,
            revision=change.revision.number,
            review_digest=command.review_digest,
            verdict=command.verdict,
            seat=command.seat,
            reason=_reason(situation, change, command),
            condition=check_condition(situation, command.verdict, command.condition),
        ),
        subject=f"{_VERBS[command.verdict]} change {change.id} in "
        f"{change.environment} for {command.seat}",
        trailers=(
            ("Change", str(change.id)),
            ("Review-Digest", command.review_digest),
        ),
        files={},
    )


def _reason(situation: Situation, change: Change, command: commands.Vote) -> str:
    if command.verdict is Verdict.APPROVE:
        policy = situation.state.environment(change.environment).policy
        return check_reason(policy, tiers_of(change), command.reason, "an approval")
    if command.verdict is Verdict.RETRACT and not command.reason:
        return ""
    return check_text(command.reason, "the reason of a vote")


def clear_veto(situation: Situation, command: commands.ClearVeto) -> Decision:
    change = open_one(situation, command.change)
    policy = situation.state.environment(change.environment).policy
    if all(veto.by != command.veto_by for veto in change.vetoes):
        raise NotFound(
            f"{command.veto_by[:64]} has no veto on change {change.id}",
            hint=f"`placet show {change.id}` lists the vetoes.",
        )
    authorize(situation.actor, Action.CLEAR_VETO, of_change(change))
    if command.veto_by == situation.actor.handle:
        refuse_reset(
            situation.state, situation.actor, change.environment, situation.now
        )
    else:
        _check_clearer(situation, change, policy)
    return Decision(
        payload=VetoCleared(
            change=change.id,
            environment=change.environment,
            veto_by=command.veto_by,
            reason=check_text(command.reason, "clearing a veto"),
        ),
        subject=f"Clear the veto of {command.veto_by} on change {change.id} in "
        f"{change.environment}",
        trailers=(("Change", str(change.id)),),
        files={},
    )


def comment(situation: Situation, command: commands.Comment) -> Decision:
    change = situation.state.change(command.change)
    authorize(situation.actor, Action.COMMENT, of_change(change))
    return Decision(
        payload=Commented(
            change=change.id,
            environment=change.environment,
            revision=change.revision.number,
            text=check_text(command.text, "a comment"),
        ),
        subject=f"Comment on change {change.id} in {change.environment}",
        trailers=(("Change", str(change.id)),),
        files={},
    )


def withdraw(situation: Situation, command: commands.Withdraw) -> Decision:
    change = open_one(situation, command.change)
    authorize(situation.actor, Action.WITHDRAW, of_written(situation.actor, change))
    return Decision(
        payload=Closed(
            change=change.id,
            environment=change.environment,
            outcome=Outcome.WITHDRAWN,
            reason=check_text(command.reason, "withdrawing"),
        ),
        subject=f"Withdraw change {change.id} in {change.environment}",
        trailers=(("Change", str(change.id)),),
        files={},
    )


def of_written(actor: Actor, change: Change) -> Resource:
    """The change, with those who wrote it."""
    about = of_change(change)
    revised = {revision.by for revision in change.revisions}
    if actor.handle in revised and holds(actor, Role.AUTHOR, about):
        return replace(about, authors=about.authors | {actor.handle})
    return about


def why_not_as(situation: Situation, change: Change, seat: str) -> str | None:
    """Why the actor could not vote on *change* in *seat*; `None` if they could."""
    try:
        authorize(situation.actor, Action.VOTE, of_effect(change))
        _check_seat(situation, change, seat)
    except NotAllowed as refused:
        return f"{refused}. {refused.hint}"
    return None


def _check_voter(situation: Situation, change: Change, command: commands.Vote) -> None:
    """Raises:
    NotAllowed: It also tells what the change still needs, and of whom.
    """
    actor = situation.actor
    try:
        authorize(actor, Action.VOTE, of_effect(change))
        retracts = command.verdict is Verdict.RETRACT and actor.handle in asking(change)
        if actor.handle in change.contributors and not retracts:
            raise Contributed(f"{actor.handle} has contributed to change {change.id}")
        _check_seat(situation, change, command.seat)
    except NotAllowed as refused:
        left = unmet(situation.state, change, situation.now)
        hint = f"{refused.hint} {_needs(left)}"
        raise type(refused)(str(refused), hint=hint, unmet=left) from None


def _check_earlier(
    situation: Situation, change: Change, command: commands.Vote
) -> None:
    """What somebody has said of it before stands in the way of what they say now."""
    handle = situation.actor.handle
    if command.verdict is Verdict.RETRACT and all(
        vote.by != handle for vote in change.votes
    ):
        raise NotFound(
            f"{handle} has no vote on change {change.id}",
            hint="There is nothing to retract.",
        )
    if command.verdict not in {Verdict.VETO, Verdict.REJECT} and any(
        veto.by == handle for veto in change.vetoes
    ):
        raise Conflict(
            f"{handle} has vetoed change {change.id}, and that stands",
            hint="Clear it first, with a reason: "
            f"`placet clear-veto {change.id} --of {handle}`.",
        )


def _check_seat(situation: Situation, change: Change, seat: str) -> None:
    actor = situation.actor
    if seat not in actor.seats:
        held = ", ".join(actor.seats) or "none"
        raise NotAllowed(
            f"{actor.handle} does not hold the seat {seat[:64]!r}",
            hint=f"Seats held: {held}.",
        )
    if not any(holds(actor, seat, one) for one in parts(of_effect(change))):
        raise NotAllowed(
            f"{actor.handle} holds the seat {seat} for other documents",
            hint="It is limited, and covers nothing that this change touches.",
        )
    state, environment = situation.state, change.environment
    refuse_cooling(state, actor, environment, seat, situation.now)


def _needs(left: Iterable[Unmet]) -> str:
    told = " ".join(f"{one.requirement}: {one.why}" for one in left)
    return f"The change needs: {told}" if told else "Everybody who is asked agrees."


def _check_named(named: tuple[str, ...], seat: str, doing: str) -> None:
    if seat not in named:
        raise NotAllowed(
            f"the seat {seat} may not {doing} here",
            hint="The policy gives that to: " + (", ".join(named) or "nobody") + ".",
        )


def _check_whole(situation: Situation, change: Change, seat: str) -> None:
    """Rejecting ends all of a change, and takes a seat that covers all of it."""
    if not holds(situation.actor, seat, of_change(change)):
        raise NotAllowed(
            f"{situation.actor.handle} holds the seat {seat} for a part of it only",
            hint="Veto it, which another one can clear, or ask for changes.",
        )


def _check_clearer(situation: Situation, change: Change, policy: Policy) -> None:
    handle = situation.actor.handle
    if handle in change.contributors:
        raise Contributed(f"{handle} has contributed to change {change.id}")
    clearing = clearing_seats(situation.state, change, handle)
    if not clearing:
        raise NotAllowed(
            "a veto is cleared by whoever cast it",
            hint="Or by somebody who holds one of these seats for all of it: "
            + (", ".join(policy.veto_clearers) or "none")
            + ".",
        )
    state, now = situation.state, situation.now
    oldest = min(
        clearing,
        key=lambda seat: cools_until(state, handle, seat, change.environment) or now,
    )
    refuse_cooling(state, situation.actor, change.environment, oldest, now)
