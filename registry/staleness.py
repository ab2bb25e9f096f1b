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

from registry.changes import Base, Change, ChangeType, Read, Revision, made_current
from registry.effects import became, moved
from registry.errors import Stale
from registry.state import Environment, State


def stale_because(state: State, change: Change) -> str | None:
    """What moved since the current revision was made; `None` if nothing did."""
    revision = change.revision
    environment = state.environments[change.environment]
    pin = revision.policy
    if (environment.policy_digest, environment.policy_since) != (
        pin.digest,
        pin.since,
    ):
        back = environment.policy_digest == pin.digest
        became_of = "was changed and put back since" if back else "has changed"
        return f"the policy of {environment.name} {became_of}"
    if change.type is ChangeType.RESUME:
        return _moved_stop(environment, revision) or _moved_reading(
            environment, revision
        )
    found = moved(environment, revision)
    return (
        (found.now if found else change.moved)
        or _moved_read(environment, revision.compared, "which it was compared with")
        or (_moved_reading(environment, revision) if revision.strict else None)
    )


def refuse_not_current(state: State, change: Change) -> None:
    """Raises:
    Stale: Something that the change is bound to has moved.
    """
    why = stale_because(state, change)
    if why is not None:
        raise Stale(
            f"change {change.id} is stale: {why}",
            hint=f"Its author can {made_current(change.type)}; voting starts again.",
        )


def _moved_reading(environment: Environment, revision: Revision) -> str | None:
    for affected in revision.effect:
        live = environment.live.get(affected.document)
        now = live.reading if live else None
        if now != affected.before:
            return f"{affected.document} {_reads(affected.before, now)}"
    return _moved_read(environment, revision.reads, "which the texts include")


def _moved_read(
    environment: Environment, reads: Iterable[Read], what: str
) -> str | None:
    for read in reads:
        live = environment.live.get(read.document)
        if live is None or live.base != read.base:
            now = live.base if live else None
            return f"{read.document}, {what}, {became(read.base, now)}"
    return None


def _reads(before: Base | None, now: Base | None) -> str:
    if before and now and before.digest == now.digest:
        return "read differently for a while"
    return "reads differently now"


def _moved_stop(environment: Environment, revision: Revision) -> str | None:
    resumption = revision.resumption
    held = environment.bots.get(resumption.bot) if resumption else None
    if held is None or resumption is None or held.told.stopped is None:
        return "the bot is not stopped any more"
    if held.told.stopped_at != resumption.stopped:
        return "the bot was stopped again"
    return None
