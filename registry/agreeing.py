"""Agreeing: what it takes beside a seat, where the policy in force says so.

* It may take a sign-in of the last minutes, for some tiers, and a reason.  Of several
  documents one of such a tier is enough.
* A sign-in is as old as the password that was given for it: using it makes it no
  younger.  Where nobody knows when that was, it is too old.
* An objection takes no new sign-in, and neither does taking back what one said:
  nothing is in the way of a no.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from registry.decisions import Situation, check_text
from registry.documents import Tier
from registry.errors import Invalid, SessionNeeded
from registry.names import Ref
from registry.policies import Policy
from registry.policy_rules import SignInRule
from registry.ratification import Ratification
from registry.state import State
from registry.timing import tiers_of

Tiers = AbstractSet[Tier]


def why_sign_in_again(
    policy: Policy, tiers: Tiers, signed_in_at: datetime | None, now: datetime
) -> str | None:
    """A sentence, if agreeing takes a newer sign-in than that; else `None`."""
    rule = policy.recent_sign_in
    if rule is None or tiers.isdisjoint(rule.tiers) or _holds(rule, signed_in_at, now):
        return None
    return f"This takes a sign-in of the last {rule.minutes} minutes."


def takes_reason(policy: Policy, tiers: Tiers) -> bool:
    return not tiers.isdisjoint(policy.reason_tiers)


def refuse_old_sign_in(situation: Situation, environment: str, tiers: Tiers) -> None:
    """Raises:
    SessionNeeded: The policy asks for a newer one.
    """
    policy = situation.state.environment(environment).policy
    told = why_sign_in_again(policy, tiers, situation.signed_in_at, situation.now)
    if told is not None:
        handle = situation.actor.handle
        raise SessionNeeded(
            f"the sign-in of {handle} is too old to agree to this",
            hint=f"Sign in again (`placet login`), then vote. {told}",
        )


def check_reason(policy: Policy, tiers: Tiers, reason: str, what: str) -> str:
    """*reason* as the ledger takes it; empty where none is given and none asked for.

    Raises:
        Invalid: The policy asks for one, or it cannot be one.
    """
    if not reason.strip() and takes_reason(policy, tiers):
        raise Invalid(
            f"{what} needs a reason here: the policy asks for one",
            hint="Say what you looked at, and why you agree.",
        )
    return check_text(reason, f"the reason of {what}") if reason else ""


def tiers_judged(state: State, ratification: Ratification) -> frozenset[Tier]:
    """Of what went live: of its change, else of what it put back and took away.

    What is found nowhere counts as high.
    """
    if ratification.change is not None:
        return frozenset(tiers_of(state.change(ratification.change)))
    environment = state.environment(ratification.environment)
    moments = map(environment.moments.get, (ratification.seq - 1, ratification.seq))
    asked = {what for one in ratification.opened.requirements for what in one.because}
    found = [
        moment.live.get(Ref(what))
        for moment in moments
        if moment is not None
        for what in asked
    ]
    tiers = frozenset(one.document.tier for one in found if one is not None)
    return tiers or frozenset({Tier.HIGH})


def _holds(rule: SignInRule, signed_in_at: datetime | None, now: datetime) -> bool:
    lasts = timedelta(minutes=rule.minutes)
    return signed_in_at is not None and now - signed_in_at <= lasts
