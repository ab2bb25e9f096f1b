"""Epochs: what a restored registry says is newer than all that was ever said.

Sequence numbers go on from where a backup ends, so that some of them come twice:
once in the days that are lost, and once again afterwards.  Whoever was told of the
first must believe the second.  So what is compared is epoch and seq, in this order,
and restoring a backup begins another epoch, by an event.

 * Only whoever has the registry's files in their hands raises it, as the registry
   itself: no person and no token can, whatever they hold.
 * An epoch is the number of the minute, counted from 1970, in which it began; the
   first of a registry is 1.  Counting on by one from what the backup says would give
   the same epoch to two restorations of one backup, or of an older one after it, and
   chatbots that had followed the first would refuse the second.
 * All that a registry says names the epoch that it is in, what it says of the past
   included: an epoch is a history, and it tells the past of this one.
"""

from datetime import UTC, datetime, timedelta

from registry import commands
from registry.decisions import Decision, Situation, check_text
from registry.errors import Conflict, NotAllowed
from registry.payloads import FORMAT, EpochRaised
from registry.people import LOCAL, REGISTRY, Identity
from registry.times import said

REGISTRY_PATH = "registry.json"

BY_HAND = Identity(handle=REGISTRY, via=LOCAL, roles=None)
"""The registry itself, in the hands of whoever has its files."""

_FIRST_MINUTE = datetime(1970, 1, 1, tzinfo=UTC)


def raise_epoch(situation: Situation, command: commands.RaiseEpoch) -> Decision:
    actor, state = situation.actor, situation.state
    if (actor.handle, actor.via) != (REGISTRY, LOCAL):
        raise NotAllowed(
            f"{actor.handle} may not raise the epoch",
            hint="It is raised on the registry's own folder: `placet restore`.",
        )
    if not state.head.number:
        raise Conflict(
            "there is nothing yet to raise an epoch of",
            hint="Begin one first: `placet init`.",
        )
    epoch = max(
        state.epoch + 1, (situation.now - _FIRST_MINUTE) // timedelta(minutes=1)
    )
    of = "" if command.taken is None else f" of {said(command.taken)}"
    return Decision(
        payload=EpochRaised(
            epoch=epoch,
            taken=command.taken,
            known=command.known,
            reason=check_text(command.reason, "restoring"),
        ),
        subject=f"Raise the epoch to {epoch}, after restoring a backup{of}",
        trailers=(("Epoch", str(epoch)),),
        files={REGISTRY_PATH: registry_file(epoch=epoch, repository=state.repository)},
    )


def registry_file(*, epoch: int, repository: str) -> bytes:
    """What the ledger's tree says about the registry as a whole."""
    return (
        f'{{"epoch": {epoch}, "format": {FORMAT}, "repository": "{repository}"}}\n'
    ).encode()
