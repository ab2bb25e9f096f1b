"""Waivers: somebody does without a check that the policy requires, for a time.

The rules:

 * It takes a person who signed in, a seat that the policy names for this check and
   that they hold there, and a reason.  Nobody waives for what they contributed to.
 * It is for exactly the review digest that it names, and for at most thirty days.
 * What is met already needs no waiver, and what nobody asks for has none.
"""

from datetime import timedelta

from registry import commands
from registry.authorization import Action, authorize
from registry.changes import Change
from registry.decisions import Decision, Situation, check_text
from registry.errors import (
    Conflict,
    ContentMoved,
    Contributed,
    Invalid,
    NotAllowed,
    NotFound,
)
from registry.names import Ref
from registry.proposals import open_one
from registry.required_checks import Asked, check_standings, may_waive, required
from registry.resources import of_documents
from registry.review_payloads import CheckWaived
from registry.seats import refuse_cooling
from registry.staleness import refuse_not_current
from registry.times import said

MAX_DAYS = 30


def waive(situation: Situation, command: commands.WaiveCheck) -> Decision:
    change = open_one(situation, command.change)
    asked = _asked(situation, change, command.check)
    about = (Ref(what) for one in asked for what in one.because)
    authorize(situation.actor, Action.WAIVE, of_documents(change.environment, about))
    if command.review_digest != change.revision.review_digest:
        raise ContentMoved(
            f"change {change.id} is at revision {change.revision.number} now, with "
            f"review digest {change.revision.review_digest}"
        )
    refuse_not_current(situation.state, change)
    _check_waiver(situation, change, asked, command)
    _check_expiry(situation, command)
    return Decision(
        payload=CheckWaived(
            change=change.id,
            environment=change.environment,
            revision=change.revision.number,
            review_digest=command.review_digest,
            check=command.check,
            seat=command.seat,
            reason=check_text(command.reason, "doing without a check"),
            expires=command.expires,
        ),
        subject=f"Do without {command.check} for change {change.id} in "
        f"{change.environment}, for {command.seat}",
        trailers=(
            ("Change", str(change.id)),
            ("Review-Digest", command.review_digest),
        ),
        files={},
    )


def _check_waiver(
    situation: Situation,
    change: Change,
    asked: list[Asked],
    command: commands.WaiveCheck,
) -> None:
    handle, name = situation.actor.handle, command.check
    refuse_cooling(
        situation.state,
        situation.actor,
        change.environment,
        command.seat,
        situation.now,
    )
    if handle in change.contributors:
        raise Contributed(
            f"{handle} has contributed to change {change.id}",
            hint="Somebody who has not worked on it can do without its checks.",
        )
    if not any(
        may_waive(situation.state, change, one, handle, command.seat, situation.now)
        for one in asked
    ):
        seats = sorted({seat for one in asked for seat in one.check.waived_by})
        raise NotAllowed(
            f"{handle} may not do without {name} as {command.seat[:64]}",
            hint="The policy gives that to: " + (", ".join(seats) or "nobody") + ".",
        )
    stand = check_standings(situation.state, change, situation.documents, situation.now)
    if all(one.met for one in stand if one.name == name):
        raise Conflict(
            f"{name} is met already for change {change.id}",
            hint="There is nothing to do without.",
        )


def _asked(situation: Situation, change: Change, name: str) -> list[Asked]:
    found = required(situation.state, change, situation.documents)
    asked = [one for one in found if one.check.name == name]
    if not asked:
        names = ", ".join(dict.fromkeys(one.check.name for one in found)) or "none"
        raise NotFound(
            f"the policy does not require {name[:64]!r} of change {change.id}",
            hint=f"Required checks of it: {names}.",
        )
    return asked


def _check_expiry(situation: Situation, command: commands.WaiveCheck) -> None:
    latest = situation.now + timedelta(days=MAX_DAYS)
    if command.expires.tzinfo is None or not situation.now < command.expires <= latest:
        raise Invalid(
            "a waiver ends, at most thirty days from now",
            hint=f"Say until when, {said(latest)} at the latest.",
        )
