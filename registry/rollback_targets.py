"""What a rollback puts back: which documents, and to what they were at which seq.

* One bot goes back with what it used then, one document alone, or everything.
* To undo a seq is to put back what that seq replaced, to what it was before it,
  and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from registry import commands
from registry.changes import Base
from registry.decisions import Situation
from registry.documents import Document
from registry.effects import Replacements, used
from registry.errors import Conflict, Invalid, NotFound
from registry.names import Kind, Ref, kind_of
from registry.state import Environment, Live, seq_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Attributes:
    restored: The seq that it goes back to; 0 is before anything was live.
    """

    restored: int
    replacements: Replacements


def target_of(
    situation: Situation, environment: Environment, command: commands.Rollback
) -> Target:
    """Raises:
    Invalid: The command names no target, or more than one.
    NotFound: There was no such seq, moment or version.
    Conflict: Everything is as it was then.
    """
    restored = _restored(environment, command, situation.now)
    then = live_at(environment, restored)
    names = _names(environment, command, then)
    replacements: dict[Ref, Document | None] = {}
    for name in sorted(names):
        before, after = environment.live.get(name), then.get(name)
        if (before and before.document.digest) != (after and after.document.digest):
            replacements[name] = (
                situation.documents[after.document.digest] if after else None
            )
    if not replacements:
        raise Conflict(
            f"{scope_of(command, environment)} is as it was at seq {restored}",
            hint="There is nothing to roll back.",
        )
    return Target(restored=restored, replacements=replacements)


def scope_of(command: commands.Rollback, otherwise: Environment | None = None) -> str:
    """What goes back, in words."""
    if command.undo is not None:
        return f"what seq {command.undo} replaced"
    return command.scope or (otherwise.name if otherwise else "everything")


def live_at(environment: Environment, seq: int) -> Mapping[Ref, Live]:
    """What was live at *seq*; nothing at 0."""
    return environment.moment(seq).live if seq else {}


def replaces(environment: Environment, seq: int, names: Iterable[Ref]) -> bool:
    """Whether *seq* changed the bytes of one of *names*."""
    after, before = live_at(environment, seq), live_at(environment, seq - 1)
    return any(_base(after, name) != _base(before, name) for name in names)


def _restored(
    environment: Environment, command: commands.Rollback, now: datetime
) -> int:
    given = (command.to_seq, command.to_moment, command.to_version, command.undo)
    if sum(one is not None for one in given) != 1:
        raise Invalid(
            "a rollback goes back to one thing",
            hint="Give a seq, a moment or (for one document) a version; or the seq "
            "that is to be undone.",
        )
    if command.undo is not None:
        environment.moment(command.undo)
        return command.undo - 1
    if command.to_version is not None:
        return _seq_of_version(environment, command.scope, command.to_version)
    if command.to_moment is not None:
        return seq_at(environment, command.to_moment, now)
    restored = command.to_seq or 0
    environment.moment(restored)
    return restored


def _names(
    environment: Environment, command: commands.Rollback, then: Mapping[Ref, Live]
) -> set[Ref]:
    if command.undo is not None:
        if command.scope is not None:
            raise Invalid(
                "a seq is undone as a whole",
                hint="Leave the document out, or go back to the seq before.",
            )
        after = live_at(environment, command.undo)
        return {n for n in {*after, *then} if _base(after, n) != _base(then, n)}
    if command.scope is None:
        return {*environment.live, *then}
    if kind_of(command.scope) is Kind.BOT:
        return {command.scope, *used(then, (command.scope,))}
    return {command.scope}


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
        hint=f"`placet log {environment.name} {scope}` lists the versions that were.",
    )


def _base(live: Mapping[Ref, Live], name: Ref) -> Base | None:
    held = live.get(name)
    return held.base if held else None
