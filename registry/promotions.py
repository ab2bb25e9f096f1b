"""Promotions: proposing in one environment what another has live.

The rules:

 * A promotion pins what the other environment has at that moment, a bot with
   everything it uses, and takes nothing older than what is live here unless it
   is named.
 * If that leaves nothing because what is here is newer, it says so.
 * Whoever says what they have read that it brings proposes exactly that, or nothing.
 * Its preview tells what it would take, what it leaves out and why, and what of
   this environment's own edits it would overwrite.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from registry import commands, resources
from registry.advice import Advice, advise_all
from registry.authorization import Action, authorize, why_not
from registry.changes import ChangeType, Fact
from registry.decisions import Decision, Situation
from registry.documents import Document
from registry.drift import Relation, relation
from registry.effects import Replacements, closure, effect, overlay
from registry.errors import Conflict, ContentMoved, Invalid
from registry.foreseen import stale_by
from registry.going_live import activated
from registry.made_stale import MadeStale
from registry.names import Digest, Ref
from registry.proposals import open_change
from registry.revisions import next_change, revision_of_documents
from registry.rivals import rivals
from registry.state import Environment, State
from registry.versions import higher


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One document that the change would replace.

    Attributes:
        now: The version that is live in the target; `None` if there is none.
        relation: Of what is taken to what is there: `ahead`, `only-here` if it is
            new there, `behind` if it is older, `diverged` if it was not made from
            what is there.
    """

    document: Ref
    version: str
    digest: Digest
    now: str | None
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One that stays as it is, because what is in the target is not older."""

    document: Ref
    version: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionPreview:
    """What a promotion would propose.

    Attributes:
        source_seq: The seq that it would take from.
        older: Documents that are named, and older than what they would replace.
        affected: Every document that would read differently.
        asks: The requirements that the change would have to meet.
        facts: What it does, compared with what is live.
        warnings: What is worth a look in what would be live, as of today.
        proposed_by: Open changes that edit some of it already, and could go live.
        makes_stale: Those that could not any more once this is live.
        why_not: Why whoever asks may not propose it; `None` if they may.
    """

    environment: str
    source: str
    source_seq: int
    taken: tuple[Taken, ...]
    left_out: tuple[LeftOut, ...]
    older: tuple[Ref, ...]
    affected: tuple[Ref, ...]
    asks: tuple[str, ...]
    facts: tuple[Fact, ...]
    warnings: tuple[Advice, ...]
    proposed_by: tuple[int, ...]
    makes_stale: tuple[MadeStale, ...]
    why_not: str | None


def promote(situation: Situation, command: commands.Promote) -> Decision:
    source, target = _environments(situation.state, command)
    touched = resources.of_documents(target.name, command.documents)
    authorize(situation.actor, Action.PROMOTE, touched)
    replacements = _replacements(situation, source, target, command.documents)
    taken = resources.of_documents(target.name, (*command.documents, *replacements))
    authorize(situation.actor, Action.PROMOTE, taken)
    _refuse_moved(command, replacements)
    return open_change(
        situation,
        target,
        ChangeType.PROMOTION,
        command.title,
        replacements,
        earliest=command.earliest,
    )


def preview(situation: Situation, command: commands.Promote) -> PromotionPreview:
    """What the promotion would propose, without proposing it.

    Raises:
        RegistryError: The promotion would be refused, for the same reason.
    """
    state = situation.state
    source, target = _environments(state, command)
    replacements = _replacements(situation, source, target, command.documents)
    revision = revision_of_documents(
        situation,
        target,
        replacements,
        change=next_change(state),
        number=1,
        title=command.title,
        earliest=command.earliest,
    )
    taken = tuple(_taken(state, source, target, name) for name in sorted(replacements))
    return PromotionPreview(
        environment=target.name,
        source=source.name,
        source_seq=source.seq,
        taken=taken,
        left_out=_left_out(source, target, command.documents, replacements),
        older=tuple(t.document for t in taken if _is_older(t)),
        affected=tuple(one.document for one in revision.effect),
        asks=tuple(dict.fromkeys(one.name for one in revision.requirements)),
        facts=revision.facts,
        warnings=advise_all(
            (one.document for one in revision.effect if one.after is not None),
            overlay(target, replacements, situation.documents),
            situation.now.date(),
            state.people,
        ),
        proposed_by=_proposed_by(situation, target, replacements),
        makes_stale=_makes_stale(situation, target, replacements),
        why_not=why_not(
            situation.actor,
            Action.PROMOTE,
            resources.of_documents(target.name, (*command.documents, *replacements)),
        ),
    )


def _environments(
    state: State, command: commands.Promote
) -> tuple[Environment, Environment]:
    source = state.environment(command.source)
    target = state.environment(command.target)
    if source.name == target.name:
        raise Invalid(
            "a promotion needs two environments",
            hint="Name the one to take from and the one to bring it to.",
        )
    return source, target


def _replacements(
    situation: Situation,
    source: Environment,
    target: Environment,
    named: tuple[Ref, ...],
) -> dict[Ref, Document | None]:
    """Raises:
    Conflict: What would be brought is older than what is there.
    """
    replacements: dict[Ref, Document | None] = {}
    for start in named:
        for name in closure(source, start):
            taken = source.live[name].document
            held = target.live.get(name)
            if held is None or (
                held.document.digest != taken.digest
                and (name in named or higher(taken.version, held.document.version))
            ):
                replacements[name] = situation.documents[taken.digest]
    left_out = _left_out(source, target, named, replacements)
    if left_out and not replacements:
        raise _target_is_ahead(source, target, left_out)
    return replacements


def _refuse_moved(
    command: commands.Promote, replacements: Mapping[Ref, Document | None]
) -> None:
    """Raises:
    ContentMoved: It would bring something else than whoever proposes it has read.
    """
    if command.expected is None:
        return
    read = dict(command.expected)
    brings = {name: one.digest for name, one in replacements.items() if one}
    other = sorted(
        name
        for name in read.keys() | brings.keys()
        if read.get(name) != brings.get(name)
    )
    if other:
        more = f" and {len(other) - 1} more" if other[1:] else ""
        raise ContentMoved(
            f"{command.source} or {command.target} has another {other[0]}{more} than "
            "when it was read what this brings",
            hint="Read again what it would bring now, and decide on that.",
        )


def _left_out(
    source: Environment,
    target: Environment,
    named: tuple[Ref, ...],
    replacements: Mapping[Ref, object],
) -> tuple[LeftOut, ...]:
    names = {name for start in named for name in closure(source, start)}
    return tuple(
        LeftOut(
            document=name,
            version=source.live[name].document.version,
            now=target.live[name].document.version,
        )
        for name in sorted(names - replacements.keys())
        if source.live[name].document.digest != target.live[name].document.digest
    )


def _target_is_ahead(
    source: Environment, target: Environment, left_out: tuple[LeftOut, ...]
) -> Conflict:
    told = ", ".join(
        f"{one.document} is {one.now} there and {one.version} in {source.name}"
        for one in left_out[:3]
    )
    more = f", and {len(left_out) - 3} more" if len(left_out) > 3 else ""
    return Conflict(
        f"{target.name} is ahead of {source.name}: {told}{more}",
        hint=f"Promote the other way, or name the documents to take them all the same; "
        f"`placet diff {source.name} {target.name}` tells how they differ.",
    )


def _taken(state: State, source: Environment, target: Environment, name: Ref) -> Taken:
    document, held = source.live[name].document, target.live.get(name)
    return Taken(
        document=name,
        version=document.version,
        digest=document.digest,
        now=held.document.version if held else None,
        relation=relation(state, source, target, name),
    )


def _is_older(taken: Taken) -> bool:
    return taken.now is not None and higher(taken.now, taken.version)


def _proposed_by(
    situation: Situation, target: Environment, replacements: Mapping[Ref, object]
) -> tuple[int, ...]:
    found = rivals(situation.state, target.name, replacements, situation.now)
    return tuple(one.change for one in found)


def _makes_stale(
    situation: Situation, target: Environment, replacements: Replacements
) -> tuple[MadeStale, ...]:
    payload = activated(
        situation.state,
        target,
        effect(target, replacements, situation.documents),
        change=None,
        restored=None,
        reason="",
        ratification=None,
    )
    return stale_by(situation, payload)
