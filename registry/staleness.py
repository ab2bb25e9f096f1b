"""Staleness: whether what a change was made on is still what is live.

The rules:

 * The policy is the one that was in force; one that was put back is another one.
 * What is edited is live since the same seq, as is what it was compared with; the
   same documents use it, of the same tier and owner.  What has moved stays so, also
   when it comes back (`moved` of `registry.changes.Change`).
 * Where the revision binds what texts read like, these have not changed either, nor
   anything that they include.
 * Resuming a bot is about that stop, and about everything that it would say again.

It follows from what is stored and what is live; nothing is composed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.changes import Base, Change, ChangeType, Read, Revision
from registry.effects import dependents
from registry.errors import Stale
from registry.names import Kind, Ref, kind_of, ref
from registry.policies import policy_subject
from registry.state import Environment, State
from registry.ways_on import hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Something that a change was made on, and that is not so any more.

    Attributes:
        document: Which, `policy/<environment>` for the policy; `None` where it is
            what it was again.
        why: What has become of it, in words.
    """

    document: str | None
    why: str


def stale_because(state: State, change: Change) -> str | None:
    """What moved since the current revision was made; `None` if nothing did."""
    found = collision(state, change)
    return found.why if found else None


def collision(state: State, change: Change) -> Collision | None:
    """What the current revision collides with; `None` if with nothing."""
    revision = change.revision
    environment = state.environments[change.environment]
    pin = revision.policy
    if (environment.policy_digest, environment.policy_since) != (
        pin.digest,
        pin.since,
    ):
        back = environment.policy_digest == pin.digest
        became_of = "was changed and put back since" if back else "has changed"
        return Collision(
            document=policy_subject(environment.name).what,
            why=f"the policy of {environment.name} {became_of}",
        )
    if change.type is ChangeType.RESUME:
        return _moved_stop(environment, revision) or _moved_reading(
            environment, revision
        )
    found = moved(environment, revision)
    if found is not None:
        return Collision(document=found.document, why=found.now)
    if change.moved is not None:
        return Collision(document=None, why=change.moved)
    return _moved_compared(environment, revision) or (
        _moved_reading(environment, revision) if revision.strict else None
    )


def refuse_not_current(state: State, change: Change) -> None:
    """Raises:
    Stale: Something that the change is bound to has moved.
    """
    why = stale_because(state, change)
    if why is not None:
        raise Stale(f"change {change.id} is stale: {why}", hint=hint(change))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Something that a revision was made on is another one, in words.

    Attributes:
        document: Which it is, or one that uses what is edited or did.
        now: True as long as it is another one.
        undone: True once it is what it was again.
    """

    document: Ref
    now: str
    undone: str


def moved(environment: Environment, revision: Revision) -> Moved | None:
    """Why the revision's edits, or their effect, are not what they were made on.

    `None` if they are.  What the texts read like is not looked at.
    """
    for edit in revision.edits:
        live = environment.live.get(edit.document)
        now = live.base if live else None
        if now != edit.base:
            return Moved(
                document=edit.document,
                now=f"{edit.document} {became(edit.base, now)}",
                undone=f"{edit.document} was added and deleted again since",
            )
    edited = {edit.document for edit in revision.edits}
    users = set(dependents(environment, edited)) ^ {a.document for a in revision.effect}
    if users:
        return Moved(
            document=min(users),
            now="other documents use the edited ones now",
            undone="other documents used the edited ones a while",
        )
    for affected in revision.effect:
        if affected.document not in edited:
            document = environment.live[affected.document].document
            if (document.tier, (document.owner,)) != (affected.tier, affected.owners):
                return Moved(
                    document=affected.document,
                    now=f"{affected.document} has another tier or owner now",
                    undone=f"{affected.document} had another tier or owner a while",
                )
    return None


def became(before: Base | None, now: Base | None) -> str:
    """What became of something that was *before* and is *now*, which are not equal.

    What was put back is the same text, and live since a later seq.
    """
    if before is None:
        return "was added since"
    if now is None:
        return "was deleted since"
    if before.digest == now.digest:
        return "was replaced and put back since"
    return "was replaced since"


def _moved_reading(environment: Environment, revision: Revision) -> Collision | None:
    for affected in revision.effect:
        live = environment.live.get(affected.document)
        now = live.reading if live else None
        if now != affected.before:
            return Collision(
                document=affected.document,
                why=f"{affected.document} {_reads(affected.before, now)}",
            )
    found = _moved_read(environment, revision.reads)
    if found is None:
        return None
    name, what = found
    used = _used(environment, revision, name)
    return Collision(document=name, why=f"{name}, {used}, {what}")


def _moved_compared(environment: Environment, revision: Revision) -> Collision | None:
    found = _moved_read(environment, revision.compared)
    if found is None:
        return None
    name, what = found
    return Collision(document=name, why=f"{name}, which it was compared with, {what}")


def _moved_read(
    environment: Environment, reads: Iterable[Read]
) -> tuple[Ref, str] | None:
    """The first of *reads* that is another one now, and what became of it."""
    for read in reads:
        live = environment.live.get(read.document)
        now = live.base if live else None
        if now != read.base:
            return read.document, became(read.base, now)
    return None


def _used(environment: Environment, revision: Revision, name: Ref) -> str:
    """What *name* is to the revision: which of its documents uses it, if one is live.

    What only a proposed text uses is in no state.
    """
    about = {one.document for one in revision.effect}
    about |= {one.document for one in revision.reads}
    users = sorted(about & (environment.used_by.get(name) or frozenset()))
    if not users:
        return "which it was made with"
    verb = "include" if kind_of(name) in _INCLUDED else "use"
    if users[1:]:
        return f"which {users[0]} and {len(users) - 1} more {verb}"
    return f"which {users[0]} {verb}s"


_INCLUDED = {Kind.FRAGMENT, Kind.GLOSSARY}


def _reads(before: Base | None, now: Base | None) -> str:
    if before and now and before.digest == now.digest:
        return "read differently for a while"
    return "reads differently now"


def _moved_stop(environment: Environment, revision: Revision) -> Collision | None:
    resumption = revision.resumption
    held = environment.bots.get(resumption.bot) if resumption else None
    if held is None or resumption is None or held.told.stopped is None:
        return _moved_bot(revision, "the bot is not stopped any more")
    if held.told.stopped_at != resumption.stopped:
        return _moved_bot(revision, "the bot was stopped again")
    return None


def _moved_bot(revision: Revision, why: str) -> Collision:
    resumption = revision.resumption
    bot = ref(Kind.BOT, resumption.bot) if resumption else None
    return Collision(document=bot, why=why)
