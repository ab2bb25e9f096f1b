"""Recalls: a digest turned out to be harmful and never goes live again.

Anybody who holds a seat and every operator can recall a digest, of a document
or of what is served for it.  A recall takes nothing away by itself: it lists
where the digest is live, and leaves stopping or rolling back to people.
"""

from dataclasses import dataclass

from registry import commands
from registry.decisions import Decision, Situation, check_text
from registry.effects import dependents
from registry.errors import Conflict, NotAllowed, NotFound
from registry.names import Digest, Kind, Ref, kind_of, name_of
from registry.payloads import Recalled
from registry.people import Role
from registry.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveUse:
    """A place where a recalled digest is still live, and the bots it reaches."""

    environment: str
    document: Ref
    bots: tuple[str, ...]


def recall(situation: Situation, command: commands.Recall) -> Decision:
    actor = situation.actor
    if not (Role.OPERATOR in actor.roles or actor.seats):
        raise NotAllowed(
            f"{actor.handle} may not recall a digest",
            hint="An operator or anybody who holds a seat can.",
        )
    if command.digest in situation.state.recalled:
        raise Conflict(
            f"{command.digest} was recalled already",
            hint="`placet recall --list` shows where it is still live.",
        )
    if not _known(situation.state, command.digest):
        raise NotFound(
            f"nothing with the digest {command.digest} was ever proposed or live",
            hint="`placet show` and `placet log` print digests.",
        )
    return Decision(
        payload=Recalled(
            digest=command.digest,
            reason=check_text(command.reason, "a recall's reason"),
        ),
        subject=f"Recall {command.digest}",
        trailers=(),
        files={},
    )


def live_uses(state: State, digest: Digest) -> tuple[LiveUse, ...]:
    """Where *digest* is live, as a document or as what is served for one."""
    found = []
    for name, environment in sorted(state.environments.items()):
        for document, live in sorted(environment.live.items()):
            if digest in {live.document.digest, live.document.composed}:
                users = dependents(environment, (document,))
                bots = [name_of(u) for u in users if kind_of(u) is Kind.BOT]
                found.append(
                    LiveUse(environment=name, document=document, bots=tuple(bots))
                )
    return tuple(found)


def _known(state: State, digest: Digest) -> bool:
    if any(known == digest for _, known in state.origins):
        return True
    return any(
        composed == digest
        for environment in state.environments.values()
        for _, composed in environment.was_live
    )
