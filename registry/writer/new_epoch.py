"""Raising the epoch of a registry, and giving its ledger another key.

Whoever puts an old copy of the ledger back by hand, from a mirror or from a snapshot of
a disk, does it in place; `placet restore` does it to what it has made.

The key that signed before is put aside: it may have signed what is not there any
more.  So is the last checkpoint that it signed, if that is of more events than there
are; then it tells how many are lost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.checkpoints import origin_of
from registry.clock import Clock
from registry.commands import RaiseEpoch
from registry.epochs import BY_HAND
from registry.errors import LedgerBroken
from registry.signed_notes import VerifierKey, dump_verifier
from registry.writer.home import Home, Open, opened
from registry.writer.keys import SIGNING
from registry.writer.last_signed import LAST
from registry.writer.signed import Held, read_checkpoint

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Attributes:
    reason: Why it is restored; everybody will read it.
    checkpoints: What was signed and kept elsewhere, by what to call each.
    keys: Of the ledger, beside those that are there.
    progress: Is told of events that are done.
    """

    reason: str
    checkpoints: Sequence[tuple[str, bytes]]
    keys: Sequence[VerifierKey]
    clock: Clock
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Attributes:
    epoch: The one that has begun.
    events: How many there were before.
    known: How many there are known to have been; None if nobody knows.
    verifier: What verifies the ledger's checkpoints from now on.
    kept: Where the old key is, if there was one.
    """

    epoch: int
    events: int
    known: int | None
    verifier: str
    kept: Path | None

    @property
    def lost(self) -> int | None:
        """How many events are lost, at least; None if nobody knows."""
        return None if self.known is None else max(self.known - self.events, 0)


def raise_here(home: Home, asked: Asked) -> Raised:
    """Begin another epoch where somebody has put a backup back by hand.

    Raises:
        LedgerBroken: The checkpoints do not belong to what was put back.
        WritesHalted: Ledger and tables do not belong together.
    """
    with opened(home, clock=asked.clock) as registry:
        state = registry.writer.reconcile()
        events = state.head.number
        tip = registry.ledger.checkpoints.tip()
        keys = (*home.keys().verifiers(), *asked.keys)
        given = list(asked.checkpoints)
        last = home.last_signed().note()
        if last is not None:
            given.append((LAST, last))
        if tip is not None:
            note = registry.ledger.checkpoints.read(tip).note
            branch = read_checkpoint(note, "the branch checkpoints", keys)
            _refuse_ahead(branch, events)
        held = [read_checkpoint(data, where, keys) for where, data in given]
        sizes = [one.checkpoint.size for one in held]
        known = max(sizes) if sizes else None
        kept = _put_aside(home, state.epoch, ahead=known is not None and known > events)
        epoch = raise_epoch(registry, asked.reason, taken=None, known=known)
        key = home.keys().signing(origin_of(state.repository))
    return Raised(
        epoch=epoch,
        events=events,
        known=known,
        verifier=dump_verifier(key.verifier),
        kept=kept,
    )


def _refuse_ahead(branch: Held, events: int) -> None:
    size = branch.checkpoint.size
    if size > events:
        raise LedgerBroken(
            f"the branch checkpoints is of {size} events, and there are {events}",
            hint="Put back the whole folder ledger.git, with all of its branches.",
        )


def _put_aside(home: Home, epoch: int, *, ahead: bool) -> Path | None:
    """The key signs nothing more; nor is what it signed last in the way."""
    if ahead:
        last = home.path / LAST
        last.rename(last.with_name(f"{LAST}.epoch-{epoch}"))
    key = home.path / SIGNING
    kept = key.with_name(f"{SIGNING}.epoch-{epoch}")
    if not key.exists():
        return None
    key.rename(kept)
    return kept


def raise_epoch(
    registry: Open, reason: str, *, taken: datetime | None, known: int | None
) -> int:
    """Raise the epoch of an open registry, and have its next key sign that."""
    command = RaiseEpoch(taken=taken, known=known, reason=reason)
    written = registry.writer.write(command, by=BY_HAND)
    registry.afterwards.once()
    return written.state.epoch
