"""Reviews: votes, comments, and taking a change back.

The rules:

 * A vote names the review digest of what its author read.
 * Only a person who signed in votes, in a seat that they hold, and never on
   what they contributed to.
 * Rejecting is final, and belongs to the seats that the policy names for it.
 * A veto is cleared by whoever cast it or by somebody in a seat that the policy
   names for it, also when its author has left; with a reason, never in passing
   by voting again.
 * Whoever submitted a revision of a change can take it back.
 * A token comments and takes back only for an author.
"""

from registry import commands
from registry.changes import Change, Outcome, Verdict
from registry.decisions import Decision, Situation, check_text
from registry.errors import (
    Conflict,
    ContentMoved,
    Contributed,
    NotAllowed,
    NotFound,
    SessionNeeded,
)
from registry.payloads import Closed, Commented, VetoCleared, Voted
from registry.people import SESSION, Role
from registry.policies import Policy
from registry.proposals import open_one
from registry.standing import refuse_not_current

_VERBS = {
    Verdict.APPROVE: "Approve",
    Verdict.ASK: "Ask for changes to",
    Verdict.VETO: "Veto",
    Verdict.REJECT: "Reject",
    Verdict.RETRACT: "Retract the vote on",
}


def vote(situation: Situation, command: commands.Vote) -> Decision:
    change = open_one(situation, command.change)
    _check_seat(situation, command.seat, "vote")
    if command.review_digest != change.revision.review_digest:
        raise ContentMoved(
            f"change {change.id} is at revision {change.revision.number} now, with "
            f"review digest {change.revision.review_digest}"
        )
    _check_voter(situation, change, command)
    if command.verdict is Verdict.APPROVE:
        refuse_not_current(situation.state, change)
    if command.verdict is Verdict.REJECT:
        policy = situation.state.environment(change.environment).policy
        _check_named(policy.rejecters, command.seat, "reject a change")
    reason = command.reason
    if command.verdict not in {Verdict.APPROVE, Verdict.RETRACT} or reason:
        reason = check_text(reason, "the reason of a vote")
    return Decision(
        payload=Voted(
            change=change.id,
            environment=change.environment,
            revision=change.revision.number,
            review_digest=command.review_digest,
            verdict=command.verdict,
            seat=command.seat,
            reason=reason,
        ),
        subject=f"{_VERBS[command.verdict]} change {change.id} in "
        f"{change.environment} for {command.seat}",
        trailers=(
            ("Change", str(change.id)),
            ("Review-Digest", command.review_digest),
        ),
        files={},
    )


def clear_veto(situation: Situation, command: commands.ClearVeto) -> Decision:
    change = open_one(situation, command.change)
    policy = situation.state.environment(change.environment).policy
    if all(veto.by != command.veto_by for veto in change.vetoes):
        raise NotFound(
            f"{command.veto_by[:64]} has no veto on change {change.id}",
            hint=f"`placet show {change.id}` lists the vetoes.",
        )
    _check_session(situation, "clear a veto")
    if command.veto_by != situation.actor.handle:
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
    _check_token(situation, "comment")
    change = situation.state.change(command.change)
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
    _check_token(situation, "withdraw a change")
    change = open_one(situation, command.change)
    if situation.actor.handle not in {revision.by for revision in change.revisions}:
        raise NotAllowed(
            f"{situation.actor.handle} did not write change {change.id}",
            hint="Its author can withdraw it; a voter can ask for changes or veto.",
        )
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


def _check_voter(situation: Situation, change: Change, command: commands.Vote) -> None:
    handle = situation.actor.handle
    if handle in change.contributors:
        raise Contributed(f"{handle} has contributed to change {change.id}")
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
            hint=f"Clear it first, with a reason: `placet clear-veto {change.id}`.",
        )


def _check_token(situation: Situation, doing: str) -> None:
    if not situation.actor.in_person:
        situation.actor.require(doing, Role.AUTHOR)


def _check_session(situation: Situation, doing: str) -> None:
    if situation.actor.via != SESSION:
        raise SessionNeeded(f"a token cannot {doing}")


def _check_seat(situation: Situation, seat: str, doing: str) -> None:
    _check_session(situation, doing)
    if seat not in situation.actor.seats:
        held = ", ".join(situation.actor.seats) or "none"
        raise NotAllowed(
            f"{situation.actor.handle} does not hold the seat {seat[:64]!r}",
            hint=f"Seats held: {held}. An administrator can grant one.",
        )


def _check_named(named: tuple[str, ...], seat: str, doing: str) -> None:
    if seat not in named:
        raise NotAllowed(
            f"the seat {seat} may not {doing} here",
            hint="The policy gives that to: " + (", ".join(named) or "nobody") + ".",
        )


def _check_clearer(situation: Situation, change: Change, policy: Policy) -> None:
    if situation.actor.handle in change.contributors:
        raise Contributed(
            f"{situation.actor.handle} has contributed to change {change.id}"
        )
    if not set(situation.actor.seats) & set(policy.veto_clearers):
        raise NotAllowed(
            "a veto is cleared by whoever cast it",
            hint="Or by somebody in one of these seats: "
            + (", ".join(policy.veto_clearers) or "none")
            + ".",
        )
