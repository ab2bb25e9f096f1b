"""Rollbacks: putting back what was live before, at once.

The rules:

 * A rollback replaces documents by what they were at an earlier seq: see
   `registry.rollback_targets`.
 * It needs no new vote if everything that it touches would read as something
   that was live in this environment within the policy's window, people had agreed to
   that (`registry.unagreed_content`), nothing of it was recalled, and no guardrail
   protects less than the one that is live now, cases that are gone apart.  Otherwise
   it can be proposed, like any change.
 * What people have repudiated may be put back, to what it was before, for as long
   again, whatever its age and whatever protects less because of it: they have
   looked at it, and said so.  That is so of each document that is still as the
   repudiated seq left it, and of no other: what lies on top was agreed to since.
 * It takes an operator, or the bot's owner, deputy or on-call, and a reason.  What
   other bots share takes somebody who answers for each of them, and what is in no bot
   its owner; or an operator.
 * Who names the seq at which they read what it would do is refused if the environment
   has moved since.
 * It is an activation: it goes forward to the next seq, never back.
 * If it touches something of tier high, changes a model or what users are told
   about talking to a machine, or takes a case away from a guardrail, it opens a
   ratification: it is live at once, and whoever would have been asked before is
   asked afterwards.  Where the policy asks nobody, nobody is; what was repudiated
   is not asked about again.
 * No freeze window keeps it back.

In the code the *target* is what goes back and to which seq, the *outlook* what the
environment would be like then, and *taken back* what people have repudiated of what
is live and the rollback ends.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from registry import commands
from registry.authorization import Action, authorize, may
from registry.authorship import contributors_to
from registry.changes import ChangeType, Fact
from registry.decisions import (
    MAX_TITLE_CHARS,
    Decision,
    Situation,
    activation_trailers,
    check_text,
    refuse_moved,
)
from registry.documents import Tier
from registry.effects import Effect, dependents, effect
from registry.errors import NotAgreed, NotAllowed
from registry.facts import facts
from registry.going_live import Edited, put_in_place
from registry.names import Digest, Kind, Ref, kind_of
from registry.policies import Matched
from registry.policy_rules import FactName
from registry.proposals import open_change
from registry.ratification import Opened, Ratified, asked_afterwards
from registry.recalled_content import incoming, refuse_recalled
from registry.resources import of_bot, of_documents
from registry.revisions import told_and_asked
from registry.rollback_targets import Target, live_at, scope_of, target_of
from registry.state import Environment, Live
from registry.unagreed_content import unagreed

_HARMFUL = {
    FactName.GUARDRAIL_WEAKENED,
    FactName.MODEL_CHANGED,
    FactName.DISCLOSURE_CHANGED,
}
"""What a rollback does that somebody has to look at, if only afterwards."""


def roll_back(situation: Situation, command: commands.Rollback) -> Decision:
    environment = situation.state.environment(command.environment)
    reason = check_text(command.reason, "a rollback's reason")
    refuse_moved(environment, command.expected_seq)
    target = target_of(situation, environment, command)
    if command.propose:
        authorize(
            situation.actor,
            Action.PROPOSE_ROLLBACK,
            of_documents(environment.name, target.replacements),
        )
        first_line = " ".join(reason.splitlines()[0].split())
        title = f"Roll back to seq {target.restored}: {first_line}"[:MAX_TITLE_CHARS]
        return open_change(
            situation, environment, ChangeType.ROLLBACK, title, target.replacements
        )
    check_actor(situation, environment, command.scope, target)
    outlook = effect(environment, target.replacements, situation.documents)
    refuse_recalled(situation.state, incoming(environment, outlook))
    needs = needs_vote(situation, environment, target, outlook)
    if needs:
        raise NotAgreed(
            "this rollback needs votes: " + "; ".join(needs),
            hint="Propose it as a change: `placet rollback ... --propose`.",
        )
    payload, files = put_in_place(
        situation,
        environment,
        Edited(replacements=target.replacements, outlook=outlook),
        change=None,
        restored=target.restored,
        reason=reason,
        ratification=ratification(situation, environment, target, outlook),
    )
    scope = scope_of(command)
    return Decision(
        payload=payload,
        subject=f"Roll back {scope} in {environment.name} to seq {target.restored}",
        trailers=activation_trailers(None, payload.seq, None),
        files=files,
    )


def needs_vote(
    situation: Situation, environment: Environment, target: Target, outlook: Effect
) -> tuple[str, ...]:
    """Why it cannot be done at once; empty if it can."""
    taken_back = _taken_back(situation, environment, target, outlook)
    weaker = facts(
        environment, target.replacements, situation.documents, by_cases=False
    )
    reasons = [
        f"it protects less: {fact.sentence}"
        for fact in weaker
        if fact.name is FactName.GUARDRAIL_WEAKENED
        and not taken_back.issuperset(fact.documents)
    ]
    return (
        *(one.why for one in unagreed(situation.state, environment, outlook)),
        *reasons,
        *_too_old(environment, target, outlook, taken_back, situation.now),
    )


def ratification(
    situation: Situation, environment: Environment, target: Target, outlook: Effect
) -> Opened | None:
    """What the rollback opens; `None` if nobody has to agree to it afterwards."""
    touched = {*(one.document for one in outlook.documents), *outlook.deleted}
    if touched <= _taken_back(situation, environment, target, outlook):
        return None
    told, asked = told_and_asked(situation, environment, target.replacements, outlook)
    why = _to_look_at(outlook, told)
    asked = asked_afterwards(environment.policy, asked)
    if not why or not asked:
        return None
    return _opened(situation, environment, target, why, asked)


def check_actor(
    situation: Situation, environment: Environment, scope: Ref | None, target: Target
) -> None:
    """Raises:
    NotAllowed: What goes back is not all the actor's to put back.
    """
    actor = situation.actor
    answering = _answering(situation, environment, scope, target)
    resource = replace(
        of_documents(environment.name, target.replacements),
        answering=frozenset.intersection(*answering.values() or [frozenset()]),
    )
    others = [one for one, people in answering.items() if actor.handle not in people]
    theirs = actor.in_person and len(others) < len(answering)
    if theirs and not may(actor, Action.ROLL_BACK, resource):
        raise NotAllowed(
            f"{actor.handle} does not answer for {', '.join(others)}, which this "
            "changes as well",
            hint="An operator can do it, or somebody who answers for each of them.",
        )
    authorize(actor, Action.ROLL_BACK, resource)


def _answering(
    situation: Situation, environment: Environment, scope: Ref | None, target: Target
) -> dict[Ref, frozenset[str]]:
    """Where a bot goes back: who answers for each live bot that changes.

    What changes as well and is in no bot, its owner answers for.
    """
    if scope is None or kind_of(scope) is not Kind.BOT or scope not in environment.live:
        return {}
    answering = {}
    for name in dependents(environment, target.replacements):
        live = environment.live.get(name)
        if live is None:
            continue
        users = dependents(environment, (name,))
        if kind_of(name) is Kind.BOT:
            bot = situation.documents[live.document.digest]
            answering[name] = of_bot(environment.name, bot).answering
        elif all(kind_of(user) is not Kind.BOT for user in users):
            answering[name] = frozenset({live.document.owner})
    return answering


def _taken_back(
    situation: Situation, environment: Environment, target: Target, outlook: Effect
) -> frozenset[Ref]:
    """What a repudiated seq brought, and goes back to how it was before that seq.

    Only the seq right after the target: what lies further back was not looked at.
    """
    seq = target.restored + 1
    judged = situation.state.ratifications.get(environment.moments[seq].number)
    if judged is None or judged.outcome is not Ratified.REPUDIATED:
        return frozenset()
    window = timedelta(days=environment.policy.rollback_days)
    if judged.closed_at is None or situation.now > judged.closed_at + window:
        return frozenset()
    before, brought = live_at(environment, target.restored), live_at(environment, seq)
    return frozenset(
        one.document
        for one in outlook.affected
        if environment.live.get(one.document) == brought.get(one.document)
        and _reads(before.get(one.document)) == one.after
    )


def _too_old(
    environment: Environment,
    target: Target,
    outlook: Effect,
    taken_back: frozenset[Ref],
    now: datetime,
) -> list[str]:
    """Args:
    taken_back: May come back, whatever its age.
    """
    days = environment.policy.rollback_days
    horizon = now - timedelta(days=days)
    reasons = []
    for one in outlook.affected:
        if one.document in taken_back:
            continue
        if one.after is None:
            if environment.moments[target.restored + 1].at < horizon:
                reasons.append(
                    f"{one.document} was not live then, more than {days} days ago"
                )
            continue
        key = (one.document, one.after)
        ended = environment.was_live.get(key)
        if key not in environment.was_live:
            reasons.append(f"{one.document} never read like that before")
        elif ended is not None and ended < horizon:
            reasons.append(
                f"{one.document} last read like that more than {days} days ago"
            )
    return reasons


def _reads(live: Live | None) -> Digest | None:
    return live.document.composed if live else None


def _to_look_at(outlook: Effect, told: tuple[Fact, ...]) -> tuple[str, ...]:
    high = [one.document for one in outlook.affected if one.tier is Tier.HIGH]
    said = [f"{fact.name}: {fact.sentence}" for fact in told if fact.name in _HARMFUL]
    if high:
        said.insert(0, "it touches what has the tier high: " + ", ".join(high))
    return tuple(said)


def _opened(
    situation: Situation,
    environment: Environment,
    target: Target,
    why: tuple[str, ...],
    asked: tuple[Matched, ...],
) -> Opened:
    texts = (
        (name, document.digest, live.document.digest if live else None)
        for name, document in target.replacements.items()
        if document is not None
        for live in (environment.live.get(name),)
    )
    excluded = contributors_to(situation.state, texts) | {situation.actor.handle}
    return Opened(
        why=why,
        incident=None,
        requirements=asked,
        excluded=tuple(sorted(excluded)),
        due=situation.now + timedelta(hours=environment.policy.ratify_hours),
    )
