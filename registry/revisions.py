"""Revisions: the content of a change, bound by its review digest.

`revision_of_documents` makes the revision that replaces documents; the other types of
change fill in what is theirs through `revision`.  Either way everything that a
vote agrees to is settled here, once, and nowhere else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from registry.authorship import contributors
from registry.changes import (
    Affected,
    Change,
    ChangeType,
    Edit,
    Fact,
    PolicyPin,
    ProposedPolicy,
    Read,
    Resumption,
    Revision,
)
from registry.comparisons import compared
from registry.decisions import Decision, Situation, check_title, proposal_path
from registry.effects import Effect, Replacements, effect
from registry.errors import Invalid, Stale
from registry.facts import facts, places, true_of
from registry.names import Digest, Ref
from registry.policies import Matched, match, subject
from registry.policy_rules import FactName
from registry.recalled_content import incoming, refuse_recalled
from registry.review_digest import review_digest
from registry.review_payloads import Submitted
from registry.schedules import check_earliest
from registry.state import Environment, State

MAX_DOCUMENTS = 1000

_UNBOUND = Digest("")


def revision(
    situation: Situation,
    environment: Environment,
    *,
    change: int,
    number: int,
    title: str,
    requirements: tuple[Matched, ...],
    strict: bool,
    edits: tuple[Edit, ...] = (),
    effect: tuple[Affected, ...] = (),
    reads: tuple[Read, ...] = (),
    proposed_policy: ProposedPolicy | None = None,
    resumption: Resumption | None = None,
    facts: tuple[Fact, ...] = (),
    compared: tuple[Read, ...] = (),
    earliest: datetime | None = None,
) -> Revision:
    """A revision with its review digest."""
    expires = situation.now + timedelta(days=environment.policy.change_days)
    unbound = Revision(
        number=number,
        by=situation.actor.handle,
        at=situation.now,
        title=check_title(title),
        edits=edits,
        effect=effect,
        reads=reads,
        strict=strict,
        policy=PolicyPin(
            digest=environment.policy_digest, since=environment.policy_since
        ),
        proposed_policy=proposed_policy,
        resumption=resumption,
        requirements=requirements,
        expires=expires,
        review_digest=_UNBOUND,
        facts=facts,
        compared=compared,
        earliest=check_earliest(earliest, now=situation.now, expires=expires),
    )
    digest = review_digest(
        situation.state.repository, environment.name, change, unbound
    )
    return replace(unbound, review_digest=digest)


def revision_of_documents(
    situation: Situation,
    environment: Environment,
    replacements: Replacements,
    *,
    change: int,
    number: int,
    title: str,
    earliest: datetime | None = None,
) -> Revision:
    """The revision that puts *replacements* in place.

    Raises:
        Invalid: There is nothing to change, or too much at once, or *earliest* is
            no moment to go live at.
        RecalledContent: Something in it was recalled.
        InvalidDocument: The documents would not hold together.
        StillReferred: Something that stays refers to a deleted document.
    """
    if not replacements:
        raise Invalid(
            f"everything in it is live in {environment.name} already",
            hint="There is nothing to change.",
        )
    if len(replacements) > MAX_DOCUMENTS:
        raise Invalid(
            f"a change may have at most {MAX_DOCUMENTS} documents",
            hint="Split it into changes that can be agreed to one by one.",
        )
    outlook = effect(environment, replacements, situation.documents)
    refuse_recalled(situation.state, incoming(environment, outlook))
    found, asked = told_and_asked(situation, environment, replacements, outlook)
    return revision(
        situation,
        environment,
        change=change,
        number=number,
        title=title,
        edits=_edits(environment, replacements),
        effect=outlook.affected,
        reads=outlook.reads,
        strict=_strict(environment, outlook.affected),
        requirements=asked,
        facts=found,
        compared=compared(environment, replacements, situation.documents),
        earliest=earliest,
    )


def refuse_other(
    situation: Situation,
    environment: Environment,
    change: Change,
    replacements: Replacements,
    outlook: Effect,
) -> None:
    """Raises:
    Stale: By now *change* does what nobody was told, or asks whom nobody asked.
    """
    revision = change.revision
    found, asked = told_and_asked(situation, environment, replacements, outlook)
    others = places(found) ^ places(revision.facts)
    if others:
        told = ", ".join(f"{name} of {where}" for name, where in sorted(others))
        raise Stale(f"change {change.id} does not do what was told of it: {told}")
    differing = set(asked) ^ set(revision.requirements)
    if differing:
        names = ", ".join(sorted({one.name for one in differing}))
        raise Stale(f"change {change.id} would ask others by now: {names}")


def told_and_asked(
    situation: Situation,
    environment: Environment,
    replacements: Replacements,
    outlook: Effect,
) -> tuple[tuple[Fact, ...], tuple[Matched, ...]]:
    """What *replacements* do, and what the policy requires because of it."""
    found = facts(environment, replacements, situation.documents)
    uses = direct_uses(
        environment,
        (affected.document for affected in outlook.affected),
        ((document.document, document.uses) for document in outlook.documents),
    )
    true = true_of(found, uses)
    return found, requirements(environment, outlook.affected, true)


def direct_uses(
    environment: Environment,
    names: Iterable[Ref],
    brought: Iterable[tuple[Ref, Iterable[Ref]]],
) -> dict[Ref, set[Ref]]:
    """What each of *names* uses itself, now or as it is *brought*."""
    uses: dict[Ref, set[Ref]] = {}
    for name in names:
        live = environment.live.get(name)
        uses[name] = set(live.document.uses if live else ())
    for name, found in brought:
        uses[name].update(found)
    return uses


def opened(
    situation: Situation,
    environment: Environment,
    type: ChangeType,
    revision: Revision,
    files: Mapping[str, bytes | None],
) -> Decision:
    """The decision that opens the next change with *revision*."""
    change = next_change(situation.state)
    return Decision(
        payload=Submitted(
            change=change,
            environment=environment.name,
            type=type,
            revision=revision,
            contributors=contributors_of(situation, environment, type, revision),
        ),
        subject=f"Submit change {change} in {environment.name}: {revision.title}",
        trailers=trailers(change, revision),
        files=files,
    )


def next_change(state: State) -> int:
    """Changes are numbered from 1 without gaps."""
    return len(state.changes) + 1


def contributors_of(
    situation: Situation,
    environment: Environment,
    type: ChangeType,
    revision: Revision,
) -> tuple[str, ...]:
    """Who contributed to *revision*: its author, and whose work it takes over."""
    taken_over = contributors(situation.state, environment, type, revision)
    return tuple(sorted(taken_over | {revision.by}))


def trailers(change: int, revision: Revision) -> tuple[tuple[str, str], ...]:
    return (
        ("Change", str(change)),
        ("Revision", str(revision.number)),
        ("Review-Digest", revision.review_digest),
    )


def proposal_files(
    change: int, number: int, replacements: Replacements
) -> dict[str, bytes | None]:
    """The proposed texts, which stay in the ledger also when they are refused."""
    return {
        proposal_path(change, number, ref): document.source
        for ref, document in replacements.items()
        if document is not None
    }


def requirements(
    environment: Environment,
    affected: tuple[Affected, ...],
    true: Mapping[Ref, Iterable[FactName]],
) -> tuple[Matched, ...]:
    """Args:
    true: The facts that are true of each document.
    """
    subjects = (
        subject(a.document, a.tier, true.get(a.document, ()), a.owners)
        for a in affected
    )
    return match(environment.policy, subjects)


def _edits(environment: Environment, replacements: Replacements) -> tuple[Edit, ...]:
    edits = []
    for ref, document in sorted(replacements.items()):
        live = environment.live.get(ref)
        edits.append(
            Edit(
                document=ref,
                base=live.base if live else None,
                digest=document.digest if document else None,
                version=document.version if document else None,
            )
        )
    return tuple(edits)


def _strict(environment: Environment, affected: tuple[Affected, ...]) -> bool:
    tiers = environment.policy.bind_composed
    return any(one.tier in tiers for one in affected)
