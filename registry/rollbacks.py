"""Rollbacks: putting back what was live before, at once.

The rules:

 * A rollback replaces documents by what they were at an earlier seq: one bot
   with what it used then, one document, or the whole environment.
 * It needs no new vote if everything that it touches would read as something
   that was live in this environment within the policy's window, nothing of that
   was recalled, and no guardrail protects less than the one that is live now,
   cases that are gone apart.  Otherwise it can be proposed, like any change.
 * It takes an operator, or the bot's owner, deputy or on-call, and a reason.
 * It is an activation: it goes forward to the next seq, never back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry import commands
from registry.activations import put_in_place
from registry.advice import Advice, advise_all
from registry.changes import Base, ChangeType, Fact
from registry.decisions import (
    MAX_TITLE_CHARS,
    Decision,
    Situation,
    activation_trailers,
    check_text,
)
from registry.documents import Document
from registry.effects import Effect, Replacements, effect, overlay, used
from registry.errors import Conflict, Invalid, NotAgreed, NotAllowed, NotFound
from registry.facts import facts
from registry.names import Kind, Ref, kind_of
from registry.people import Actor, Role
from registry.policies import FactName
from registry.proposals import open_change
from registry.revisions import incoming, refuse_recalled
from registry.state import Environment, Live, seq_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """One document of a rollback: its version now and afterwards."""

    document: Ref
    now: str | None
    afterwards: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """An activation after the target that touched what goes back."""

    seq: int
    change: int | None
    by: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a rollback would do.

    Attributes:
        restored: The seq that it goes back to.
        affected: Every document that would read differently.
        undoes: Newest first.
        needs_vote: Why it cannot be done at once; empty if it can.
        facts: What it does, compared with what is live now.
        warnings: What is worth a look in what would be live, as of today.
    """

    environment: str
    restored: int
    replaced: tuple[Replaced, ...]
    affected: tuple[Ref, ...]
    undoes: tuple[Undone, ...]
    needs_vote: tuple[str, ...]
    facts: tuple[Fact, ...]
    warnings: tuple[Advice, ...]


def roll_back(situation: Situation, command: commands.Rollback) -> Decision:
    environment = situation.state.environment(command.environment)
    reason = check_text(command.reason, "a rollback's reason")
    restored = _target(environment, command, situation.now)
    replacements = _replacements(situation, environment, command, restored)
    if command.propose:
        situation.actor.require("propose a rollback", Role.AUTHOR, Role.OPERATOR)
        first_line = " ".join(reason.splitlines()[0].split())
        title = f"Roll back to seq {restored}: {first_line}"[:MAX_TITLE_CHARS]
        return open_change(
            situation, environment, ChangeType.ROLLBACK, title, replacements
        )
    _check_actor(situation, environment, command)
    outlook = effect(environment, replacements, situation.documents)
    refuse_recalled(situation.state, incoming(environment, outlook))
    found = facts(environment, replacements, situation.documents, by_cases=False)
    needs = _needs_vote(situation, environment, outlook, restored, found)
    if needs:
        raise NotAgreed(
            "this rollback needs votes: " + "; ".join(needs),
            hint="Propose it as a change: `placet rollback ... --propose`.",
        )
    payload, files = put_in_place(
        situation,
        environment,
        replacements,
        outlook,
        change=None,
        restored=restored,
        reason=reason,
    )
    scope = command.scope or "everything"
    return Decision(
        payload=payload,
        subject=f"Roll back {scope} in {environment.name} to seq {restored}",
        trailers=activation_trailers(None, payload.seq, None),
        files=files,
    )


def preview(situation: Situation, command: commands.Rollback) -> Preview:
    """What the rollback would do, without doing it."""
    state = situation.state
    environment = state.environment(command.environment)
    restored = _target(environment, command, situation.now)
    replacements = _replacements(situation, environment, command, restored)
    outlook = effect(environment, replacements, situation.documents)
    recalled = (d for d in incoming(environment, outlook) if d in state.recalled)
    found = facts(environment, replacements, situation.documents, by_cases=False)
    return Preview(
        environment=environment.name,
        restored=restored,
        replaced=tuple(
            _replaced(environment, name, document)
            for name, document in sorted(replacements.items())
        ),
        affected=tuple(one.document for one in outlook.affected),
        undoes=_undone(environment, replacements, restored),
        needs_vote=(
            *_needs_vote(situation, environment, outlook, restored, found),
            *(f"{digest} was recalled" for digest in recalled),
        ),
        facts=found,
        warnings=advise_all(
            (one.document for one in outlook.affected if one.after is not None),
            overlay(environment, replacements, situation.documents),
            situation.now.date(),
            state.people,
        ),
    )


def _target(environment: Environment, command: commands.Rollback, now: datetime) -> int:
    given = (command.to_seq, command.to_moment, command.to_version)
    if sum(one is not None for one in given) != 1:
        raise Invalid(
            "a rollback goes back to one thing",
            hint="Give a seq, a moment or (for one document) a version.",
        )
    if command.to_version is not None:
        return _seq_of_version(environment, command.scope, command.to_version)
    if command.to_moment is not None:
        return seq_at(environment, command.to_moment, now)
    return command.to_seq or 0


def _seq_of_version(environment: Environment, scope: Ref | None, version: str) -> int:
    if scope is None:
        raise Invalid(
            "an environment has no version", hint="Give a seq or a moment instead."
        )
    for seq in range(environment.seq, 0, -1):
        live = environment.moments[seq].live.get(scope)
        if live is not None and live.document.version == version:
            return seq
    raise NotFound(
        f"{scope} {version[:64]} was never live in {environment.name}",
        hint="`placet log` lists the versions that were.",
    )


def _replacements(
    situation: Situation,
    environment: Environment,
    command: commands.Rollback,
    restored: int,
) -> dict[Ref, Document | None]:
    then = environment.moment(restored).live
    if command.scope is None:
        names = {*environment.live, *then}
    elif kind_of(command.scope) is Kind.BOT:
        names = {command.scope, *used(then, (command.scope,))}
    else:
        names = {command.scope}
    replacements: dict[Ref, Document | None] = {}
    for name in sorted(names):
        before, after = environment.live.get(name), then.get(name)
        if (before and before.document.digest) != (after and after.document.digest):
            replacements[name] = (
                situation.documents[after.document.digest] if after else None
            )
    if not replacements:
        raise Conflict(
            f"{command.scope or environment.name} is as it was at seq {restored}",
            hint="There is nothing to roll back.",
        )
    return replacements


def _check_actor(
    situation: Situation, environment: Environment, command: commands.Rollback
) -> None:
    if Role.OPERATOR in situation.actor.roles:
        return
    scope = command.scope
    if scope is not None and kind_of(scope) is Kind.BOT:
        live = environment.live.get(scope)
        if live is not None and answers_for(
            situation.documents[live.document.digest], situation.actor
        ):
            return
    raise NotAllowed(
        f"{situation.actor.handle} may not roll back in {environment.name}",
        hint="It takes an operator, or the bot's owner, deputy or on-call.",
    )


def answers_for(bot: Document, actor: Actor) -> bool:
    """Whether *actor* is the bot's owner, deputy or on-call, in person."""
    people = {bot.value.get(part) for part in ("owner", "deputy", "on_call")}
    return actor.in_person and actor.handle in people


def _needs_vote(
    situation: Situation,
    environment: Environment,
    outlook: Effect,
    restored: int,
    found: tuple[Fact, ...],
) -> tuple[str, ...]:
    days = environment.policy.rollback_days
    horizon = situation.now - timedelta(days=days)
    reasons = [
        f"it protects less: {fact.sentence}"
        for fact in found
        if fact.name is FactName.GUARDRAIL_WEAKENED
    ]
    for affected in outlook.affected:
        if affected.after is None:
            if environment.moments[restored + 1].at < horizon:
                reasons.append(
                    f"{affected.document} was not live then, more than {days} days ago"
                )
            continue
        key = (affected.document, affected.after)
        if key not in environment.was_live:
            reasons.append(f"{affected.document} never read like that before")
            continue
        ended = environment.was_live[key]
        if ended is not None and ended < horizon:
            reasons.append(
                f"{affected.document} last read like that more than {days} days ago"
            )
    return tuple(reasons)


def _replaced(
    environment: Environment, name: Ref, document: Document | None
) -> Replaced:
    live = environment.live.get(name)
    return Replaced(
        document=name,
        now=live.document.version if live else None,
        afterwards=document.version if document else None,
    )


def _undone(
    environment: Environment,
    replacements: Replacements,
    restored: int,
) -> tuple[Undone, ...]:
    undone = []
    for seq in range(environment.seq, restored, -1):
        moment = environment.moments[seq]
        before = environment.moments[seq - 1].live
        if any(_base(moment.live, n) != _base(before, n) for n in replacements):
            undone.append(
                Undone(seq=seq, change=moment.change, by=moment.by, title=moment.title)
            )
    return tuple(undone)


def _base(live: Mapping[Ref, Live], name: Ref) -> Base | None:
    held = live.get(name)
    return held.base if held else None
