"""Previews of rollbacks: what one would do, told before it is done.

Beside what goes back: whose work it undoes, what has lapsed since it was live,
what becomes stronger and what becomes weaker, which open changes it makes stale,
whether it needs a vote, and whether people are asked to agree to it afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from registry import commands, glossaries
from registry.advice import Advice, advise_all
from registry.authorization import Action, why_not
from registry.changes import Fact
from registry.comparisons import Comparison, find
from registry.decisions import Situation
from registry.documents import Document
from registry.effects import Effect, Replacements, effect, overlay
from registry.errors import NotAllowed
from registry.facts import facts
from registry.foreseen import stale_by
from registry.going_live import activated
from registry.made_stale import MadeStale
from registry.names import Kind, Ref, kind_of
from registry.ratification import Ratified
from registry.recalled_content import incoming, recalled
from registry.resources import of_documents
from registry.retirements import near
from registry.rollback_targets import Target, replaces, target_of
from registry.rollbacks import check_actor, needs_vote, ratification
from registry.state import Environment, State
from registry.upkeep import lapsed_reviews
from registry.weakening import weakened


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """One document of a rollback: its version now and afterwards."""

    document: Ref
    now: str | None
    afterwards: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """An activation after the target that touched what goes back.

    Attributes:
        yours: Whether it is of whoever asks.
        ratification: The id, if people were asked to agree to it afterwards.
        incident: Of an emergency.
        judged: What people said of it afterwards, if they were asked and have.
    """

    seq: int
    change: int | None
    by: str
    title: str
    yours: bool
    ratification: int | None
    incident: str | None
    judged: Ratified | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingBack:
    """What keeps whoever asks from it, and whom it takes; `None` if nothing does.

    Attributes:
        why_not: Of doing it at once.
        why_not_propose: Of putting it to people.
    """

    why_not: str | None
    why_not_propose: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a rollback would do.

    Attributes:
        seq: Of the environment as this was worked out.
        restored: The seq that it goes back to.
        affected: Every document that would read differently.
        undoes: Newest first.
        recalled: What of it was recalled: then it is refused, with votes or without.
        needs_vote: Why it takes votes; empty if it does not.
        ratify: Why people would have to agree to it afterwards; empty if not.
        facts: What it does, compared with what is live now.
        stronger: What protects more afterwards.
        lapsed: What held when it was live and does not any more: terms that have
            expired, models that were shut down, reviews that are overdue.
        warnings: What is worth a look in what would be live, as of today.
        makes_stale: Open changes that could not go live any more as they are.
    """

    environment: str
    seq: int
    restored: int
    replaced: tuple[Replaced, ...]
    affected: tuple[Ref, ...]
    undoes: tuple[Undone, ...]
    recalled: tuple[str, ...]
    needs_vote: tuple[str, ...]
    ratify: tuple[str, ...]
    facts: tuple[Fact, ...]
    stronger: tuple[str, ...]
    lapsed: tuple[str, ...]
    warnings: tuple[Advice, ...]
    makes_stale: tuple[MadeStale, ...]
    you: RollingBack


def preview(situation: Situation, command: commands.Rollback) -> Preview:
    """What the rollback would do, without doing it."""
    state = situation.state
    environment = state.environment(command.environment)
    target = target_of(situation, environment, command)
    replacements = target.replacements
    outlook = effect(environment, replacements, situation.documents)
    refused = recalled(state, incoming(environment, outlook))
    needs = needs_vote(situation, environment, target, outlook)
    at_once = not (refused or needs)
    opened = ratification(situation, environment, target, outlook) if at_once else None
    return Preview(
        environment=environment.name,
        seq=environment.seq,
        restored=target.restored,
        replaced=tuple(
            _replaced(environment, name, document)
            for name, document in sorted(replacements.items())
        ),
        affected=tuple(one.document for one in outlook.affected),
        undoes=tuple(_undone(state, environment, target, situation.actor.handle)),
        recalled=refused,
        needs_vote=() if refused else needs,
        ratify=opened.why if opened else (),
        facts=facts(environment, replacements, situation.documents, by_cases=False),
        stronger=tuple(_stronger(situation, environment, replacements)),
        lapsed=tuple(_lapsed(situation, environment, target, outlook)),
        warnings=advise_all(
            (one.document for one in outlook.affected if one.after is not None),
            overlay(environment, replacements, situation.documents),
            situation.now.date(),
            state.people,
        ),
        makes_stale=()
        if refused
        else _makes_stale(situation, environment, target, outlook),
        you=_you(situation, environment, command, target),
    )


def _makes_stale(
    situation: Situation, environment: Environment, target: Target, outlook: Effect
) -> tuple[MadeStale, ...]:
    """At once, or once people have agreed to it: what goes live is the same."""
    payload = activated(
        situation.state,
        environment,
        outlook,
        change=None,
        restored=target.restored,
        reason="",
        ratification=None,
    )
    return stale_by(situation, payload)


def _you(
    situation: Situation,
    environment: Environment,
    command: commands.Rollback,
    target: Target,
) -> RollingBack:
    touched = of_documents(environment.name, target.replacements)
    refused: str | None = None
    try:
        check_actor(situation, environment, command.scope, target)
    except NotAllowed as error:
        refused = f"{error}. {error.hint}"
    return RollingBack(
        why_not=refused,
        why_not_propose=why_not(situation.actor, Action.PROPOSE_ROLLBACK, touched),
    )


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
    state: State, environment: Environment, target: Target, asking: str
) -> Iterator[Undone]:
    for seq in range(environment.seq, target.restored, -1):
        moment = environment.moments[seq]
        if not replaces(environment, seq, target.replacements):
            continue
        judged = state.ratifications.get(moment.number)
        yield Undone(
            seq=seq,
            change=moment.change,
            by=moment.by,
            title=moment.title,
            yours=moment.by == asking,
            ratification=judged.id if judged else None,
            incident=judged.opened.incident if judged else None,
            judged=judged.outcome if judged else None,
        )


def _stronger(
    situation: Situation, environment: Environment, replacements: Replacements
) -> Iterator[str]:
    """What would be weaker the other way round."""
    comparison = Comparison(environment, replacements, situation.documents)
    for name in sorted(replacements):
        before, after = comparison.before(name), comparison.after(name)
        if before is None or after is None or not comparison.is_live(name):
            continue
        for one in weakened(
            after, before, was=comparison.will, will=comparison.was, by_cases=False
        ):
            rule = f"rule `{one.rule}`: " if one.rule else ""
            yield f"{name}: {rule}what is live now is weaker: {one.sentence}"


def _lapsed(
    situation: Situation, environment: Environment, target: Target, outlook: Effect
) -> Iterator[str]:
    get = overlay(environment, target.replacements, situation.documents)
    then = _day(environment, target.restored)
    today = situation.now.date()
    seen: set[Ref] = set()
    waiting = [one.document for one in outlook.affected if one.after is not None]
    while waiting:
        name = waiting.pop(0)
        document = None if name in seen else find(get, name)
        if document is None:
            continue
        seen.add(name)
        waiting.extend(use.ref for use in document.uses)
        yield from (f"{name}: {why}" for why in _ended(document, then, today))
    yield from lapsed_reviews(
        situation.state, environment, target.replacements.values(), situation.now
    )


def _ended(document: Document, then: date, today: date) -> Iterator[str]:
    """What of *document* held on the day *then*, and does not today."""
    kind = kind_of(document.ref)
    if kind is Kind.GLOSSARY:
        before = {one.term for one in glossaries.expired(document.value, then)}
        for one in glossaries.expired(document.value, today):
            if one.term not in before:
                yield f"the term {one.term!r} {one.why}"
    if kind is Kind.BINDING:
        day = near(document.value, today, days=0)
        if day is not None and near(document.value, then, days=0) is None:
            yield f"its model was shut down on {day.isoformat()}"


def _day(environment: Environment, seq: int) -> date:
    """When the target went live; before anything was, the day does not matter."""
    return environment.moments[max(seq, 1)].at.date()
